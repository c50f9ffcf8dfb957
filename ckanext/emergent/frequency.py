"""How often data is updated: our slugs, the EU's codes, and what portals write. Pure.

Read: the EU's frequency codes and URIs, Dublin Core's, ISO 19115's, the repeating intervals of
DCAT-US (`R/P1D`) and plain English. A word with two readings is none of ours.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from ckanext.emergent.msgid import N_


@dataclass(frozen=True, slots=True)
class Frequency:
    """One choice: its label (a message id), its term in the EU's vocabulary, other spellings."""

    label: str
    eu_code: str
    spellings: tuple[str, ...]

    @property
    def uri(self) -> str:
        """The term's URI in http://publications.europa.eu/resource/authority/frequency."""
        return f"http://publications.europa.eu/resource/authority/frequency/{self.eu_code}"


def _frequency(label: str, eu_code: str, spellings: str) -> Frequency:
    return Frequency(label, eu_code, tuple(one.strip() for one in spellings.split(",")))


#: Slug -> frequency, the most frequent first.
FREQUENCIES: Mapping[str, Frequency] = MappingProxyType(
    {
        "real_time": _frequency(
            N_("Real time"),
            "UPDATE_CONT",
            "cont, continual, continuous, continuously, live, r/pt1s, near real time",
        ),
        "hourly": _frequency(N_("Hourly"), "HOURLY", "every hour, r/pt1h"),
        "daily": _frequency(N_("Daily"), "DAILY", "every day, each day, r/p1d"),
        "weekly": _frequency(N_("Weekly"), "WEEKLY", "every week, each week, r/p1w, r/p7d"),
        "fortnightly": _frequency(
            N_("Fortnightly"),
            "BIWEEKLY",
            "every two weeks, every 2 weeks, semimonthly, monthly 2, r/p2w, r/p14d, r/p0.5m",
        ),
        "monthly": _frequency(N_("Monthly"), "MONTHLY", "every month, each month, r/p1m"),
        "quarterly": _frequency(
            N_("Quarterly"), "QUARTERLY", "every quarter, every three months, every 3 months, r/p3m"
        ),
        "half_yearly": _frequency(
            N_("Half-yearly"),
            "ANNUAL_2",
            "half yearly, semiannual, semi annual, semiannually, biannually, biannual, "
            "twice a year, every six months, every 6 months, r/p6m, r/p0.5y",
        ),
        "annually": _frequency(
            N_("Annually"), "ANNUAL", "yearly, every year, each year, once a year, r/p1y, r/p12m"
        ),
        "less_often": _frequency(
            N_("Less often than once a year"),
            "OTHER",
            "biennial, biennially, triennial, quadrennial, quinquennial, decennial, bidecennial, "
            "tridecennial, every two years, every 2 years, every three years, every five years, "
            "every ten years, r/p2y, r/p3y, r/p4y, r/p5y, r/p10y",
        ),
        "irregular": _frequency(
            N_("Irregular"),
            "IRREG",
            "irregularly, as needed, asneeded, as required, when needed, ad hoc, r/p",
        ),
        "one_off": _frequency(
            N_("One-off"),
            "NEVER",
            "one off, once, oneoff, not planned, notplanned, not updated, no longer updated",
        ),
    }
)

_VOCABULARIES = (
    "publications.europa.eu/resource/authority/frequency/",
    "purl.org/cld/freq/",
    "purl.org/linked-data/sdmx/2009/code#freq-",
)


def frequency_from(stated: str) -> str | None:
    """The slug of what a portal says about its updates, `None` where it is none of ours."""
    return _SLUGS.get(_word(stated))


def _word(text: str) -> str:
    """Lower case; of a known vocabulary only the term; hyphens and underscores as blanks."""
    bare = re.sub(r"^https?://(www\.)?", "", text.strip().lower()).rstrip("/")
    for vocabulary in _VOCABULARIES:
        bare = bare.removeprefix(vocabulary)
    return " ".join(re.split(r"[\s_-]+", bare)).strip()


def _spellings(slug: str, frequency: Frequency) -> tuple[str, ...]:
    return (slug, frequency.eu_code, *frequency.spellings)


#: The EU's `OTHER` says only "other": it is written for `less_often`, but never read as it.
_SLUGS = {
    _word(spelling): slug
    for slug, frequency in FREQUENCIES.items()
    for spelling in _spellings(slug, frequency)
    if spelling != "OTHER"
}
