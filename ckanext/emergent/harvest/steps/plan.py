"""What to do with each staged record of a batch: create, merge, leave alone. No database here."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ckanext.emergent.harvest.catalogue import Write
from ckanext.emergent.harvest.merge import Change, Merged, merge
from ckanext.emergent.harvest.merge.owned import Ownership
from ckanext.emergent.harvest.model import LinkState, Outcome
from ckanext.emergent.mapping.rules import Rules
from ckanext.emergent.problem import Problem, Severity, problem

_ACTIVE = "active"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to do with one staged record.

    `staged` and `link` are rows; `link` is None for a record that is new here. Without `write`
    the dataset is left alone, and `outcome` is final.
    """

    staged: Any
    link: Any
    outcome: Outcome
    state: LinkState = LinkState.ACTIVE
    write: Write | None = None
    merged: Merged | None = None
    dataset_id: str | None = None
    before: Mapping[str, Any] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    @property
    def changes(self) -> tuple[Change, ...]:
        """The fields that are meant to change in an existing dataset."""
        return self.merged.changes if self.merged else ()


def owns_nothing(link: Any) -> bool:
    """Whether a record has no dataset of its own: it is new, or was a duplicate until now."""
    return link is None or link.state == LinkState.DUPLICATE.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Planner:
    """Plans one batch from rows that were read for it beforehand.

    `links` are linked records by identifier, `shown` datasets by id, `originals` the datasets of
    other portals' records and `names` free names, both by the id of the staged record.
    """

    rules: Rules
    ownership: Ownership
    links: Mapping[str, Any]
    shown: Mapping[str, dict[str, Any]]
    originals: Mapping[str, str]
    names: Mapping[str, str]

    def plan(self, staged: Any) -> Plan:
        """Decide about one staged record."""
        link = self.links.get(staged.identifier)
        original = self.originals.get(staged.id)
        if link is None or owns_nothing(link):
            if original is not None:
                return self._duplicate(staged, link, original)
            return self._new(staged, link)
        shown = self.shown.get(link.dataset_id or "")
        if shown is None or self._was_deleted(link, shown):
            return self._detached(staged, link)
        if self._was_handed_over(link, shown):
            return self._elsewhere(staged, link, shown)
        return self._merged(staged, link, shown)

    def _duplicate(self, staged: Any, link: Any, original: str) -> Plan:
        return Plan(
            staged=staged,
            link=link,
            outcome=Outcome.DUPLICATE,
            state=LinkState.DUPLICATE,
            dataset_id=original,
        )

    def _new(self, staged: Any, link: Any) -> Plan:
        dataset = {
            "id": str(uuid.uuid4()),
            "name": self.names[staged.id],
            **staged.dataset,
        }
        return Plan(
            staged=staged,
            link=link,
            outcome=Outcome.CREATED,
            write=Write(staged.id, dataset, exists=False),
            dataset_id=dataset["id"],
        )

    def _was_deleted(self, link: Any, shown: Mapping[str, Any]) -> bool:
        """Whether a person deleted the dataset; what the harvester retired comes back."""
        return shown.get("state") != _ACTIVE and link.state != LinkState.RETIRED.value

    def _detached(self, staged: Any, link: Any) -> Plan:
        taken = problem("dataset_taken_out_here", severity=Severity.NOTE)
        return Plan(
            staged=staged,
            link=link,
            outcome=Outcome.SKIPPED,
            state=LinkState.DETACHED,
            dataset_id=link.dataset_id,
            problems=(taken,),
        )

    def _was_handed_over(self, link: Any, shown: Mapping[str, Any]) -> bool:
        """Whether a person moved the dataset to where the portal may not write."""
        here = shown.get("owner_org")
        return here not in {link.written.get("owner_org"), self.rules.owner_org}

    def _elsewhere(self, staged: Any, link: Any, shown: Mapping[str, Any]) -> Plan:
        return Plan(
            staged=staged,
            link=link,
            outcome=Outcome.SKIPPED,
            state=LinkState(link.state),
            dataset_id=link.dataset_id,
            problems=(problem("dataset_of_other_organisation", title=shown.get("title") or ""),),
        )

    def _merged(self, staged: Any, link: Any, shown: dict[str, Any]) -> Plan:
        merged = merge(
            link.written,
            shown,
            staged.dataset,
            self.ownership,
            self.rules.keep_fields,
            dict(self.rules.licences) or None,
        )
        comes_back = shown.get("state") != _ACTIVE
        write = None
        if merged.changes or comes_back:
            write = Write(staged.id, {**merged.dataset, "state": _ACTIVE}, exists=True)
        return Plan(
            staged=staged,
            link=link,
            outcome=_outcome(merged, comes_back=comes_back),
            write=write,
            merged=merged,
            dataset_id=link.dataset_id,
            before=shown,
            problems=(*merged.problems, *_kept(merged)),
        )


def _outcome(merged: Merged, *, comes_back: bool) -> Outcome:
    if comes_back:
        return Outcome.RESTORED
    if merged.changes:
        return Outcome.UPDATED
    return Outcome.KEPT if merged.kept else Outcome.UNCHANGED


def _kept(merged: Merged) -> tuple[Problem, ...]:
    if not merged.kept:
        return ()
    return (problem("edit_kept", severity=Severity.NOTE, fields=", ".join(merged.kept)),)
