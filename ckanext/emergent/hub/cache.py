"""What was counted a moment ago, kept in Redis for every process of the hub.

Redis is only a hint: without it, or with something unreadable in it, the thing is made again.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ckan.lib.redis import connect_to_redis
from redis.exceptions import RedisError

if TYPE_CHECKING:
    import ckan.plugins.toolkit as tk
else:
    import ckantoolkit as tk

log = logging.getLogger(__name__)

Made = dict[str, Any]


def remembered(name: str, seconds: int, make: Callable[[], Made]) -> Made:
    """What `make` answered at most `seconds` ago; a JSON object, the same for every caller.

    With `seconds` 0 nothing is kept and nothing is looked up.
    """
    if seconds <= 0:
        return make()
    key = _key(name)
    found = _found(key)
    if found is not None:
        return found
    made = make()
    _keep(key, seconds, made)
    return made


def forget(name: str) -> None:
    """Make the next caller count again."""
    try:
        connect_to_redis().delete(_key(name))
    except RedisError as error:
        log.warning("Redis could not forget %s: %s. It goes when its time is over.", name, error)


def _key(name: str) -> str:
    return f"emergent:{tk.config.get('ckan.site_id', 'default')}:{name}"


def _found(key: str) -> Made | None:
    try:
        kept = connect_to_redis().get(key)
        found = None if kept is None else json.loads(kept)  # type: ignore[arg-type]  # bytes here
    except (RedisError, ValueError) as error:
        log.warning("Nothing usable in Redis for %s: %s. Counting again.", key, error)
        return None
    return found if isinstance(found, dict) else None


def _keep(key: str, seconds: int, made: Made) -> None:
    try:
        connect_to_redis().set(key, json.dumps(made), ex=seconds)
    except RedisError as error:
        log.warning("Redis could not keep %s: %s. The next visitor counts again.", key, error)
