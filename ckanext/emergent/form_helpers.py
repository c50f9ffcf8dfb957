"""Template helpers of the forms: what a field shows, before and after a failed save."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ckan import authz

from ckanext.emergent.logic.validators.level import ASKED
from ckanext.scheming import helpers as scheming

if TYPE_CHECKING:
    import ckan.plugins.toolkit as tk
else:
    import ckantoolkit as tk

__all__ = [
    "emergent_chosen_level",
    "emergent_form_errors",
    "emergent_form_groups",
    "emergent_form_rows",
    "emergent_inline_fields",
    "emergent_is_filled",
    "emergent_is_sysadmin",
    "emergent_resource_rows",
    "emergent_texts_of",
    "emergent_web_link",
]


def emergent_form_groups(dataset_type: str | None) -> list[dict[str, Any]]:
    """The headings of a schema's form, each with its `fields`; none for a schema without them."""
    schema = scheming.scheming_get_dataset_schema(dataset_type) or {}
    if scheming.scheming_get_dataset_form_pages(dataset_type):
        return []
    fields = [f for f in schema.get("dataset_fields", ()) if f.get("form_snippet", "") is not None]
    return [
        {**group, "fields": [f for f in fields if f.get("form_group") == group["name"]]}
        for group in schema.get("form_groups", ())
    ]


def emergent_is_filled(
    group: Mapping[str, Any], data: Mapping[str, Any], errors: Mapping[str, Any]
) -> bool:
    """Whether any field of a group holds something, as stored or as sent, or has an error."""
    for field in group["fields"]:
        name = field["field_name"]
        sent = [value for key, value in data.items() if key.startswith(f"{name}-")]
        if errors.get(name) or any(map(emergent_texts_of, [data.get(name), *sent])):
            return True
    return False


def emergent_inline_fields(dataset_type: str | None) -> list[dict[str, Any]]:
    """The resource fields that the form of a new dataset asks for, a link in place of an upload."""
    schema = scheming.scheming_get_dataset_schema(dataset_type) or {}
    inline = [field for field in schema.get("resource_fields", ()) if field.get("form_inline")]
    plain = {"form_snippet": "emergent_input.html", "form_attrs": {}, "required": False}
    changed = {"url": {**plain, "input_type": "url"}, "format": plain}
    return [{**field, **changed.get(field["field_name"], {})} for field in inline]


def emergent_resource_rows(data: Mapping[str, Any], spare: int = 2) -> list[dict[str, Any]]:
    """What was typed about the first files and links, with empty rows to spare."""
    typed = data.get("resources") or ()
    return [*(dict(row) for row in typed if isinstance(row, Mapping)), *({} for _ in range(spare))]


def emergent_chosen_level(value: Any) -> str | None:
    """The level in what was stored or sent; the form sends a mark beside the choice."""
    values = value if isinstance(value, list) else [value]
    return next((text for text in reversed(values) if text and text != ASKED), None)


def emergent_texts_of(value: Any) -> list[str]:
    """The texts of a field of several values, as stored, shown or sent by a form."""
    if not value:
        return []
    return [text for text in ([value] if isinstance(value, str) else value) if text]


def emergent_form_rows(field: Mapping[str, Any], data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows of a repeating field, with empty ones to spare.

    What a form sent (`links-00-url`) comes before what is stored: after a failed save both are
    there, and the person's work must not be lost.
    """
    name = field["field_name"]
    sent: dict[str, dict[str, Any]] = {}
    for key in sorted(data):
        parts = key.split("-", 2)
        if len(parts) == 3 and parts[0] == name:
            sent.setdefault(parts[1], {})[parts[2]] = data[key]
    kept = (dict(row) for row in data.get(name) or () if isinstance(row, Mapping))
    rows = list(sent.values()) or list(kept)
    spare = field.get("form_blanks", 1)
    if field.get("repeating_once"):
        spare = 0 if rows else 1
    empty = sum(not any(row.values()) for row in rows)
    return [*rows, *({} for _ in range(spare - empty))]


def emergent_form_errors(
    errors: Mapping[str, Any], schema: Mapping[str, Any]
) -> list[dict[str, str]]:
    """Every error with `field` (the end of its input's id), `label` and `words`, in form order."""
    found = [*_errors_of(schema.get("dataset_fields", ()), errors, "{name}")]
    rows = errors.get("resources") or ()
    for place, row in enumerate(rows):
        if isinstance(row, Mapping):
            fields = schema.get("resource_fields", ())
            found += _errors_of(fields, row, f"resources__{place}__{{name}}")
    told = {"resources", *(field["field_name"] for field in schema.get("dataset_fields", ()))}
    found += [
        {"field": key, "label": tk._(key), "words": _words(words)}
        for key, words in errors.items()
        if key not in told
    ]
    return found


def _errors_of(fields: Any, errors: Mapping[str, Any], place: str) -> Iterator[dict[str, str]]:
    for field in fields:
        words, name = errors.get(field["field_name"]), field["field_name"]
        label = scheming.scheming_language_text(field.get("label"))
        if "repeating_subfields" in field:
            for number, row in enumerate(words or ()):
                subfields = [
                    {
                        **sub,
                        "label": f"{label} {number + 1}, "
                        f"{scheming.scheming_language_text(sub.get('label'))}",
                    }
                    for sub in field["repeating_subfields"]
                ]
                yield from _errors_of(subfields, row, f"{name}-{number:02d}-{{name}}")
        elif words:
            yield {"field": place.format(name=name), "label": label, "words": _words(words)}


def _words(words: Any) -> str:
    return words if isinstance(words, str) else " ".join(str(word) for word in words)


def emergent_is_sysadmin() -> bool:
    """Whether the reader of the page is one."""
    return authz.is_sysadmin(tk.current_user.name)


def emergent_web_link(value: Any) -> str:
    """A link that is safe to follow: on the web, or else nowhere."""
    text = str(value or "").strip()
    return text if text.lower().startswith(("http://", "https://")) else "#"
