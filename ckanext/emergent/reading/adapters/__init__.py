"""The families of portals that can be read: one file each, and this folder is the list.

A new family is a new file with an `Adapter` in it; nothing else has to know its name.
"""

from __future__ import annotations

from collections.abc import Mapping
from graphlib import TopologicalSorter
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType

from ckanext.emergent.problem import Severity, problem
from ckanext.emergent.reading.adapter import Adapter
from ckanext.emergent.reading.errors import FatalError

__all__ = ["ADAPTERS", "adapter_for"]


def adapter_for(name: str) -> type[Adapter]:
    """The adapter of that name. Raises `FatalError` when there is none."""
    try:
        return ADAPTERS[name]
    except KeyError as error:
        known = ", ".join(sorted(ADAPTERS))
        raise FatalError(
            problem("adapter_unknown", "adapter", name, severity=Severity.ERROR, known=known)
        ) from error


def _listed() -> dict[str, type[Adapter]]:
    modules = (import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__))
    things = (thing for module in modules for thing in vars(module).values())
    return {
        thing.name: thing
        for thing in things
        if isinstance(thing, type) and issubclass(thing, Adapter) and thing is not Adapter
    }


def _imitators_first(listed: Mapping[str, type[Adapter]]) -> dict[str, type[Adapter]]:
    """Who also answers like another family stands before it; the rest is in alphabetical order."""
    order: TopologicalSorter[str] = TopologicalSorter(dict.fromkeys(sorted(listed), ()))
    for name, adapter in sorted(listed.items()):
        for imitated in sorted(adapter.also_answers_as & listed.keys()):
            order.add(imitated, name)
    return {name: listed[name] for name in order.static_order()}


#: By name, in the order in which an answer is shown to them.
ADAPTERS: Mapping[str, type[Adapter]] = MappingProxyType(_imitators_first(_listed()))
