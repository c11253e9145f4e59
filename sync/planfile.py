"""A plan on paper: written down to be looked at and signed, and carried out only if nothing has moved since. Pure."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sync.model import KEYWORDS, SENT_BACK, Kind, RecordKey
from sync.plan import SEARCHED
from sync.report.plan_text import key_data

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sync.model import Change, Plan, TextKey

FORMAT = "wtsync plan 1"
SHOWN = 10
_NONE: Mapping[TextKey, str] = MappingProxyType({})


class NotAPlan(ValueError):
    """What was read is no plan of ours."""


def written(
    plan: Plan, *, workbook_id: str, workbook: str, service: str, selection: Mapping[str, Any]
) -> dict[str, Any]:
    """Give the plan as data that `read` understands; `shown` of it is for people."""
    return {
        "format": FORMAT,
        "workbook": workbook,
        "workbookId": workbook_id,
        "service": service,
        "selection": dict(selection),
        "digest": plan.digest,
        "estimate": {"min": plan.estimate.min, "max": plan.estimate.max},
        "changes": [_data(change) for change in plan.changes],
    }


def check(data: object) -> Mapping[str, Any]:
    """Make sure that data read from a file is a plan. Raises NotAPlan."""
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise NotAPlan
    shape = {"workbookId": str, "service": str, "digest": str, "selection": dict, "changes": list, "estimate": dict}
    if not all(isinstance(data.get(name), kind) for name, kind in shape.items()):
        raise NotAPlan
    if not all(map(_is_change, data["changes"])):
        raise NotAPlan
    return data


def _is_change(change: object) -> bool:
    if not isinstance(change, dict) or not change.keys() >= _FIELDS:
        return False
    return all(isinstance(change[name], bool if name == "rewrite" else str) for name in _FIELDS)


def records(signed: Mapping[str, Any]) -> frozenset[RecordKey]:
    """Give the records that a signed plan is for."""
    return frozenset(
        RecordKey(change["store"], change["type"], change["recordId"], change["language"])
        for change in signed["changes"]
    )


def searched(signed: Mapping[str, Any]) -> frozenset[RecordKey]:
    """Give the records whose keywords a signed plan has looked for, or fetched."""
    return records({"changes": [change for change in signed["changes"] if change["field"] == KEYWORDS]})


def following(plan: Plan, signed: Mapping[str, Any]) -> frozenset[TextKey]:
    """Give the texts that are to be made only because a signed plan has found their keywords: nobody signed them."""
    known, looked_for = {_key(change) for change in signed["changes"]}, searched(signed)
    return frozenset(
        change.key
        for change in plan.changes
        if change.kind is Kind.GENERATE and change.key.record in looked_for and _key(_data(change)) not in known
    )


def moved(
    plan: Plan, signed: Mapping[str, Any], *, begun: bool = False, former: Mapping[TextKey, str] = _NONE
) -> list[str]:
    """Say which texts are not as they were when the plan was signed, each with the reason; empty: nothing moved.

    With `begun` the plan has been carried out in part: what is done or under way has not moved. Nor has a text whose
    inputs differ only by the keywords that the plan itself has found: `former` are the digests without them.
    """
    then = {_key(change): change for change in signed["changes"]}
    now = dict(_as_signed(change, then, former) for change in plan.changes)
    if begun:
        now = {key: change for key, change in now.items() if change["kind"] not in _UNDER_WAY}
        then = {key: change for key, change in then.items() if key in now}
    found = [
        f"{_name(change)}: {_difference(change, now.get(key))}"
        for key, change in then.items()
        if now.get(key) != change
    ]
    found += [
        f"{_name(change)}: it was not in the plan ({change['kind']})" for key, change in now.items() if key not in then
    ]
    return found


def _as_signed(
    change: Change, then: Mapping[tuple[Any, ...], Mapping[str, Any]], former: Mapping[TextKey, str]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Give a change as data, with its former inputs where those were signed."""
    data = _data(change)
    key, before = _key(data), former.get(change.key)
    if before is not None and then.get(key, data)["inputs"] == before:
        data["inputs"] = before
    return key, data


_UNDER_WAY = frozenset({Kind.DELIVER.value, Kind.FOLLOW.value})
_FIELDS = frozenset(
    {"recordId", "type", "store", "language", "field", "kind", "was", "now", "textId", "inputs", "rewrite"}
)


def _data(change: Change) -> dict[str, Any]:
    return {
        **key_data(change.key),
        "kind": change.kind.value,
        "was": change.was,
        "now": change.now,
        "textId": change.text_id,
        "inputs": change.input_digest,
        "rewrite": change.rewrite,
        **({"reference": change.reference} if change.reference else {}),
        "price": {"min": change.price.min, "max": change.price.max},
    }


def _key(change: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(change[name] for name in ("store", "type", "recordId", "language", "field"))


def _name(change: Mapping[str, Any]) -> str:
    return f"{change['recordId']} {change['field']}"


def _difference(then: Mapping[str, Any], now: Mapping[str, Any] | None) -> str:
    if now is None:
        return f"there is nothing to do any more ({then['kind']} was planned)"
    if now["kind"] != then["kind"]:
        return f"{then['kind']} was planned, and now it would be {now['kind']}"
    if now["inputs"] != then["inputs"]:
        return "its product or its settings have changed"
    sent_back = then["kind"] in SENT_BACK
    if now["was"] != then["was"]:
        return "the service has another text now" if sent_back else "the text that stands there has changed"
    if sent_back and now["now"] != then["now"]:
        return "its cell has changed"
    if now["rewrite"] != then["rewrite"]:
        return "it was to be made anew, or to be rewritten, and now it is the other"
    if now["kind"] == Kind.KEYWORDS.value and _searches(now) != _searches(then):
        return SEARCHED
    if now.get("reference") != then.get("reference"):
        return "the text that it imitates has changed"
    if now["price"] != then["price"]:
        return "its price has changed"
    return "the service has another text now"


def _searches(change: Mapping[str, Any]) -> tuple[Any, ...]:
    """Give what was known of searches for keywords before the one that is planned. Earlier plans name no failed one."""
    return (change["textId"], change.get("reference"))


def lines(moved_rows: Iterable[str]) -> str:
    """List the first few of the rows that moved."""
    rows = list(moved_rows)
    more = [f"  and {len(rows) - SHOWN} more"] if len(rows) > SHOWN else []
    return "\n".join([*(f"  {row}" for row in rows[:SHOWN]), *more])
