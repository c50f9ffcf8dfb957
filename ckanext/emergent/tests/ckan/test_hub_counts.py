"""A number on the hub equals what its link finds, and costs little to know."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
import redis
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import CKANTestApp, call_action
from pysolr import Solr

from ckanext.emergent.choices import Membership
from ckanext.emergent.hub import cache, census
from ckanext.emergent.spectrum import Level
from ckanext.emergent.tests.catalogue_content import dataset, one_of_each_level, organization

pytestmark = pytest.mark.usefixtures("clean_db", "clean_index", "with_plugins", "clean_redis")
always_counted = pytest.mark.ckan_config("ckanext.emergent.hub.cache_seconds", 0)


@contextmanager
def solr_searches(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """Every search sent to Solr in the block."""
    sent: list[Any] = []
    search = Solr.search

    def noted(solr: Solr, *arguments: Any, **named: Any) -> Any:
        sent.append(named)
        return search(solr, *arguments, **named)

    with monkeypatch.context() as patch:
        patch.setattr(Solr, "search", noted)
        yield sent


@contextmanager
def sql_statements() -> Iterator[list[str]]:
    """Every statement sent to PostgreSQL in the block."""
    sent: list[str] = []

    def noted(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    engine = model.ensure_engine()
    sa.event.listen(engine, "before_cursor_execute", noted)
    try:
        yield sent
    finally:
        sa.event.remove(engine, "before_cursor_execute", noted)


def fill(name: str, datasets: int) -> None:
    """A member with so many datasets, their levels in turn."""
    owner = organization(name, name.title(), Membership.MEMBER)
    levels = [*Level, None]
    for number in range(datasets):
        dataset(f"{name}-{number}", levels[number % len(levels)], owner, challenges=["rail"])


def found_by(app: CKANTestApp, link: str) -> int:
    """How many datasets the page behind a link says it found."""
    parts = urlsplit(link)
    page = app.get(f"{parts.path}?{parts.query}", status=200).body
    told = re.search(r"([\d,]+|No) datasets? found", page)
    assert told is not None, link
    return 0 if told[1] == "No" else int(told[1].replace(",", ""))


@always_counted
def test_every_number_equals_what_its_link_finds(app: CKANTestApp) -> None:
    owner = organization("rssb", "RSSB", Membership.MEMBER)
    one_of_each_level(owner)
    dataset("more", Level.OPEN, owner, challenges=["rail", "aviation"])
    dataset("hidden", Level.OPEN, owner, challenges=["rail"], private=True)
    shown = call_action("emergent_hub_show")
    counted = [*shown["spectrum"], shown["unclassified"], *shown["challenges"], *shown["members"]]
    assert [(one["link"], one["datasets"]) for one in counted] == [
        (one["link"], found_by(app, one["link"])) for one in counted
    ]
    assert shown["datasets"] == found_by(app, shown["link"]) == 7


@always_counted
def test_page_asks_solr_at_most_twice(app: CKANTestApp, monkeypatch: pytest.MonkeyPatch) -> None:
    fill("rssb", 6)
    with solr_searches(monkeypatch) as sent:
        app.get("/", status=200)
    assert 1 <= len(sent) <= 2


@always_counted
def test_page_asks_postgresql_as_often_for_fifty_datasets_as_for_five(app: CKANTestApp) -> None:
    fill("rssb", 5)
    app.get("/", status=200)
    with sql_statements() as for_few:
        app.get("/", status=200)
    fill("iotics", 45)
    with sql_statements() as for_many:
        app.get("/", status=200)
    assert len(for_many) == len(for_few)


@always_counted
def test_page_asks_postgresql_as_often_for_twelve_members_as_for_two(app: CKANTestApp) -> None:
    for name in ("truata", "satavia"):
        organization(name, name.title(), Membership.MEMBER)
    app.get("/", status=200)
    with sql_statements() as for_few:
        app.get("/", status=200)
    for number in range(10):
        organization(f"member-{number}", f"Member {number}", Membership.MEMBER)
    with sql_statements() as for_many:
        app.get("/", status=200)
    assert len(for_many) == len(for_few)


def test_second_visitor_within_a_minute_costs_no_search(
    app: CKANTestApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill("rssb", 1)
    app.get("/", status=200)
    with solr_searches(monkeypatch) as sent:
        app.get("/", status=200)
    assert sent == []


def test_forgotten_count_is_made_again(app: CKANTestApp) -> None:
    fill("rssb", 1)
    assert call_action("emergent_hub_show")["datasets"] == 1
    fill("iotics", 1)
    assert call_action("emergent_hub_show")["datasets"] == 1
    cache.forget(census.CACHED_AS)
    assert call_action("emergent_hub_show")["datasets"] == 2


def test_count_is_kept_for_as_long_as_the_setting_says(ckan_config: dict[str, Any]) -> None:
    call_action("emergent_hub_show")
    key = f"emergent:{ckan_config['ckan.site_id']}:{census.CACHED_AS}"
    assert 0 < cache.connect_to_redis().ttl(key) <= 60


def test_hub_counts_without_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    fill("rssb", 2)
    nobody = redis.Redis(port=1, socket_connect_timeout=1)
    monkeypatch.setattr(cache, "connect_to_redis", lambda: nobody)
    assert call_action("emergent_hub_show")["datasets"] == 2
    cache.forget(census.CACHED_AS)


def test_anything_unreadable_in_redis_is_counted_again(ckan_config: dict[str, Any]) -> None:
    key = f"emergent:{ckan_config['ckan.site_id']}:{census.CACHED_AS}"
    cache.connect_to_redis().set(key, b"not JSON")
    assert call_action("emergent_hub_show")["datasets"] == 0


@always_counted
def test_anonymous_api_caller_gets_what_the_page_shows(app: CKANTestApp) -> None:
    one_of_each_level(organization("rssb", "RSSB", Membership.MEMBER))
    result = app.get("/api/3/action/emergent_hub_show", status=200).json["result"]
    assert [level["level"] for level in result["spectrum"]] == [level.value for level in Level]
    assert [level["datasets"] for level in result["spectrum"]] == [1, 1, 1, 1, 1]
    assert result["unclassified"]["datasets"] == 1
    assert [member["name"] for member in result["members"]] == ["rssb"]
    assert len(result["latest"]) == 5
    assert result["latest"][0]["level"] is None


@always_counted
def test_answer_has_no_more_keys_than_its_documentation() -> None:
    from ckanext.emergent.hub.logic.action import emergent_hub_show

    documented = set(re.findall(r"`(\w+)`", emergent_hub_show.__doc__ or ""))
    assert set(call_action("emergent_hub_show")) <= documented


@always_counted
@pytest.mark.parametrize("role", ["nobody", "member", "editor", "sysadmin"])
def test_everybody_sees_the_same_hub(app: CKANTestApp, role: str) -> None:
    owner = organization("rssb", "RSSB", Membership.MEMBER)
    dataset("hidden", Level.OPEN, owner, private=True)
    dataset("shown", Level.OPEN, owner)
    headers = {} if role == "nobody" else {"Authorization": token_of(role, owner)}
    answer = app.get("/api/3/action/emergent_hub_show", headers=headers, status=200)
    assert answer.json["result"]["datasets"] == 1


def token_of(role: str, owner: dict[str, Any]) -> str:
    if role == "sysadmin":
        return factories.SysadminWithToken()["token"]
    user = factories.UserWithToken()
    call_action(
        "member_create", id=owner["id"], object=user["id"], object_type="user", capacity=role
    )
    return user["token"]
