"""Every schedule of two things going wrong in a small run: a crash at each seam, crossed with trouble at each call.

The run sends three records in two orders. Its calls are numbered from 0 for each kind, its seams from 1; one schedule
is written `workload crash crash2 call:number:trouble ...`, and is replayed with that line.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sync.model import Kind
from tests.faults.lab import laboratory
from tests.faults.network import LIST, MILD, ORDER, READ, REQUEST, Network
from tests.faults.promises import FIELDS, BrokenPromise

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.faults.lab import Lab
    from tests.run.world import Outcome

Script = tuple[tuple[str, int, str], ...]
"""What strikes: call, its number, the trouble."""
HEADINGS = ("Action", "Record ID", "Name", "Page title")
MOST_SEAMS = 120
ROUNDS = 4
"""I8: commands after which all is done when nothing goes wrong any more."""


@dataclass(frozen=True)
class Schedule:
    """What happens in one trial. `crash` and `again` are seams (0: none), of the first command and of the second.

    `later`: the trouble strikes the second command instead of the first.
    """

    workload: str
    crash: int = 0
    again: int = 0
    script: Script = ()
    later: bool = False

    def line(self) -> str:
        """Write it down so that it can be replayed."""
        troubles = [f"{call}:{number}:{trouble.replace(' ', '_')}" for call, number, trouble in self.script]
        when = ["later"] if self.later else []
        return " ".join([self.workload, str(self.crash), str(self.again), *when, *troubles])


def read_schedule(line: str) -> Schedule:
    """Read a line back."""
    workload, crash, again, *rest = line.split()
    later = "later" in rest
    script = []
    for part in rest:
        if part != "later":
            call, number, trouble = part.split(":")
            script.append((call, int(number), trouble.replace("_", " ")))
    return Schedule(workload, int(crash), int(again), tuple(script), later)


def play(schedule: Schedule, *, http: bool = False) -> Lab:
    """Carry a schedule out, then let everything go well until nothing is left; gives the laboratory to look at.

    Raises BrokenPromise, with the line that replays it.
    """
    try:
        with laboratory(records=3, headings=HEADINGS, seconds_per_record=0.4, http=http) as lab:
            _play(lab, schedule)
            return lab
    except Exception as error:
        line = f"python -m tests.faults.replay schedule '{schedule.line()}'"
        raise BrokenPromise(f"{type(error).__name__}: {error}\n  replay: {line}") from error


def _play(lab: Lab, schedule: Schedule) -> None:
    if schedule.workload == "again":
        lab.act(first=1, size=2)
        for row in lab.rows:
            lab.wish(row[1], "Regenerate")
    script = {(call, number): trouble for call, number, trouble in schedule.script}
    lab.network = Network({} if schedule.later else script)
    lab.act(schedule.crash, first=1, size=2)
    lab.first_seams = lab.seams.passed
    if schedule.again or schedule.later:
        lab.network = Network(script if schedule.later else {})
        lab.act(schedule.again, first=1, size=2)
    lab.second_seams = lab.seams.passed
    lab.network = Network()
    finish(lab, first=1, size=2)
    if empty := lab.empty_cells():
        raise BrokenPromise(f"I8: {empty} are empty after everything went well")


def finish(lab: Lab, **options: int) -> bool:
    """Let everything go well until nothing is left; tells whether the user had to be asked."""
    outcome = until_nothing_is_left(lab, **options)
    nothing_unsaid(lab, outcome)
    asked = lab.resend(**options)
    if asked:
        nothing_unsaid(lab, until_nothing_is_left(lab, **options))
    lab.promises.settled()
    if lab.http:
        lab.promises.no_secret(" ".join(lab.said))
    return asked


def until_nothing_is_left(lab: Lab, **options: int) -> Outcome:
    """I8: with nothing going wrong, a few commands come to an end, and the next one sends nothing."""
    for _ in range(ROUNDS):
        orders = lab.posts()
        outcome = lab.act(**options)
        if outcome is None or outcome.error is not None:
            raise BrokenPromise(f"I8: a command failed though nothing went wrong: {outcome and outcome.error!r}")
        if outcome.plan is None or not outcome.plan.changes:
            if lab.posts() != orders:
                raise BrokenPromise("I8: what is settled was sent again")
            if not lab.clock.at and not (outcome.plan and outcome.plan.adopted):
                return outcome
        lab.wait(6000.0)  # whatever is still on its way has landed then
    raise BrokenPromise("I8: it never comes to an end")


def nothing_unsaid(lab: Lab, outcome: Outcome) -> None:
    """I8: what is still missing is declared by the plan: unknown, or left for a reason that is told."""
    declared = {
        (change.key.record.record_id, change.key.text_type)
        for change in (outcome.plan.notes if outcome.plan else ())
        if change.kind in {Kind.UNKNOWN, Kind.LEFT, Kind.GONE}
    }
    for record, heading in lab.empty_cells():
        ordered = lab.cell(record, "Action") not in {"Skip", "Pull"}  # who pulls takes what there is, be it nothing
        if ordered and (record, FIELDS[heading]) not in declared:
            raise BrokenPromise(f"I8: {record} {heading} is empty and nobody says why")


def recovered_twice(schedule: Schedule) -> bool:
    """I7: after a crash, recovering changes the journal once; False: there was no crash."""
    with laboratory(records=3, headings=HEADINGS, seconds_per_record=0.4) as lab:
        lab.network = Network({(call, number): trouble for call, number, trouble in schedule.script})
        if lab.act(schedule.crash, first=1, size=2) is not None:
            return False
        lab.network = Network()
        lab.recover_only()
        once = lab.promises.content()
        lab.recover_only()
        if lab.promises.content() != once:
            line = f"python -m tests.faults.replay schedule '{schedule.line()}'"
            raise BrokenPromise(f"I7: recovering twice is not recovering once\n  replay: {line}")
    return True


# ----------------------------------------------------------------------------- all of them

WORKLOADS = ("fresh", "again")
_ORDERS = tuple(("generate", number, trouble) for number in (0, 1) for trouble in ORDER)
_LISTS = tuple(("list", number, trouble) for number in range(5) for trouble in LIST)
_TEXTS = tuple(("texts", number, trouble) for number in range(5) for trouble in READ)
_OTHERS = tuple(("balance", number, trouble) for number in range(3) for trouble in READ) + tuple(
    ("request", number, trouble) for number in range(2) for trouble in REQUEST
)
_READS = _LISTS + _TEXTS + _OTHERS
_WORST = ("lost", "500", "late 40", "twice")
"""What is crossed with two crashes: unanswered with and without effect, late, delivered twice."""


def groups() -> list[tuple[str, Schedule]]:
    """List the beginnings of all schedules; `expand` crosses each with the crashes it is meant for."""
    found = [("crash", Schedule(workload, script=(one,))) for workload in WORKLOADS for one in _ORDERS]
    found += [("crash", Schedule("fresh", script=(one,))) for one in _READS]
    found += [("two crashes", Schedule("fresh", script=(("generate", 0, one),))) for one in _WORST]
    found += [("two crashes", Schedule("again", script=(("generate", 1, one),))) for one in _WORST[:1]]
    found += [("crash, then trouble", Schedule("fresh", script=(one,), later=True)) for one in _ORDERS]
    found += [("pair", Schedule("fresh", script=(one,))) for one in _ORDERS]
    return found


def expand(how: str, first: Schedule) -> Iterator[Schedule]:
    """Play every schedule that begins with one, and give each after it was played."""
    if how == "pair":
        for other in _READS:
            if other[2] in MILD and other[1] in {1, 2}:
                schedule = Schedule(first.workload, script=(*first.script, other))
                play(schedule)
                yield schedule
        return
    for crash in range(MOST_SEAMS):
        schedule = Schedule(first.workload, crash, 0, first.script, first.later)
        lab = play(schedule)
        yield schedule
        if crash > len(lab.first_seams):
            return
        if how == "two crashes" and crash:
            for again in range(1, MOST_SEAMS):
                schedule = Schedule(first.workload, crash, again, first.script)
                lab = play(schedule)
                yield schedule
                if again > len(lab.second_seams):
                    break
    raise BrokenPromise("there are more seams than are walked through")
