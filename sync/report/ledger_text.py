"""What was spent, when and on what: by run and by kind of text, in words, as data and as cells. Pure."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from sync.counts import counted, number
from sync.model import KEYWORDS
from sync.report.plan_text import key_data

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sync.batch import Charge


def ledger_text(name: str, charges: Sequence[Charge]) -> str:
    """Show what the texts of a workbook have cost: month by month, and in each its runs."""
    if not charges:
        return f"{name}: nothing was spent, as far as this computer knows."
    apart = _grouped(sorted(charges, key=lambda one: one.simulated), lambda one: str(one.simulated)).values()
    lines = [f"{name}: {_sum(part)}{_said(part)}" for part in apart]
    for month, of_month in _grouped(charges, _month).items():
        lines += ["", f"  {month[:7]}   {_sum(of_month)}{_said(of_month)}"]
        for run, of_run in _grouped(of_month, lambda one: one.run_id).items():
            lines.append(f"    {_utc('%Y-%m-%d %H:%M', of_run[0].at)} UTC  run {run}  {_sum(of_run)}")
            lines += [
                f"        {text_type:<26} {_count(of_type):>12} {number(_credits(of_type)):>8}"
                for text_type, of_type in _grouped(of_run, lambda one: one.key.text_type).items()
            ]
    return "\n".join(lines)


def charge_data(charge: Charge) -> Mapping[str, Any]:
    """Give one charge as plain data; the time is UTC."""
    return {
        "at": _utc("%Y-%m-%dT%H:%M:%SZ", charge.at),
        "run": charge.run_id,
        "service": charge.service,
        "simulated": charge.simulated,
        **key_data(charge.key),
        "credits": charge.credits,
    }


def by_month(charges: Sequence[Charge]) -> list[Mapping[str, Any]]:
    """Sum up the charges of each calendar month (UTC); what a simulated service charged stands apart."""
    return [
        {"month": name[:7], "simulated": of_month[0].simulated, "texts": len(of_month), "credits": _credits(of_month)}
        for name, of_month in _grouped(charges, _month).items()
    ]


COLUMNS = ("at", "run", "service", "simulated", "recordId", "type", "store", "language", "field", "credits")


def charge_cells(charge: Charge) -> list[str]:
    """Give one charge as the cells of `COLUMNS`, none of which a spreadsheet takes for a formula."""
    data = charge_data(charge)
    return [_harmless(str(data[name])) for name in COLUMNS[:-1]] + [f"{charge.credits:g}"]


def _harmless(text: str) -> str:
    """Put an apostrophe before what would be worked out when somebody opens it in a spreadsheet."""
    return f"'{text}" if text.lstrip(" ")[:1] in set("=+-@\t\r\n") else text


def _month(charge: Charge) -> str:
    return _utc("%Y-%m", charge.at) + (" simulated" if charge.simulated else "")


def _said(charges: Sequence[Charge]) -> str:
    return " (simulated: no real credits)" if charges[0].simulated else ""


def _sum(charges: Sequence[Charge]) -> str:
    kinds = _grouped(charges, lambda one: "keyword run" if one.key.text_type == KEYWORDS else "text")
    parts = [
        f"{counted(len(some), word)} of {counted(len({one.key.record for one in some}), 'record')}"
        for word, some in kinds.items()
    ]
    return f"{counted(_credits(charges), 'credit')} for {' and '.join(parts)}"


def _count(charges: Sequence[Charge]) -> str:
    return counted(len(charges), "run" if charges[0].key.text_type == KEYWORDS else "text")


def _credits(charges: Iterable[Charge]) -> float:
    return sum(one.credits for one in charges)


def _utc(form: str, moment: float) -> str:
    return time.strftime(form, time.gmtime(moment))


def _grouped(charges: Iterable[Charge], by: Any) -> dict[str, list[Charge]]:
    groups: dict[str, list[Charge]] = {}
    for one in charges:
        groups.setdefault(by(one), []).append(one)
    return groups
