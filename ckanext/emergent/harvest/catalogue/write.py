"""What a caller hands to the catalogue, and what comes back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ckanext.emergent.problem import Problem


@dataclass(frozen=True, slots=True)
class Write:
    """One dataset to write.

    `dataset` is complete: what it leaves out is empty afterwards. With `exists` its `id` is that
    of the dataset to update, and its `metadata_modified`, if there is one, is when the caller saw
    the dataset: edited since, it is left alone. Without, a new dataset is made, with the given id
    if there is one.
    `key` is the caller's own, to recognise the answer by.
    """

    key: str
    dataset: dict[str, Any]
    exists: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a `Write`.

    `shown` is what `package_show` answers from now on. When the dataset could not be written,
    `shown` is None, the problems say why, and `dataset_id` is that of an existing dataset, which
    stays as it was, or None.
    """

    key: str
    dataset_id: str | None
    shown: dict[str, Any] | None
    problems: tuple[Problem, ...] = ()

    @property
    def arrived(self) -> bool:
        """Whether the dataset is now as it was asked for."""
        return self.shown is not None
