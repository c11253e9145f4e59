"""The options that choose part of a workbook and settle conflicts; and plans that were written down."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from sync.cli.console import typed
from sync.errors import Refused, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from sync.cli.wiring import Checked
    from sync.cli.work import Work
    from sync.model import Plan
    from sync.selection import Selection

_KINDS = ("generate", "keywords", "pull", "push", "review", "publish", "archive", "alt-text")

_OPTIONS = (
    click.option("--record", "records", multiple=True, metavar="ID", help="Only this record; may be given often."),
    click.option(
        "--where", multiple=True, metavar="CONDITION", help="Only rows for which it holds, as in 'Brand = Nordlys'."
    ),
    click.option("--only", metavar="KINDS", default="", help=f"Only this work: {', '.join(_KINDS)}."),
    click.option("--limit", type=click.IntRange(1), metavar="N", help="Only the first N records with something to do."),
    click.option("--pilot", type=click.IntRange(1), metavar="N", help="Only N records, spread over the workbook."),
    click.option(
        "--prefer",
        type=click.Choice(["workbook", "service"]),
        help="Settle every text in conflict for one side, as the Action Push or Pull would.",
    ),
    click.option(
        "--review",
        type=click.Choice(["rewrite", "correction", "any"]),
        metavar="WISH",
        help="Only records for which an editor asks for a change: rewrite, correction or any.",
    ),
)


_CHOOSING = ("records", "where", "only", "limit", "pilot", "prefer", "review")
"""What these options are called where they arrive."""


def choosing(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that choose part of a workbook; it gets them as one `selection`."""
    return _with_options(command, _CHOOSING)


def choosing_records(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command those of the options that choose records."""
    return _with_options(command, ("records", "where", "limit"))


def _with_options(command: Callable[..., None], names: Sequence[str]) -> Callable[..., None]:
    @wraps(command)
    def with_selection(*args: object, **given: Any) -> None:
        chosen = {name: given.pop(name) for name in names}
        command(*args, selection=_selection(**chosen), **given)

    choosing_: Callable[..., None] = with_selection
    for name in reversed(names):
        choosing_ = _OPTIONS[_CHOOSING.index(name)](choosing_)
    return choosing_


def _selection(
    records: tuple[str, ...],
    where: tuple[str, ...],
    limit: int | None,
    only: str = "",
    pilot: int | None = None,
    prefer: str | None = None,
    review: str | None = None,
) -> Selection:
    """Make a selection of what the user typed. Raises UsageError."""
    from sync.model import Side
    from sync.selection import ALT_TEXTS, WORK, NotSelectable, Selection, read_condition

    words = frozenset(word.strip().casefold() for word in only.split(",") if word.strip())
    if strange := words - WORK.keys() - {ALT_TEXTS}:
        raise UsageError(f"--only does not know '{min(strange)}'.", f"It knows: {', '.join([*WORK, ALT_TEXTS])}.")
    if limit is not None and pilot is not None:
        raise UsageError("--limit and --pilot both say how many records.", "Give one of them.")
    side = None if prefer is None else Side(prefer)
    try:
        return Selection(records, tuple(map(read_condition, where)), words, limit, pilot, side, review or "")
    except NotSelectable as error:
        raise UsageError(error.message, error.hint) from None


def save_plan(path: Path, plan: Plan, seen: Checked, workbook: Path, selection: Selection) -> None:
    """Write a plan down, for `run --plan`. Raises UsageError where that is not possible."""
    from sync.planfile import written

    data = written(
        plan,
        workbook_id=seen.tables.workbook_id,
        workbook=workbook.name,
        service=seen.service.identity,
        selection={**asdict(selection), "only": sorted(selection.only)},
    )
    put_down(path, json.dumps(data, ensure_ascii=False, indent=1) + "\n")


def put_down(path: Path, text: str) -> None:
    """Write a file of ours, the whole of it or nothing. Raises UsageError where that is not possible."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        fresh.write_text(text, encoding="utf-8")
        fresh.replace(path)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise UsageError(f"The plan cannot be written to {path}: {error.strerror}.") from None


def is_plan(path: Path) -> bool:
    """Tell whether a file is a plan that was written down."""
    from sync.planfile import NotAPlan, check

    try:
        check(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, NotAPlan):
        return False
    return True


def load_plan(path: Path) -> tuple[Mapping[str, Any], Selection]:
    """Read a plan that was written down, and what part of the workbook it is for. Raises UsageError."""
    from sync.model import Side
    from sync.planfile import NotAPlan, check
    from sync.selection import WORK, Condition, Selection

    try:
        data = check(json.loads(path.read_text(encoding="utf-8")))
        chosen = data["selection"]
        where = tuple(
            Condition(**{name: str(one[name]) for name in ("heading", "test", "value")}) for one in chosen["where"]
        )
        side = chosen.get("prefer")  # plans that were written before there was such a wish have none
        # How many records was settled when the plan was signed: they stand in it.
        selection = Selection(
            tuple(map(str, chosen["records"])),
            where,
            frozenset(chosen["only"]) & WORK.keys(),
            prefer=None if side is None else Side(side),
            review=str(chosen.get("review", "")),
        )
    except OSError as error:
        raise UsageError(f"The plan {path} cannot be read: {error.strerror}.") from None
    except (ValueError, NotAPlan, KeyError, TypeError):
        raise UsageError(f"{path} is no plan.", "Make one with: wtsync plan FILE --out PLAN") from None
    return data, selection


def signed_plan(
    path: Path | None, selection: Selection, *, approved: bool
) -> tuple[Mapping[str, Any] | None, Selection]:
    """Read the plan that was signed, if one is named; it says itself for what part of the workbook it is.

    So do the rows that were approved in the workbook. Raises UsageError where more than one of these chooses.
    """
    if path is not None and approved:
        raise UsageError("--plan and --approved both name what was approved.", "Give one of them.")
    if selection and (path is not None or approved):
        raise UsageError(
            "A plan says itself which records it is for, and which conflicts it settles.",
            "Leave out what would choose others.",
        )
    return (None, selection) if path is None else load_plan(path)


def nothing_moved(signed: Mapping[str, Any], path: Path, plan: Plan, seen: Checked, work: Work) -> None:
    """Refuse to carry out a plan that is not the one that was signed. Raises Refused, naming the rows that moved.

    Where a run of that plan has begun, what it has done already does not count as moved: it goes on.
    """
    from sync.cli.begun import former_inputs
    from sync.counts import counted
    from sync.planfile import lines, moved, searched

    again = f"Look at it once more, and write it down again: wtsync plan {typed(work.file)} --out {typed(path)}"
    if signed["workbookId"] != seen.tables.workbook_id:
        raise Refused(f"{path.name} is the plan of another workbook ({signed.get('workbook')}).", again)
    if signed["service"] != seen.service.identity:
        raise Refused(f"{path.name} was made for another service ({signed['service']}).", again)
    begun = work.journal.batches.began(signed["digest"]) is not None
    former = former_inputs(seen, work.journal, searched(signed)) if begun else {}
    rows = moved(plan, signed, begun=begun, former=former)
    if rows:
        raise Refused(f"Since {path.name} was written, {counted(len(rows), 'text')} moved:\n{lines(rows)}", again)
