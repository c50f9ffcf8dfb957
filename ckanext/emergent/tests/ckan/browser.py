"""A browser without scripts: reads forms from pages and sends them back as browsers do."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from ckanext.emergent.tests.ckan.actor import Actor


class Form(HTMLParser):
    """The fields of a page's main form, with what they hold, as a browser would send them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.fields: list[tuple[str, str]] = []
        self._inside = False
        self._text: str | None = None
        self._select: str | None = None
        self._chosen: str | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            words = f"{given.get('id')} {given.get('class')} {given.get('action')}"
            self._inside = any(
                known in words for known in ("dataset-edit", "dataset-form", "login")
            )
        if not self._inside:
            return
        name, value = given.get("name") or "", given.get("value") or ""
        if tag == "input" and given.get("type") not in ("submit", "file"):
            unticked = given.get("type") in ("radio", "checkbox") and "checked" not in given
            if not unticked:
                self._add(name, value)
        elif tag == "textarea":
            self._text = name
        elif tag == "select":
            self._select, self._chosen = name, None
        elif tag == "option" and (self._chosen is None or "selected" in given):
            self._chosen = value

    def handle_data(self, data: str) -> None:
        if self._text:
            self._add(self._text, data.strip())
            self._text = None

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "select" and self._select:
            self._add(self._select, self._chosen or "")
            self._select = None
        elif tag == "textarea" and self._text:
            self._add(self._text, "")
            self._text = None

    def _add(self, name: str, value: str) -> None:
        if name:
            self.fields.append((name, value))

    def sent(self, **changes: Any) -> dict[str, list[str]]:
        """What is sent after a person changed some fields; a list replaces, None leaves out."""
        found: dict[str, list[str]] = {}
        for name, value in self.fields:
            found.setdefault(name, []).append(value)
        for name, value in changes.items():
            found[name] = value if isinstance(value, list) else [value]
        return {name: value for name, value in found.items() if value != [None]} | {"save": [""]}


class Browser:
    """Somebody who has signed in by the form, and sends forms back with the token in them."""

    def __init__(self, client: FlaskClient, who: Actor, password: str) -> None:
        self._client = client
        self.who = who
        login = Form(self.open("/user/login")).sent(login=who.name, password=password)
        assert self.send("/user/login", login).status_code == 302

    def open(self, path: str) -> str:
        return self._client.get(path).get_data(as_text=True)

    def form(self, path: str) -> Form:
        return Form(self.open(path))

    def send(self, path: str, fields: dict[str, list[str]]) -> TestResponse:
        return self._client.post(path, data=fields)
