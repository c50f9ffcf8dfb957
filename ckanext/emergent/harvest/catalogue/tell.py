"""Tells plugins what happened to a dataset, with the arguments that CKAN's own actions give."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import ckan.plugins as p
from ckan import model
from ckan.lib import signals

Context = dict[str, Any]
Receiver = Callable[..., Any]


def succeeded(action: str, context: Context, data_dict: Any, result: Any) -> None:
    """Send CKAN's signal that an action succeeded."""
    signals.action_succeeded.send(action, context=context, data_dict=data_dict, result=result)


def succeeded_except(
    muted: tuple[Receiver, ...], action: str, context: Context, data_dict: Any, result: Any
) -> None:
    """The same to all receivers but some, whose work is done elsewhere."""
    for receiver in signals.action_succeeded.receivers_for(action):
        if receiver not in muted:
            receiver(action, context=context, data_dict=data_dict, result=result)


def receives(action: str, receiver: Receiver) -> bool:
    """Whether a receiver listens to an action."""
    return receiver in set(signals.action_succeeded.receivers_for(action))


def controllers() -> Iterator[Any]:
    """The plugins that follow datasets."""
    return iter(p.PluginImplementations(p.IPackageController))


def created(package: model.Package, context: Context, data: dict[str, Any]) -> None:
    for plugin in controllers():
        plugin.create(package)
        plugin.after_dataset_create(context, data)


def edited(package: model.Package, context: Context, data: dict[str, Any]) -> None:
    for plugin in controllers():
        plugin.edit(package)
        plugin.after_dataset_update(context, data)


def being_read(package: model.Package, shown: dict[str, Any]) -> None:
    """The first half of `package_show`'s hooks, before the schema is applied."""
    for plugin in controllers():
        plugin.read(package)
    for plugin in p.PluginImplementations(p.IResourceController):
        for resource in shown["resources"]:
            plugin.before_resource_show(resource)
