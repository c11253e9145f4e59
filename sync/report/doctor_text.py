"""What `wtsync doctor` found, for people and as data. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sync.counts import counted
from sync.model import State

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sync.model import Finding, Probe

_WIDE = 11


def doctor_text(sections: Sequence[tuple[str, Sequence[Finding]]]) -> str:
    """List the findings under their headings; what is to be done stands below each."""
    lines: list[str] = []
    for heading, findings in sections:
        lines += ["", heading] if lines else [heading]
        for one in findings:
            lines.append(f"  {one.state:5}  {one.about:{_WIDE}}  {one.what}")
            lines += [f"  {'':5}  {'':{_WIDE}}  {one.remedy}"] if one.remedy else []
    bad = sum(one.state is State.WRONG for _, findings in sections for one in findings)
    return "\n".join([*lines, "", f"{counted(bad, 'thing')} to be put right." if bad else "All is well."])


def doctor_data(sections: Sequence[tuple[str, Sequence[Finding]]]) -> dict[str, Any]:
    """Give the findings as plain data."""
    return {
        "findings": [
            {"section": heading, "about": one.about, "state": one.state, "what": one.what, "remedy": one.remedy}
            for heading, findings in sections
            for one in findings
        ]
    }


def live_text(probes: Sequence[Probe], *, simulated: bool) -> str:
    """Write the report on the free reads, in Markdown: names, statuses and kinds, never a value of an answer."""
    if not probes:
        return "The free reads were not called: the service cannot be used yet."
    other = [one for one in probes if one.as_assumed is False]
    called = sum(one.status is not None for one in probes)
    lines = [
        f"## Free reads of {'the simulator' if simulated else 'the service'}",
        "",
        f"{called} of {len(probes)} called, {len(other)} answered otherwise than assumed.",
        "",
        "| call | known how | answer | as assumed |",
        "|---|---|---|---|",
    ]
    lines += [f"| {one.method} {one.path} | {one.source} | {_answer(one)} | {_verdict(one)} |" for one in probes]
    for one in other:
        lines += ["", f"### {one.call}", ""]
        lines += [f"- {difference}" for difference in one.differences] or [f"- {_answer(one)}"]
    return "\n".join(lines)


def live_data(probes: Sequence[Probe]) -> list[dict[str, Any]]:
    """Give the report on the free reads as plain data."""
    return [
        {
            "call": one.call,
            "method": one.method,
            "path": one.path,
            "source": one.source,
            "status": one.status,
            "asAssumed": one.as_assumed,
            "differences": list(one.differences),
            "remark": one.remark,
        }
        for one in probes
    ]


def _answer(one: Probe) -> str:
    status = "" if one.status is None else str(one.status)
    return ", ".join(part for part in (status, one.remark) if part)


def _verdict(one: Probe) -> str:
    return {None: "not known", True: "yes", False: "**no**"}[one.as_assumed]
