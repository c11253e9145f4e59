"""Puts the parts together for a command: the service, the workbook, the journal."""

from __future__ import annotations

import time
import uuid
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sync.cli.console import say
from sync.errors import ProblemsFound, ServiceError, UsageError
from sync.model import IMAGE, Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from sync.agreed import Merged
    from sync.journal import Journal
    from sync.model import (
        Balance,
        Change,
        Memory,
        Plan,
        Problem,
        Record,
        RecordKey,
        Reference,
        RemoteState,
        Side,
        TextKey,
        Workbook,
    )
    from sync.report.conflicts import Conflict
    from sync.selection import Selection
    from sync.service import Service
    from sync.tables import Tables


@dataclass(frozen=True, slots=True)
class Checked:
    """A workbook that was read and checked, with the service that it was checked against."""

    service: Service
    tables: Tables
    workbook: Workbook
    reference: Reference

    @property
    def errors(self) -> list[Problem]:
        """The problems that have to be put right."""
        return [problem for problem in self.workbook.problems if not problem.warning]


def as_cell(text: str) -> str:
    """Give a text as a cell will hold it."""
    from sync.workbook.package.text import fit

    return fit(text).text


@contextmanager
def checked(
    path: Path, sleep: Callable[[float], None] = time.sleep, *, fresh: bool = False, sure: bool = True
) -> Iterator[Checked]:
    """Read and check a workbook against the account's lists, and stay signed in for what follows.

    Lists that were kept are taken when the service says that they still hold. Unless one is to be `sure`, which is for
    whoever spends or writes, those that came within the last half hour are taken as they are, but no cell is called
    wrong by them. With `fresh` all are fetched.
    Raises ProblemsFound when the service cannot be asked and there are problems that show without it.
    """
    from sync.cli.connecting import Meanwhile, connect
    from sync.cli.pictures import with_addresses
    from sync.cli.remembered import keep_lists, lists_path, read_lists
    from sync.records import to_workbook
    from sync.workbook.read import read

    lists = {} if fresh else read_lists(lists_path())
    before = dict(lists)
    try:
        service = connect(sleep, lists)
    except ServiceError as error:
        _offline(read(path), error)
        raise
    asked = Meanwhile(lambda: service.reference(sure=sure))
    with ExitStack() as stack:
        stack.callback(asked.afterwards, service.close)  # where the workbook cannot be read, nobody waits for an answer
        tables = read(path)
        try:
            reference = asked.answer()
        except ServiceError as error:
            _offline(tables, error)
            raise

        def against(reference: Reference) -> Checked:
            return Checked(service, tables, with_addresses(to_workbook(tables, reference)), reference)

        seen = against(reference)
        if seen.errors and service.lists_age is not None:
            seen = against(service.reference(sure=True))
        if lists != before:
            keep_lists(lists_path(), lists)
        yield seen


def _offline(tables: Tables, error: ServiceError) -> None:
    """Report what can be seen to be wrong without the service, before saying that the service cannot be had."""
    from sync.records import to_workbook

    problems = to_workbook(tables, None).problems
    if any(not problem.warning for problem in problems):
        raise found(problems, f"{error.message} So tones, styles, audiences and lengths were not checked yet.")


def found(problems: Sequence[Problem], hint: str = "", *, count: int | None = None) -> ProblemsFound:
    """Make the error that says that cells have to be put right first; `count` where they were listed already."""
    if count is None:
        count = sum(not problem.warning for problem in problems)
    cells = "1 cell has" if count == 1 else f"{count} cells have"
    hint = hint or "Nothing was sent. Put them right, save the workbook, and run the same command again."
    return ProblemsFound(problems, f"{cells} to be put right first.", hint)


def moved_journal(tables: Tables) -> None:
    """Let the journal of a workbook that was moved or renamed come along, and say so."""
    from sync.journal import follow_move
    from sync.records.locate import locate

    moved = follow_move(tables.workbook_id, lambda: {key.record_id for key in locate(tables).rows})
    if moved is not None:
        say(f"wtsync: taken to be what was {moved}; its journal comes along.")


def open_journal(tables: Tables, service: Service) -> Journal:
    """Open the journal of a workbook for the service that we are signed in to."""
    from sync.journal import Journal, journal_path

    moved_journal(tables)
    return Journal(journal_path(tables.workbook_id), service.identity, simulated=service.simulated)


def new_run_id() -> str:
    """Make a name for a run: short enough to type."""
    return uuid.uuid4().hex[:8]


@dataclass(frozen=True, slots=True)
class Known:
    """What a plan is made from, besides the workbook: what the service holds, what the journal knows, the balance."""

    remote: RemoteState
    memory: Memory
    balance: Balance
    merged: Merged | None = None
    """What the workbook's own notes say, brought together with the journal; None where it has none."""
    undone: int = 0
    """Texts that we wrote into the workbook and that are gone, as in an older copy."""


def ask(seen: Checked, journal: Journal, *, full: bool = False) -> Known:
    """Find out what the service holds for a workbook, with `full` text by text, and what the journal knows of it."""
    from sync.cli.amnesia import is_forgotten
    from sync.cli.sharing import together
    from sync.cli.undone import undone
    from sync.keywording import concerned
    from sync.run.remote import remote_state

    book = seen.workbook
    remote = remote_state(
        seen.service,
        book.records,
        as_cell,
        journal.looks,
        full=full,
        keywords_of=concerned(book.records, book.policies),
    )
    memory = journal.memory()
    gone = {item.key: item for item in undone(seen.tables, journal)}
    forgotten = memory.forgotten or is_forgotten(seen.tables, journal)
    memory = replace(memory, waiting={**gone, **memory.waiting}, forgotten=forgotten)
    memory, merged = together(seen, remote, memory, journal)
    return Known(remote, memory, seen.service.balance(), merged, len(gone))


def decisions(
    seen: Checked, known: Known, records: Sequence[Record], side_of: Callable[[TextKey], Side | None] | None = None
) -> Sequence[Change]:
    """Decide every wanted text of some records; conflicts for the side that `side_of` names, where it names one."""
    from sync.diff import diff
    from sync.keywording import informed, waiting_for, with_keywords
    from sync.preference import preferred
    from sync.records import input_digests
    from sync.records.bulk import without_collecting

    policies, prices = seen.workbook.policies, seen.reference.prices

    def told() -> Iterator[Record]:
        return (informed(record, waiting_for(record, known.memory)) for record in records)

    with without_collecting():
        changes = diff(told(), known.remote, known.memory, policies, prices, input_digests)
    if side_of is not None:
        changes = preferred(changes, told(), known.remote, known.memory, policies, prices, side_of)
    return with_keywords(changes, told(), known.remote, known.memory, policies, prices)


def side_of(selection: Selection) -> Callable[[TextKey], Side | None] | None:
    """Give what `decisions` asks of each conflict: the same side for all of them."""
    return None if selection.prefer is None else lambda _: selection.prefer


def make_plan(
    seen: Checked,
    known: Known,
    selection: Selection | None = None,
    among: Collection[RecordKey] | None = None,
    approved: Mapping[TextKey, Side] | None = None,
) -> Plan:
    """Compare the workbook with the service and with the journal, and price what a run would do.

    `among` are the records chosen before, where a plan or an interrupted run goes on. `approved` says of
    texts, should they be in conflict, for which side somebody settled that. Raises UsageError when the selection names
    what is not there.
    """
    from sync.plan import make
    from sync.selection import Selection, narrowed

    selection = selection or Selection()
    records = chosen_records(seen, selection)
    sides = approved.get if approved is not None else side_of(selection)
    return make(narrowed(decisions(seen, known, records, sides), selection, among), known.balance)


def in_conflict(seen: Checked, known: Known, plan: Plan, *, whole: bool) -> tuple[Conflict, ...]:
    """Find the texts in conflict that a run leaves, in the whole workbook; `whole`: that is what the plan is for."""
    from sync.report.conflicts import conflicts

    records = seen.workbook.records
    left = plan.notes
    if not whole:
        settled = {change.key for change in plan.changes}
        left = tuple(one for one in decisions(seen, known, records) if one.key not in settled)
    concerned = {one.key.record for one in left if one.kind is Kind.CONFLICT}
    names = {record.key: record.inputs.name for record in records if record.key in concerned} if concerned else {}
    return conflicts(left, known.memory.bases, names)


def chosen_records(seen: Checked, selection: Selection) -> Sequence[Record]:
    """Give the records that are meant. Raises UsageError when the selection names what is not there."""
    from sync.cli.review_facts import in_review
    from sync.records import only
    from sync.selection import NotSelectable, chosen

    try:
        records = chosen(seen.workbook.records, seen.tables, selection)
    except NotSelectable as error:
        raise UsageError(error.message, error.hint) from None
    if not selection.review:
        return records
    asked = in_review(seen.service, records, selection.review)
    return only(records, lambda record: record.key in asked)


def with_obstacles(seen: Checked, file: Path, plan: Plan) -> Checked:
    """Add the cells that a plan must not write to (formulas, merged cells) to the problems; drop their rows."""
    from sync.cli.obstacles import obstacles_to
    from sync.records import only

    obstacles = obstacles_to(file, seen.tables, plan.changes)
    if not obstacles:
        return seen
    blocked = {key.record for key in obstacles}
    workbook = seen.workbook
    return replace(
        seen,
        workbook=replace(
            workbook,
            records=only(workbook.records, lambda record: record.key not in blocked),
            problems=(*workbook.problems, *obstacles.values()),
        ),
    )


def with_proposals(seen: Checked, known: Known) -> Checked:
    """Say of damaged ids which one they may have been, and of our own notes in the workbook what is wrong with them."""
    from sync.cli.sharing import strange
    from sync.records.repair import proposed

    ids = {key.record.record_id for key in known.memory.bases if key.record.type != IMAGE}
    problems = (*proposed(seen.workbook.problems, ids), *strange(seen, known.merged))
    return replace(seen, workbook=replace(seen.workbook, problems=problems))
