"""What was spent, when and on what: by run and by kind of text, in words and as data. Pure."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from sync.report.plan_text import counted, key_data, number

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sync.batch import Charge


def ledger_text(name: str, charges: Sequence[Charge]) -> str:
    """Show what the texts of a workbook have cost: month by month, and in each its runs."""
    if not charges:
        return f"{name}: nothing was spent, as far as this computer knows."
    lines = [f"{name}: {_sum(charges)}"]
    for month, of_month in _grouped(charges, lambda one: _utc("%Y-%m", one.at)).items():
        lines += ["", f"  {month}   {_sum(of_month)}"]
        for run, of_run in _grouped(of_month, lambda one: one.run_id).items():
            simulated = " (simulated: no real credits)" if of_run[0].simulated else ""
            lines.append(f"    {_utc('%Y-%m-%d %H:%M', of_run[0].at)} UTC  run {run}  {_sum(of_run)}{simulated}")
            lines += [
                f"        {text_type:<26} {counted(len(of_type), 'text'):>12} {number(_credits(of_type)):>8}"
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


def _sum(charges: Sequence[Charge]) -> str:
    records = len({one.key.record for one in charges})
    return f"{counted(_credits(charges), 'credit')} for {counted(len(charges), 'text')} of {counted(records, 'record')}"


def _credits(charges: Iterable[Charge]) -> float:
    return sum(one.credits for one in charges)


def _utc(form: str, moment: float) -> str:
    return time.strftime(form, time.gmtime(moment))


def _grouped(charges: Iterable[Charge], by: Any) -> dict[str, list[Charge]]:
    groups: dict[str, list[Charge]] = {}
    for one in charges:
        groups.setdefault(by(one), []).append(one)
    return groups
