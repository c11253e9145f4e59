"""What an undo puts back, and what it leaves, in words and as data. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sync.counts import number
from sync.model import normal
from sync.report.plan_text import key_data

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from sync.model import Delivery, TextKey

_SHOWN, _WIDTH = 10, 48


def undo_lines(
    undone: Sequence[Delivery], kept: Sequence[Delivery], former: Mapping[TextKey, str], left: Mapping[TextKey, str]
) -> Iterator[str]:
    """Say what goes back into which cell, which cells stay, and what stays on the service, each with its reason.

    `former` are the texts that both sides get; `left` says of those that the service does not get back why that is.
    """
    for item in undone[:_SHOWN]:
        yield f"  {_name(item.key)}: back to {_short(former.get(item.key, item.was))}"
    if len(undone) > _SHOWN:
        yield f"  and {number(len(undone) - _SHOWN)} more"
    for item in kept[:_SHOWN]:
        yield f"  {_name(item.key)}: stays: it is not what the run wrote, or has no place"
    for key, reason in left.items():
        yield f"  {_name(key)}: stays on the service: {reason}"


def undo_data(
    run_id: str,
    undone: Sequence[Delivery],
    kept: Sequence[Delivery],
    former: Mapping[TextKey, str],
    left: Mapping[TextKey, str],
    sent: Collection[TextKey],
) -> Mapping[str, Any]:
    """Give what an undo did as plain data: every text of the run, with both its sides."""
    return {
        "run": run_id,
        "putBack": len(undone),
        "putBackOnService": len(sent),
        "texts": [
            {
                **key_data(item.key),
                "was": item.value,
                "now": former[item.key] if item.key in sent else item.was,
                "workbook": "put back",
                "service": "put back" if item.key in sent else "stays",
                "reason": left.get(item.key, ""),
            }
            for item in undone
        ]
        + [{**key_data(item.key), "workbook": "stays", "service": "stays"} for item in kept],
    }


def _name(key: TextKey) -> str:
    return f"{key.record.record_id}, {key.text_type}"


def _short(text: str) -> str:
    return " ".join(text.split())[:_WIDTH] if normal(text) else "(empty)"
