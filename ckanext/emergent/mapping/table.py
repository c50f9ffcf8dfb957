"""The mapping as a table: what of a record goes where in a dataset, and its name in DCAT.

The README's table is checked against this one, and the harvester learns from it which fields of a
dataset it may write.
"""

from __future__ import annotations

from typing import NamedTuple


class Row(NamedTuple):
    """`record` is a field of `Record` (or `Distribution`), `dataset` a key in CKAN."""

    record: str
    dataset: str
    term: str
    note: str = ""


MAPPING: tuple[Row, ...] = (
    Row("title", "title", "dct:title", "the identifier where there is none"),
    Row("description", "notes", "dct:description", "Markdown"),
    Row("keywords", "tags", "dcat:keyword", "cleaned to what CKAN accepts; the portal's own added"),
    Row("themes", "theme", "dcat:theme"),
    Row("challenges", "challenges", "", "the slugs this hub knows; the portal's own added"),
    Row("access, licence", "data_spectrum", "dct:accessRights", "absent where nobody can tell"),
    Row("", "spectrum_basis", "", "derived"),
    Row("access_stated, licence", "spectrum_evidence", "", "the values the level was read from"),
    Row("access_stated", "spectrum_reason", "", "for internal, named and group"),
    Row("licence", "license_id", "dct:license", "CKAN's id of the licence, where it is known"),
    Row("licence", "license_text", "dct:rights", "as received, always"),
    Row("licence", "license_url", "dct:license", "the licence's own page"),
    Row("attribution", "attribution_text", "odrs:attributionText"),
    Row("publisher", "publisher", "dct:publisher", "name, URL, e-mail, identifier"),
    Row("author.name", "author", "dct:creator"),
    Row("author.email", "author_email", "dct:creator"),
    Row("steward.name", "maintainer", "dcat:contactPoint", "who keeps the entry current"),
    Row("steward.email", "maintainer_email", "dcat:contactPoint"),
    Row("", "owner_org", "", "the portal's organisation"),
    Row("frequency", "frequency", "dct:accrualPeriodicity", "one of this hub's words"),
    Row("issued", "issued", "dct:issued", "ISO 8601 only"),
    Row("modified", "modified", "dct:modified", "ISO 8601 only"),
    Row("next_review", "next_review", "", "ISO 8601 only"),
    Row("temporal", "temporal_coverage", "dct:temporal"),
    Row("spatial", "spatial_coverage", "dct:spatial"),
    Row("languages", "language", "dct:language"),
    Row("conforms_to", "conforms_to", "dct:conformsTo"),
    Row("landing_page", "url", "dcat:landingPage", "http and https only"),
    Row("links", "links", "foaf:page", "typed: story, repository and so on"),
    Row("references", "references", "dct:requires", "data needed to use this"),
    Row("identifier", "source_identifier", "dct:identifier", "the portal's own key"),
    Row("source_url", "source_url", "", "the record at the portal"),
    Row("", "source_portal", "", "the portal's name here"),
    Row("extras, rights", "extras", "", "what has no place of its own"),
    Row("distributions", "resources", "dcat:distribution", "those with a link"),
)

RESOURCE_MAPPING: tuple[Row, ...] = (
    Row("url", "url", "dcat:accessURL", "http and https only"),
    Row("identifier", "identifier", "dct:identifier", "the portal's own key of the file"),
    Row("title", "name", "dct:title"),
    Row("description", "description", "dct:description", "Markdown"),
    Row("format", "format", "dct:format"),
    Row("media_type", "mimetype", "dcat:mediaType"),
    Row("size", "size", "dcat:byteSize", "bytes"),
    Row("kind", "resource_type", "", "data, vis or cat"),
    Row("access", "access", "dct:accessRights", "anyone, account or request"),
    Row("licence", "license", "dct:license"),
    Row("issued", "issued", "dct:issued"),
    Row("modified", "modified", "dct:modified"),
    Row("temporal.start", "temporal_start", "dcat:startDate"),
    Row("temporal.end", "temporal_end", "dcat:endDate"),
)

#: The keys of a dataset that the mapping owns; resources have keys of their own.
OWNED_FIELDS: tuple[str, ...] = tuple(
    dict.fromkeys(row.dataset for row in MAPPING if row.dataset != "resources")
)
RESOURCE_FIELDS: tuple[str, ...] = tuple(row.dataset for row in RESOURCE_MAPPING)

#: Keys that a free extra may not have: the schema's, CKAN's own, and what ckanext-dcat reads.
_ALSO_RESERVED = (
    "access_contact access_procedure access_rights access_url attribution_url creator_user_id "
    "data_spectrum_band groups guid id isopen license_title metadata_created metadata_modified "
    "name num_resources num_tags organization plugin_data private relationships_as_object "
    "relationships_as_subject resources revision_id secure_environment state tag_string "
    "tracking_summary type uri version"
)
RESERVED: frozenset[str] = frozenset([*OWNED_FIELDS, *RESOURCE_FIELDS, *_ALSO_RESERVED.split()])
