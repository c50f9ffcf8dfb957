"""Which family of portals a link belongs to, found out with a few polite requests.

The link itself is opened first; its page may mention what runs the site. Then come the addresses
where families answer, those of the mentioned ones first. Every answer is shown to every adapter,
so that none is fetched twice; imitators are asked about before those whom they imitate.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, zip_longest
from typing import TYPE_CHECKING

from ckanext.emergent.problem import Problem, Severity, problem
from ckanext.emergent.reading.adapter import Adapter
from ckanext.emergent.reading.adapters import ADAPTERS, adapter_for
from ckanext.emergent.reading.errors import Imitation, ReadingError, RefusedLink, UnexpectedAnswer
from ckanext.emergent.reading.network.link import link_from, without_credentials

if TYPE_CHECKING:
    from ckanext.emergent.reading.network.fetch import Answer, Fetch

__all__ = ["ADAPTERS", "Detection", "Tried", "adapter_for", "detect"]

#: Requests that a detection makes at most, redirects and repeated tries among them.
REQUESTS = 5
#: An export may have many megabytes; its beginning tells the family.
ENOUGH = 1024 * 1024
LOOKED_AT = 256 * 1024


@dataclass(frozen=True, slots=True)
class Tried:
    """An address that was asked, and what came of it."""

    url: str
    verdict: Problem


@dataclass(frozen=True, slots=True)
class Detection:
    """The adapter's name and the address to give it; both `None` when no family was recognised."""

    adapter: str | None
    link: str | None
    tried: tuple[Tried, ...]


def detect(link: str, fetch: Fetch, adapters: Mapping[str, type[Adapter]] = ADAPTERS) -> Detection:
    """Find the adapter for any link of a portal. Never raises for what a portal answers.

    Give it a `fetch` that tries once: a second try is a request that is missing elsewhere.
    """
    try:
        link_from(link)
    except RefusedLink as refused:
        return Detection(None, None, (Tried(without_credentials(link), refused.problem),))
    search = _Search(link.strip(), fetch, adapters)
    search.run()
    name, address = search.found or (None, None)
    return Detection(name, address, tuple(search.tried))


@dataclass(slots=True)
class _Search:
    link: str
    fetch: Fetch
    adapters: Mapping[str, type[Adapter]]
    tried: list[Tried] = field(default_factory=list)
    found: tuple[str, str] | None = None
    #: Families that the first page mentions.
    hinted: list[str] = field(default_factory=list)
    #: Where the link leads to: probes go there at once, without redirects of their own.
    site: str = ""
    asked: set[str] = field(default_factory=set)
    over: bool = False
    made_before: int = 0

    def run(self) -> None:
        self.made_before = self.fetch.requests_made
        self.site = self.link
        for url in chain([self.link], self._addresses()):
            if self.over or self.fetch.requests_made - self.made_before >= REQUESTS:
                return
            if url not in self.asked:
                self.asked.add(url)
                self._ask(url)

    def _addresses(self) -> Iterator[str]:
        """Where to ask next, as long as it can change what was found."""
        yield from self._until_found(self._by_hints())
        for url in self._until_found(self._turns()):
            yield url
            yield from self._until_found(self._by_hints())
        yield from self._imitators()

    def _by_hints(self) -> Iterator[str]:
        """Addresses of the mentioned families; an answer on the way may mention another."""
        while self.hinted:
            yield from self.adapters[self.hinted.pop(0)].probes(self.site)

    def _until_found(self, urls: Iterator[str]) -> Iterator[str]:
        for url in urls:
            if self.found is not None:
                return
            yield url

    def _imitators(self) -> Iterator[str]:
        """What was recognised may be another family's imitation: ask about those as well."""
        if self.found is None:
            return
        imitated = self.found[0]
        for url in self._turns(imitated):
            if self.found[0] == imitated:
                yield url

    def _turns(self, imitated: str | None = None) -> Iterator[str]:
        """The first address of each family, then the second; of all, or of who imitates one."""
        usual = sorted(self.adapters.values(), key=lambda adapter: adapter.rarity)
        asked = (one for one in usual if imitated is None or imitated in one.also_answers_as)
        turns = zip_longest(*(adapter.probes(self.site) for adapter in asked))
        return (url for turn in turns for url in turn if url is not None)

    def _ask(self, url: str) -> None:
        try:
            with self.fetch.get(url, stop_after=ENOUGH) as answer:
                verdict = self._judge(answer)
                if url == self.link:
                    self.site = answer.url
                    self.hinted += self._mentioned(answer)
                    self.asked.add(answer.url)
        except ReadingError as error:
            verdict = error.problem
            self.over = not _may_answer_elsewhere(error)
        self.tried.append(Tried(url, verdict))

    def _judge(self, answer: Answer) -> Problem:
        for name, adapter in self.adapters.items():
            try:
                address = _recognised(adapter, self.link, answer)
            except Imitation as imitation:
                self.hinted = [*self._who_imitates(name), *self.hinted]
                return imitation.problem
            if address is not None:
                if self.found is None or self.found[0] in adapter.also_answers_as:
                    self.found = (name, address)
                return problem("recognised", severity=Severity.NOTE, family=adapter.title)
        kind = answer.content_type or "?"
        return problem("answer_not_known", severity=Severity.NOTE, url=answer.asked, kind=kind)

    def _who_imitates(self, imitated: str) -> list[str]:
        return [
            name for name, adapter in self.adapters.items() if imitated in adapter.also_answers_as
        ]

    def _mentioned(self, answer: Answer) -> list[str]:
        page = answer.head(LOOKED_AT).decode("utf-8", "replace").lower()
        return [
            name
            for name, adapter in self.adapters.items()
            if any(hint in page for hint in adapter.hints)
        ]


def _may_answer_elsewhere(error: ReadingError) -> bool:
    """A site that cannot be reached, or goes in circles, does so at its other addresses too."""
    if error.problem.code == "too_many_redirects":
        return False
    return isinstance(error, UnexpectedAnswer) or error.problem.code == "portal_failed"


def _recognised(adapter: type[Adapter], link: str, answer: Answer) -> str | None:
    try:
        return adapter.recognise(link, answer)
    except Imitation:
        raise
    except ReadingError:  # it is no JSON, or whatever else this family answers with
        return None
