from __future__ import annotations

from typing import Any

from ckanext.emergent.harvest.merge import Merged, first_written, merge, next_written
from ckanext.emergent.harvest.merge.owned import Ownership

OWNERSHIP = Ownership(
    fields=(
        "title",
        "notes",
        "tag_string",
        "license_id",
        "license_url",
        "data_spectrum",
        "spectrum_basis",
        "spectrum_evidence",
        "temporal_coverage",
    ),
    resource_fields=("url", "name", "description", "size", "identifier"),
)


def a_file(**fields: Any) -> dict[str, Any]:
    return {"name": "Counts", "url": "https://example.org/counts.csv", **fields}


def offered(**fields: Any) -> dict[str, Any]:
    """What the mapping makes of a portal's record."""
    return {"title": "Bus stops", "notes": "Every stop.", "resources": [], **fields}


def shown_after(dataset: dict[str, Any]) -> dict[str, Any]:
    """What CKAN shows of a dataset: tags as a list, and every resource with an id."""
    resources = [
        {"id": f"r{place}", **one} for place, one in enumerate(dataset.get("resources") or ())
    ]
    names = [name for name in dataset.get("tag_string", "").split(",") if name]
    tags = dataset.get("tags") or [{"name": name} for name in names]
    shown = {key: value for key, value in dataset.items() if key != "tag_string"}
    return {"id": "d1", "name": "bus-stops", **shown, "tags": tags, "resources": resources}


class Portal:
    """One dataset of a portal through several runs, with people in between."""

    def __init__(self, **fields: Any) -> None:
        new = offered(**fields)
        self.shown = shown_after(new)
        self.written = first_written(OWNERSHIP, self.shown, new)

    def edit(self, **fields: Any) -> None:
        self.shown.update(fields)

    def run(self, *, keep_fields: tuple[str, ...] = (), **fields: Any) -> Merged:
        merged = merge(self.written, self.shown, offered(**fields), OWNERSHIP, keep_fields)
        self.shown = shown_after(merged.dataset)
        self.written = next_written(OWNERSHIP, self.shown, merged)
        return merged


class TestFields:
    def test_the_same_record_changes_nothing(self) -> None:
        portal = Portal(tag_string="bus,stop", resources=[a_file()])

        merged = portal.run(tag_string="stop,bus", resources=[a_file()])

        assert merged.changes == ()
        assert merged.kept == ()

    def test_the_portals_news_come_in(self) -> None:
        portal = Portal()

        merged = portal.run(title="Bus and tram stops")

        assert merged.dataset["title"] == "Bus and tram stops"
        assert [change.field for change in merged.changes] == ["title"]

    def test_id_and_name_stay_when_the_title_changes(self) -> None:
        portal = Portal()

        merged = portal.run(title="Tram stops")

        assert (merged.dataset["id"], merged.dataset["name"]) == ("d1", "bus-stops")

    def test_a_persons_edit_survives(self) -> None:
        portal = Portal()
        portal.edit(title="Stops of buses")

        merged = portal.run(title="Bus and tram stops", notes="Every stop, with shelters.")

        assert merged.dataset["title"] == "Stops of buses"
        assert merged.dataset["notes"] == "Every stop, with shelters."
        assert merged.kept == ("title",)

    def test_an_edit_survives_every_later_run(self) -> None:
        portal = Portal()
        portal.edit(title="Stops of buses")

        for title in ("Stops, 2025", "Stops, 2026", "Stops, 2027"):
            merged = portal.run(title=title, notes=f"About {title}")

        assert merged.dataset["title"] == "Stops of buses"

    def test_an_edit_taken_back_lets_the_portal_in_again(self) -> None:
        portal = Portal()
        portal.edit(title="Stops of buses")
        portal.run(title="Stops, 2025")
        portal.edit(title="Bus stops")

        merged = portal.run(title="Stops, 2026")

        assert merged.dataset["title"] == "Stops, 2026"
        assert merged.kept == ()

    def test_an_edit_that_the_portal_follows_is_no_edit_any_more(self) -> None:
        portal = Portal()
        portal.edit(title="Stops of buses")
        portal.run(title="Stops of buses")

        merged = portal.run(title="Stops, 2026")

        assert merged.dataset["title"] == "Stops, 2026"

    def test_what_a_person_added_where_the_portal_is_silent_stays_and_is_no_conflict(self) -> None:
        portal = Portal()
        portal.edit(temporal_coverage=[{"start": "2020-01-01"}])

        merged = portal.run(title="Stops, 2026")

        assert merged.dataset["temporal_coverage"] == [{"start": "2020-01-01"}]
        assert merged.kept == ()

    def test_what_a_person_emptied_stays_empty(self) -> None:
        portal = Portal()
        portal.edit(notes="")

        merged = portal.run(title="Stops, 2026")

        assert merged.dataset["notes"] == ""
        assert merged.kept == ("notes",)

    def test_what_the_portal_withdraws_goes(self) -> None:
        portal = Portal(license_id="cc-by")

        merged = portal.run(license_id=None)

        assert merged.dataset["license_id"] is None

    def test_spellings_of_nothing_and_of_line_ends_are_no_change(self) -> None:
        portal = Portal(notes="One\nTwo", license_id="")

        merged = portal.run(notes="One\r\nTwo ", license_id=None)

        assert merged.changes == ()

    def test_a_protected_field_is_never_overwritten(self) -> None:
        portal = Portal()

        merged = portal.run(keep_fields=("title",), title="Stops, 2026")

        assert merged.dataset["title"] == "Bus stops"
        assert merged.kept == ("title",)

    def test_a_protected_field_is_filled_once(self) -> None:
        portal = Portal()

        merged = portal.run(keep_fields=("license_id",), license_id="cc-by")

        assert merged.dataset["license_id"] == "cc-by"

    def test_fields_that_the_mapping_does_not_own_are_not_touched(self) -> None:
        portal = Portal()
        portal.edit(private=True, owner_org="o1", secure_environment="Safe room")

        merged = portal.run(title="Stops, 2026", private=False, secure_environment=None)

        assert merged.dataset["private"] is True
        assert merged.dataset["owner_org"] == "o1"
        assert merged.dataset["secure_environment"] == "Safe room"


class TestTags:
    def test_edited_tags_stay(self) -> None:
        portal = Portal(tag_string="bus,stop")
        portal.edit(tags=[{"name": "bus"}, {"name": "shelter"}])

        merged = portal.run(tag_string="bus,stop,tram")

        assert sorted(tag["name"] for tag in merged.dataset["tags"]) == ["bus", "shelter"]
        assert merged.kept == ("tags",)

    def test_new_tags_come_in(self) -> None:
        portal = Portal(tag_string="bus")

        merged = portal.run(tag_string="bus,tram")

        assert [tag["name"] for tag in merged.dataset["tags"]] == ["bus", "tram"]


class TestExtras:
    def test_the_portals_extras_change_and_a_persons_stay(self) -> None:
        portal = Portal(extras=[{"key": "source:grade", "value": "a"}])
        portal.edit(extras=[*portal.shown["extras"], {"key": "shelf", "value": "3"}])

        merged = portal.run(extras=[{"key": "source:grade", "value": "b"}])
        merged = portal.run(extras=[{"key": "source:grade", "value": "c"}])

        assert {one["key"]: one["value"] for one in merged.dataset["extras"]} == {
            "source:grade": "c",
            "shelf": "3",
        }

    def test_an_extra_that_the_portal_drops_goes(self) -> None:
        portal = Portal(extras=[{"key": "source:grade", "value": "a"}])

        merged = portal.run()

        assert merged.dataset["extras"] == []


class TestLevel:
    def test_evidence_follows_the_portal(self) -> None:
        portal = Portal(data_spectrum="public", spectrum_basis="derived")

        merged = portal.run(data_spectrum="open", spectrum_basis="derived", license_id="cc-by")

        assert merged.dataset["data_spectrum"] == "open"

    def test_a_declared_level_is_never_raised(self) -> None:
        portal = Portal(data_spectrum="public", spectrum_basis="derived")
        portal.edit(data_spectrum="group", spectrum_basis="declared")

        merged = portal.run(data_spectrum="open", spectrum_basis="derived", license_id="cc-by")

        assert merged.dataset["data_spectrum"] == "group"
        assert merged.dataset["spectrum_basis"] == "declared"
        assert merged.kept == ("data_spectrum",)

    def test_a_level_confirmed_by_a_person_is_declared_too(self) -> None:
        portal = Portal(data_spectrum="public", spectrum_basis="derived")
        portal.edit(spectrum_basis="declared")

        merged = portal.run(data_spectrum="open", spectrum_basis="derived", license_id="cc-by")

        assert merged.dataset["data_spectrum"] == "public"

    def test_an_open_licence_withdrawn_lowers_even_a_declared_level(self) -> None:
        portal = Portal(data_spectrum="open", spectrum_basis="derived", license_id="cc-by")
        portal.edit(spectrum_basis="declared")

        merged = portal.run(data_spectrum="public", spectrum_basis="derived")

        assert merged.dataset["data_spectrum"] == "public"
        assert merged.dataset["spectrum_basis"] == "derived"
        assert [problem.code for problem in merged.problems] == ["level_lowered"]

    def test_evidence_as_low_as_before_does_not_lower_what_a_person_declared(self) -> None:
        portal = Portal(data_spectrum="public", spectrum_basis="derived")
        portal.edit(data_spectrum="open", spectrum_basis="declared", license_id="cc-by")

        merged = portal.run(title="Stops, 2026", data_spectrum="public", spectrum_basis="derived")

        assert merged.dataset["data_spectrum"] == "open"
        assert merged.problems == ()

    def test_silence_does_not_lower_what_a_person_declared(self) -> None:
        portal = Portal()
        portal.edit(data_spectrum="group", spectrum_basis="declared")

        merged = portal.run(title="Stops, 2026", data_spectrum=None)

        assert merged.dataset["data_spectrum"] == "group"

    def test_nothing_without_an_open_licence_stays_open(self) -> None:
        portal = Portal(license_id="cc-by")
        portal.edit(data_spectrum="open", spectrum_basis="declared")

        merged = portal.run(license_id=None)

        assert merged.dataset["data_spectrum"] == "public"
        assert [problem.code for problem in merged.problems] == ["level_lowered"]

    def test_a_person_may_declare_again_after_a_lowering(self) -> None:
        portal = Portal(data_spectrum="open", spectrum_basis="derived", license_id="cc-by")
        portal.edit(spectrum_basis="declared")
        portal.run(data_spectrum="public", spectrum_basis="derived")
        portal.edit(data_spectrum="open", spectrum_basis="declared", license_id="cc-by-sa")

        merged = portal.run(title="Stops, 2026", data_spectrum="public", spectrum_basis="derived")

        assert merged.dataset["data_spectrum"] == "open"


class TestResources:
    def test_ids_stay_when_the_portal_reorders_and_changes_one(self) -> None:
        one, two = a_file(identifier="a"), a_file(identifier="b", url="https://example.org/b.csv")
        portal = Portal(resources=[one, two])

        merged = portal.run(resources=[{**two, "url": "https://example.org/b2.csv"}, one])

        assert [(file["id"], file["url"]) for file in merged.dataset["resources"]] == [
            ("r1", "https://example.org/b2.csv"),
            ("r0", "https://example.org/counts.csv"),
        ]

    def test_without_identifiers_the_url_tells_which_is_which(self) -> None:
        portal = Portal(resources=[a_file(), a_file(url="https://example.org/b.csv")])

        merged = portal.run(resources=[a_file(url="https://example.org/b.csv", name="B")])

        assert [(file["id"], file["name"]) for file in merged.dataset["resources"]] == [("r1", "B")]

    def test_one_dropped_upstream_goes(self) -> None:
        portal = Portal(resources=[a_file(), a_file(url="https://example.org/b.csv")])

        merged = portal.run(resources=[a_file()])

        assert [file["id"] for file in merged.dataset["resources"]] == ["r0"]

    def test_one_added_here_stays(self) -> None:
        portal = Portal(resources=[a_file()])
        own = {"id": "mine", "name": "Notes", "url": "https://example.org/notes"}
        portal.edit(resources=[*portal.shown["resources"], own])

        portal.run(resources=[a_file(size=10)])
        merged = portal.run(resources=[])

        assert [file["id"] for file in merged.dataset["resources"]] == ["mine"]

    def test_one_removed_here_does_not_come_back(self) -> None:
        portal = Portal(resources=[a_file(), a_file(url="https://example.org/b.csv")])
        portal.edit(resources=portal.shown["resources"][1:])

        for size in (1, 2):
            merged = portal.run(
                resources=[a_file(), a_file(url="https://example.org/b.csv", size=size)]
            )

        assert [file["id"] for file in merged.dataset["resources"]] == ["r1"]
        assert merged.kept == ("resources",)

    def test_an_edited_description_of_a_file_survives(self) -> None:
        portal = Portal(resources=[a_file(description="From the portal")])
        portal.edit(resources=[{**portal.shown["resources"][0], "description": "Ours"}])

        for size in (1, 2):
            merged = portal.run(resources=[a_file(description="News", size=size)])

        assert merged.dataset["resources"][0]["description"] == "Ours"
        assert merged.dataset["resources"][0]["size"] == 2

    def test_a_link_added_by_hand_is_not_added_twice_when_the_portal_lists_it(self) -> None:
        portal = Portal()
        portal.edit(resources=[{"id": "mine", **a_file()}])

        merged = portal.run(resources=[a_file()])

        assert [file["id"] for file in merged.dataset["resources"]] == ["mine"]

    def test_a_listing_without_any_link_does_not_wipe_the_earlier_ones(self) -> None:
        portal = Portal(resources=[a_file(), a_file(url="https://example.org/b.csv")])

        merged = portal.run(resources=None)

        assert [file["url"] for file in merged.dataset["resources"]] == [
            "https://example.org/counts.csv",
            "https://example.org/b.csv",
        ]
        assert [problem.code for problem in merged.problems] == ["resource_links_lost"]

    def test_links_that_come_back_are_recognised_again(self) -> None:
        portal = Portal(resources=[a_file()])
        portal.run(resources=None)

        merged = portal.run(resources=[a_file(name="Counts of stops")])

        assert [(file["id"], file["name"]) for file in merged.dataset["resources"]] == [
            ("r0", "Counts of stops")
        ]

    def test_the_order_that_people_made_stays_while_the_portals_does(self) -> None:
        portal = Portal(resources=[a_file(), a_file(url="https://example.org/b.csv")])
        portal.edit(resources=portal.shown["resources"][::-1])

        merged = portal.run(resources=[a_file(size=1), a_file(url="https://example.org/b.csv")])

        assert [file["id"] for file in merged.dataset["resources"]] == ["r1", "r0"]
