"""Text as portals write it, made plain or Markdown: no HTML, no control characters.

What is written here is shown by templates that escape it (`plain`) or by CKAN's own Markdown
renderer, which cleans what it renders (`markdown`). This module is the first of two locks.
"""

from __future__ import annotations

import html
import re

import nh3
from markdownify import MarkdownConverter

#: Control characters but tab and line feed, halves of surrogate pairs and byte-order marks:
#: PostgreSQL refuses the first, UTF-8 the second, and nobody sees the third.
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_LINE_END = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_SPECIAL = re.compile(
    r"[\r<&\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]"
)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<!--|<[!?][^<>]*>")
_TAG_START = re.compile(r"<(?=[a-zA-Z/!?])")
#: With its semicolon only: `?a=1&copy=2` in an address is no copyright sign.
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_BARE_LINK = re.compile(
    r"<((?:https?://|mailto:)?[^\s<>@]+@[^\s<>]+|https?://[^\s<>]+)>", re.IGNORECASE
)
_UNSAFE_TARGET = re.compile(
    r"(\]\(\s{0,9}<?|\]:\s{0,9}<?)\s{0,9}(?:javascript|vbscript|data|file)\s*:[^\s)>]*",
    re.IGNORECASE,
)
_UNSAFE = re.compile(
    r"<\s*(?:script|iframe|object|embed|svg|math|form|meta|link|base|style)\b"
    r"|<[^<>]{0,2000}\son[a-z]{3,20}\s*="
    r"|(?:javascript|vbscript)\s*:|data:text/html",
    re.IGNORECASE,
)
_BREAK_IN_PARAGRAPH = re.compile(r"(?<=\S)[ \t]*\n(?=[ \t]*\S)")

_KEPT_TAGS = frozenset({
    "a", "p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd",
    "strong", "b", "em", "i", "code", "pre", "blockquote",
    "table", "thead", "tbody", "tr", "th", "td", "caption",
})  # fmt: skip
#: More tags than this in one text are an accident or an attack: the cleaner's time grows with the
#: square of their nesting. Such a text keeps its words and loses its form.
MOST_TAGS = 2_000


def clean(text: str) -> str:
    """The text without control characters, with one kind of line end."""
    if _SPECIAL.search(text) is None:
        return text
    return _CONTROL.sub("", _LINE_END.sub("\n", text))


def plain(text: str) -> str | None:
    """One line of plain text: tags dropped, entities read, blanks collapsed; `None` if nothing."""
    if _SPECIAL.search(text) is not None:
        text = _without_tags(clean(text))
        text = _without_tags(clean(_unescaped(text)))
    return " ".join(neutral(text).split()) or None


def markdown(text: str) -> str | None:
    """Markdown of plain text, Markdown, HTML or entity-escaped HTML; `None` if nothing is left.

    Images are dropped, for they would be fetched from elsewhere by each reader. A line end inside
    a paragraph of plain text stays one, by Markdown's two blanks.
    """
    text = _BARE_LINK.sub(r"\1", clean(text))
    if _TAG.search(text) is None:
        text = clean(_unescaped(text))
    if _TAG.search(text) is None:
        text = _BREAK_IN_PARAGRAPH.sub("  \n", text)
    for _ in range(3):
        if _TAG.search(text) is None:
            break
        text = clean(_markdown_from_html(text))
    return re.sub(r"\n{3,}", "\n\n", neutral(text)).strip() or None


def neutral(text: str) -> str:
    """The text with a blank behind each `<` that could open a tag, and no link that runs."""
    text = _TAG_START.sub("< ", text)
    return _UNSAFE_TARGET.sub(r"\1#", text) if "]" in text else text


def is_unsafe(text: str) -> bool:
    """Whether the text holds what could run in a reader's browser."""
    return ("<" in text or ":" in text) and _UNSAFE.search(text) is not None


def _without_tags(text: str) -> str:
    return _TAG.sub(" ", text) if "<" in text else text


def _unescaped(text: str) -> str:
    """Entities read, also those that were escaped twice."""
    for _ in range(3):
        if _ENTITY.search(text) is None:
            return text
        text = _ENTITY.sub(lambda found: html.unescape(found.group()), text)
    return text


def _markdown_from_html(text: str) -> str:
    if text.count("<") > MOST_TAGS:
        return _unescaped(_without_tags(text))
    safe = nh3.clean(
        text,
        tags=set(_KEPT_TAGS),
        attributes={"a": {"href"}},
        attribute_filter=_absolute,
        link_rel=None,
    )
    if "<" not in safe:
        return _unescaped(safe)
    try:
        return str(_CONVERTER.convert(safe))
    except RecursionError:
        return _unescaped(_without_tags(safe))


def _absolute(_tag: str, _attribute: str, value: str) -> str | None:
    """A relative link would lead to the hub instead of the portal."""
    return value if re.match(r"(?:https?|mailto):", value.strip(), re.IGNORECASE) else None


_CONVERTER = MarkdownConverter(
    heading_style="ATX",
    bullets="-",
    autolinks=False,
    # the names and addresses of data are full of these, and inside words they mean nothing
    escape_asterisks=False,
    escape_underscores=False,
)
