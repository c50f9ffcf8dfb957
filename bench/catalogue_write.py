"""How fast datasets are written: by CKAN's own actions, in bulk, and at best.

    python3 bench/catalogue_write.py [--datasets 500] [--plain 60] [--batch 50] [--json]

In one process and one run, on the same services: each dataset has 3 resources, 8 tags and 5 extras.
"At best" is what rows and documents alone cost: the batch's inserts by SQLAlchemy core and one POST
of its documents, without validation, hooks or activities.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import uuid
from collections.abc import Callable, Sequence
from typing import Any

from hub import an_empty_hub
from services import with_services

Dataset = dict[str, Any]


def main() -> int:
    options = arguments()
    with an_empty_hub() as user:
        figures = measure(user, options)
    if options.json:
        sys.stdout.write(json.dumps(figures, indent=2) + "\n")
    else:
        sys.stdout.write(table(figures))
    return 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure writing to the catalogue.")
    parser.add_argument("--datasets", type=int, default=500, help="written in bulk")
    parser.add_argument("--plain", type=int, default=60, help="written by CKAN's own actions")
    parser.add_argument("--batch", type=int, default=50)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--profile", action="store_true", help="where the time of bulk goes")
    return parser.parse_args()


def dataset(number: int) -> Dataset:
    return {
        "name": f"bench-{number}-{uuid.uuid4().hex[:8]}",
        "title": f"Dataset {number} of the bench",
        "notes": "A sentence about what is in this data and what it is good for. " * 6,
        "owner_org": "bench",
        "license_id": "cc-by",
        "author": "Somebody",
        "url": f"http://portal.example/{number}",
        "tags": [{"name": f"tag {(number + one) % 40}"} for one in range(8)],
        "extras": [{"key": f"left over {one}", "value": f"value {number}"} for one in range(5)],
        "resources": [
            {"name": f"File {one}", "url": f"http://portal.example/{number}/{one}.csv"}
            for one in range(3)
        ],
    }


def measure(user: str, options: argparse.Namespace) -> dict[str, Any]:
    """Datasets a second, and how the ways compare."""
    plain_ids: list[str] = []
    bulk_ids: list[str] = []
    create = {
        "plain": rate(plain_ids, [dataset(n) for n in range(options.plain)], plain_create(user), 1),
        "bulk": rate(
            bulk_ids,
            [dataset(n) for n in range(options.datasets)],
            profiled(bulk_write(user), on=options.profile),
            options.batch,
        ),
        "at_best": at_best(user, options),
    }
    update = {
        "plain": rate([], edited(plain_ids), plain_update(user), 1),
        "bulk": rate(
            [], edited(bulk_ids), profiled(bulk_update(user), on=options.profile), options.batch
        ),
    }
    return {
        "create_per_second": rounded(create),
        "update_per_second": rounded(update),
        "ratios": {
            "create": round(create["bulk"] / create["plain"], 1),
            "update": round(update["bulk"] / update["plain"], 1),
            "at_best_to_bulk": round(create["at_best"] / create["bulk"], 1),
        },
    }


Writer = Callable[[Sequence[Dataset]], list[str]]


def rate(ids: list[str], datasets: Sequence[Dataset], write: Writer, batch: int) -> float:
    """Datasets a second, the first batch, which warms up, not counted; `ids` gets the ids."""
    batches = [datasets[start : start + batch] for start in range(0, len(datasets), batch)]
    ids += write(batches[0])
    started = time.perf_counter()
    for one in batches[1:]:
        ids += write(one)
    return (len(datasets) - len(batches[0])) / (time.perf_counter() - started)


def plain_create(user: str) -> Writer:
    from ckan import logic

    def write(datasets: Sequence[Dataset]) -> list[str]:
        context = {"user": user, "ignore_auth": True, "emergent_harvest": True}
        create = logic.get_action("package_create")
        return [create(dict(context), one)["id"] for one in datasets]

    return write


def plain_update(user: str) -> Writer:
    from ckan import logic

    def write(datasets: Sequence[Dataset]) -> list[str]:
        context = {"user": user, "ignore_auth": True, "emergent_harvest": True}
        update = logic.get_action("package_update")
        return [update(dict(context), one)["id"] for one in datasets]

    return write


def bulk_write(user: str, *, exists: bool = False) -> Writer:
    from ckanext.emergent.harvest.catalogue import Catalogue, Write

    catalogue = Catalogue(user)

    def write(datasets: Sequence[Dataset]) -> list[str]:
        writes = [Write(str(n), one, exists) for n, one in enumerate(datasets)]
        written = catalogue.write(writes, lambda _: None)
        problems = [one.problems for one in written if one.problems]
        if problems:
            raise SystemExit(f"A dataset was not written: {problems[0]}")
        return [str(one.dataset_id) for one in written]

    return write


def bulk_update(user: str) -> Writer:
    return bulk_write(user, exists=True)


def edited(ids: Sequence[str]) -> list[Dataset]:
    """The datasets with another title and another file."""
    from ckan import logic

    show = logic.get_action("package_show")
    found = [show({"ignore_auth": True}, {"id": one}) for one in ids]
    for one in found:
        del one["metadata_modified"]
        one["title"] += ", edited"
        one["resources"][1] = {**one["resources"][1], "name": "Another name"}
    return found


def at_best(user: str, options: argparse.Namespace) -> float:
    """Rows and documents of bulk's own making, written again under other ids."""
    from ckan import model
    from ckan.lib.search.common import make_connection

    texts = replayed(user, options.batch)
    started = time.perf_counter()
    for _ in range(options.datasets // options.batch):
        rows, documents = renamed(texts)
        for table, some in rows:
            model.Session.execute(table.insert(), some)
        make_connection().add(docs=documents, commit=False)
        model.Session.commit()
    make_connection().commit()
    return options.datasets / (time.perf_counter() - started)


TABLES = ("package", "resource", "package_tag", "member")


def replayed(user: str, batch: int) -> tuple[Any, list[str]]:
    """The rows and documents of one batch."""
    import sqlalchemy as sa
    from ckan import logic, model

    from ckanext.emergent.harvest.catalogue.index import document

    ids = bulk_write(user)([dataset(n) for n in range(batch)])
    tables = [model.meta.metadata.tables[name] for name in TABLES]
    owners = {"package": "id", "member": "table_id"}
    rows = []
    for table in tables:
        owner = table.c[owners.get(table.name, "package_id")]
        found = model.Session.execute(sa.select(table).where(owner.in_(ids)))
        rows.append(
            (table, [{k: v for k, v in r._mapping.items() if v is not None} for r in found])
        )
    context = {"user": user, "ignore_auth": True}
    both = [logic.package_show_default_and_custom_schemas(dict(context), one) for one in ids]
    documents = [json.dumps(document(*pair).body) for pair in both]
    return rows, documents


def renamed(texts: tuple[Any, list[str]]) -> tuple[Any, list[Any]]:
    """The same rows and documents as those of other datasets."""
    rows, documents = texts
    new: dict[str, str] = {}

    def other(old: str) -> str:
        return new.setdefault(old, str(uuid.uuid4()))

    ours = {row["id"] for _, some in rows for row in some}
    changed = [
        (
            table,
            [
                complete(table, {k: other(v) if v in ours else v for k, v in row.items()})
                for row in some
            ],
        )
        for table, some in [(t, [hashable(r) for r in some]) for t, some in rows]
    ]
    found = [json.loads(text) for text in documents]
    for one in found:
        one["id"] = one["index_id"] = other(one["id"])
    return changed, found


def hashable(row: dict[str, Any]) -> dict[str, Any]:
    return {k: json.dumps(v) if isinstance(v, (dict, list)) else v for k, v in row.items()}


def complete(table: Any, row: dict[str, Any]) -> dict[str, Any]:
    """Extras as they are stored, and a name of its own."""
    if "extras" in row:
        row["extras"] = json.loads(row["extras"])
    return {**row, "name": uuid.uuid4().hex} if table.name == "package" else row


def profiled(write: Writer, *, on: bool) -> Writer:
    if not on:
        return write
    import cProfile
    import pstats

    def run(datasets: Sequence[Dataset]) -> list[str]:
        profile = cProfile.Profile()
        ids = profile.runcall(write, datasets)
        pstats.Stats(profile).sort_stats("cumulative").print_stats(90)
        return ids

    return run


def rounded(rates: dict[str, float]) -> dict[str, float]:
    return {name: round(one, 1) for name, one in rates.items()}


def table(figures: dict[str, Any]) -> str:
    create, update = figures["create_per_second"], figures["update_per_second"]
    ratios = figures["ratios"]
    return (
        f"create  plain {create['plain']:7.1f}/s   bulk {create['bulk']:7.1f}/s   "
        f"{ratios['create']:5.1f} times   at best {create['at_best']:7.1f}/s, "
        f"{ratios['at_best_to_bulk']} times bulk\n"
        f"update  plain {update['plain']:7.1f}/s   bulk {update['bulk']:7.1f}/s   "
        f"{ratios['update']:5.1f} times\n"
    )


if __name__ == "__main__":
    sys.exit(with_services(__file__, main))
