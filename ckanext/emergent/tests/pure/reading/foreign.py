"""Short answers of other families and of no family at all, in their own shapes.

Each adapter must leave alone what is not its own. An adapter's test adds the shapes that look
most like its own here, for the others to see.
"""

from __future__ import annotations

from ckanext.emergent.tests.servers import Reply, json_reply, page_reply

FOREIGN: dict[str, Reply] = {
    "web page": page_reply("<!doctype html><title>Open data</title><p>Runs on DataPress</p>"),
    "empty": Reply(body=b""),
    "null": json_reply(None),
    "number": json_reply(7),
    "text": json_reply("datasets"),
    "empty object": json_reply({}),
    "empty list": json_reply([]),
    "numbers": json_reply([1, 2, 3]),
    "error": json_reply({"error": {"message": "not found"}}),
    "broken JSON": Reply(body=b'{"datasets": [{"id": 1}, '),
    "objects without meaning": json_reply([{"id": 1}, {"id": 2}]),
    "ckan package_search": json_reply(
        {"help": "…", "success": True, "result": {"count": 2, "results": []}}
    ),
    "opendatasoft v1": json_reply({"nhits": 1, "datasets": [{"datasetid": "a", "metas": {}}]}),
    "opendatasoft v2.0": json_reply({"total_count": 1, "datasets": [{"dataset": {"metas": {}}}]}),
    "opendatasoft v2.1": json_reply({"total_count": 1, "results": [{"dataset_uid": "da_1"}]}),
    "dcat-us": json_reply(
        {
            "conformsTo": "https://project-open-data.cio.gov/v1.1/schema",
            "dataset": [{"identifier": "1", "title": "T", "accessLevel": "public"}],
        }
    ),
    "socrata": json_reply(
        {"results": [{"resource": {"id": "8ect-6jqj", "name": "T"}}], "resultSetSize": 1}
    ),
    "dkan": json_reply({"success": True, "result": [[{"id": "1", "name": "t", "title": "T"}]]}),
    "udata": json_reply({"data": [{"id": "5"}], "next_page": None, "total": 1}),
    "vega": json_reply({"version": 5, "datasets": {"a": [1, 2]}}),
    "package.json": json_reply({"name": "x", "version": "1.0", "files": []}),
    "geojson": json_reply({"type": "FeatureCollection", "features": [{"id": 1}]}),
}
