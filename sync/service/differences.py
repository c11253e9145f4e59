"""How a real answer differs from the shape that we take it to have. Pure.

A difference names fields and kinds of values, never a value: it can be shown to anybody.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sync.service.shapes import Shape

_LOOKED_AT = 200
"""Entries of one list that are looked at: enough to meet what is rare, few enough to be there at once."""
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,39}")
_NUMBER = re.compile(r"\s*[+-]?[0-9]+(\.[0-9]+)?\s*")


class Difference(NamedTuple):
    """One way in which an answer is not what we take it to be."""

    where: str
    """The field, as in `records[].date`; empty: the whole answer."""
    what: str

    def __str__(self) -> str:
        return f"{self.where or 'the answer'}: {self.what}"


def differences(value: object, shape: Shape) -> tuple[Difference, ...]:
    """Compare a decoded answer with its shape; each difference once, in the order of the answer."""
    return tuple(dict.fromkeys(_compare(value, shape, "")))


def _compare(value: object, shape: Shape, where: str) -> list[Difference]:
    if isinstance(shape, list):
        if not isinstance(value, Sequence) or isinstance(value, str):
            return [Difference(where, f"a list was expected, and it is {kind_of(value)}")]
        return [one for entry in value[:_LOOKED_AT] for one in _compare(entry, shape[0], f"{where}[]")]
    if isinstance(shape, dict):
        if not isinstance(value, Mapping):
            return [Difference(where, f"an object was expected, and it is {kind_of(value)}")]
        return _fields(value, shape, f"{where}." if where else "")
    if shape == "any" or _fits(value, shape):
        return []
    return [Difference(where, f"a {shape} was expected, and it is {kind_of(value)}")]


def _fields(value: Mapping[str, object], shape: dict[str, Shape], before: str) -> list[Difference]:
    found: list[Difference] = []
    left = {str(name): one for name, one in value.items()}
    folded = {name.casefold(): name for name in left}
    for marked, inner in shape.items():
        name = marked.removesuffix("?")
        if name == "*":
            continue
        there = name if name in left else folded.get(name.casefold())
        if there is None or there not in left:
            found += [] if marked.endswith("?") else [Difference(before + name, "it is missing")]
            continue
        if there != name:
            found.append(Difference(before + name, f"it is spelled {there}"))
        one = left.pop(there)
        if one is not None or not marked.endswith("?"):
            found += _compare(one, inner, before + name)
    for name, one in left.items():
        if "*" in shape:
            found += _compare(one, shape["*"], f"{before}*")
        else:
            found.append(Difference(before + _shown(name), f"it is not known here; it is {kind_of(one)}"))
    return found


def _fits(value: object, word: str) -> bool:
    """Tell whether a value is of a kind, or a string that says the same: the service is known to mix the two."""
    if word == "text":
        return isinstance(value, str)
    if word == "number":
        return isinstance(value, int | float) and not isinstance(value, bool)
    if word == "yes/no":
        return isinstance(value, bool)
    return isinstance(value, str) and _is_time(value)


def _is_time(text: str) -> bool:
    try:
        datetime.fromisoformat(text.strip())
    except ValueError:
        return False
    return True


def kind_of(value: object) -> str:
    """Name the kind of a value, and nothing of the value itself."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a yes/no"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        if not value:
            return "an empty text"
        if _NUMBER.fullmatch(value):
            return "a number written as text"
        return "a time" if _is_time(value) else "a text"
    if isinstance(value, Mapping):
        return "an object"
    return "a list" if isinstance(value, Sequence) else "something else"


def _shown(name: str) -> str:
    """Show the name of an unknown field, unless it looks like data: ids and texts may be keys, too."""
    return name if _NAME.fullmatch(name) else "(a name that may be data)"
