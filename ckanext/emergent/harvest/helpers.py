"""Template helpers of the harvester."""

from __future__ import annotations

from ckanext.emergent.harvest.listings import DatasetListing, listings_of

__all__ = ["emergent_dataset_listings"]


def emergent_dataset_listings(dataset_id: str) -> list[DatasetListing]:
    """The portals that list a dataset, its own first."""
    return listings_of(dataset_id)
