"""Where the inputs of a record come from and what a run would do with its texts, as text. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.report.plan_text import credits_range

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sync.model import Change, Record, TextKey

_MOST = 48


def explain_text(
    record: Record,
    inputs: Sequence[tuple[str, str, str]],
    changes: Iterable[Change],
    agreed: Mapping[TextKey, str],
) -> str:
    """Show one record: name, value and source of each input, and the decision about each text with its reason.

    `agreed` says of each text where its agreed value comes from.
    """
    key = record.key
    width = max(len(name) for name, _, _ in inputs)
    lines = [f"{key.record_id}, row {record.row} ({key.type}, {key.store}, {key.language})", ""]
    for name, value, source in inputs:
        shown = " ".join(value.split()) or "-"
        shown = shown if len(shown) <= _MOST else shown[: _MOST - 1] + "…"
        lines.append(f"  {name:<{width}}  {shown:<{_MOST}}  {source}")
    lines.append("")
    for change in changes:
        price = f" ({credits_range(change.price)})" if change.price.max else ""
        lines.append(f"  {change.key.text_type:<{width}}  {change.kind.value}{price}: {change.reason}")
        lines.append(f"  {'':<{width}}  agreed: {agreed[change.key]}")
    return "\n".join(lines)
