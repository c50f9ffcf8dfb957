"""CKAN's write path and search index, in batches; knows nothing of portals and records.

    catalogue = Catalogue(user)
    now = catalogue.show(ids)
    written = catalogue.write(writes, alongside)

One bad dataset costs one dataset: what the schema, the database or the search index refuses
comes back as problems, the others arrive.
"""

from __future__ import annotations

from ckanext.emergent.harvest.catalogue.catalogue import Catalogue
from ckanext.emergent.harvest.catalogue.write import Write, Written

__all__ = ["Catalogue", "Write", "Written"]
