"""The journal's disk fails, is full, or loses power: nothing is sent that is not on it, and nothing paid is lost."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import apsw
import pytest

from sync.errors import JournalError, WtsyncError
from sync.service.body import generate_body
from tests.faults.storage import Connection, Cursor, Disk, Sqlite, available, batches_in
from tests.run.checks import charges, unfinished, violations
from tests.run.seams import Crash, Seams
from tests.run.world import World, Wrapped, quick_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sync.attempt import Attempt, GenerateRequest

pytestmark = pytest.mark.skipif(not available(), reason="the laboratory's disk is one of POSIX")

ENOUGH = 2000
"""More operations than a run of this size needs."""


class Witness(Wrapped):
    """Looks, at the last moment before an order leaves, at what a power cut would leave of the journal."""

    def __init__(self, inner: Any, disk: Disk) -> None:
        super().__init__(inner)
        self.disk = disk

    def generate(self, request: GenerateRequest, *, before_send: Callable[[], None]) -> Attempt:
        def then() -> None:
            before_send()
            assert intent_is_certain(self.disk, request), "J03: an order leaves whose intent a power cut would undo"

        attempt: Attempt = self.inner.generate(request, before_send=then)
        return attempt


def intent_is_certain(disk: Disk, request: GenerateRequest) -> bool:
    """Tell whether the journal, after a power cut now, would know of this order that it is about to leave."""
    wanted = {(record.record_id, field.text_type) for record in request.records for field, _ in record.fields}
    with tempfile.TemporaryDirectory() as folder:
        disk.cut_power(Path(folder))
        return any(state == "intent" and texts == wanted for state, texts in batches_in(Path(folder)).values())


def run_on(world: World, disk: Disk) -> BaseException | None:
    """Run once with the journal on that disk; gives what ended it."""
    world.wrap_service = lambda client: Witness(client, disk)
    with disk.in_use():
        try:
            return world.run(first=1, size=2).error
        except WtsyncError as error:
            return error


def until_done(world: World, when: str) -> None:
    world.wrap_service = lambda client: client
    for _ in range(3):
        outcome = world.run(first=1, size=2)
        assert outcome.error is None, when
        assert broken(world) == [], when
        if outcome.plan is not None and not outcome.plan.changes:
            break
    assert unfinished(world) == [], when


class PowerCut(Seams):
    """A crash at a seam that takes the disk's power with it."""

    def __init__(self, at: int, disk: Disk) -> None:
        super().__init__(at)
        self.disk = disk

    def seam(self, name: str) -> None:
        try:
            super().seam(name)
        except Crash:
            self.disk.frozen = True
            raise


def broken(world: World) -> list[str]:
    """List broken promises; a journal that could not even be begun has made none, and must have cost nothing."""
    if not batches_in(world.folder):
        return [f"{text} was paid for without a journal" for text in charges(world)]
    return violations(world)


def fail_at(number: int, error: type[Exception], *, for_good: bool) -> Disk:
    """Let the n-th operation fail in a run of three records in two orders, then go on with a sound disk."""
    when = f"{error.__name__} at operation {number}{', and ever after' if for_good else ''}"
    with quick_folder() as folder:
        world = World(folder, records=3, seconds_per_record=0.4)
        disk = Disk(number, error, for_good=for_good)
        ended = run_on(world, disk)
        assert broken(world) == [], when
        if isinstance(ended, JournalError):
            assert ended.exit_code == 7
            assert "cannot be used" in ended.message
            assert "WTSYNC_STATE_DIR" in ended.hint
        elif for_good:  # at most the last checkpoint has failed, after everything was done
            assert (ended, unfinished(world)) == (None, []), when
        until_done(world, when)
        assert set(charges(world).values()) == {1}, when
    return disk


@pytest.mark.parametrize(
    ("error", "for_good"),
    [
        pytest.param(apsw.FullError, True, id="full from then on"),
        pytest.param(apsw.IOError, False, id="fails once"),
        pytest.param(apsw.IOError, True, id="fails from then on", marks=pytest.mark.long),
        pytest.param(apsw.FullError, False, id="full once", marks=pytest.mark.long),
    ],
)
@pytest.mark.parametrize("part", range(4))
def test_j01_j02_whichever_write_or_sync_of_the_journal_fails_nothing_is_paid_twice_or_lost(
    part: int, error: type[Exception], for_good: bool
) -> None:
    struck = 0
    for number in range(part + 1, ENOUGH, 4):
        disk = fail_at(number, error, for_good=for_good)
        struck += bool(disk.struck)
        if not disk.struck:
            break
    print(f"{struck} operations failed one by one")  # noqa: T201 - the figure
    assert struck > 20


def test_j03_a_power_cut_at_every_seam_keeps_every_committed_step() -> None:
    for k in range(1, ENOUGH):
        if not cut_power_at(k, None):
            break
    assert k > 15


@pytest.mark.parametrize("seed", range(6))
def test_j03_a_power_cut_that_leaves_some_sectors_of_what_was_not_synchronised(seed: int) -> None:
    dice = random.Random(seed)
    print(f"seed {seed}")  # noqa: T201 - for the report
    for k in range(1 + seed % 3, 40, 3):
        cut_power_at(k, dice)


def cut_power_at(k: int, dice: random.Random | None, *, lying: bool = False) -> bool:
    """Cut the power at the k-th seam of a run, find the files as the disk has them, and go on. False: no such seam."""
    with quick_folder() as folder:
        world = World(folder, records=3, seconds_per_record=0.4)
        disk = Disk(lying=lying)
        seams = PowerCut(k, disk)
        world.wrap_service = lambda client: Witness(seams.wrap(client), disk)
        world.wrap_journal = seams.wrap
        with disk.in_use():
            try:
                world.run(first=1, size=2)
            except Crash:
                pass
            else:
                return False
        disk.cut_power(folder, dice)
        world.wrap_journal = lambda inner: inner
        until_done(world, f"power cut at {seams.passed[-1]}")
        assert set(charges(world).values()) == {1}
        return True


# ------------------------------------------------------------------- the breach: fsync left out


def test_mutant_drop_fsync_is_caught_where_the_order_leaves() -> None:
    with quick_folder() as folder, pytest.raises(AssertionError, match="J03"):
        run_on(World(folder, records=3, seconds_per_record=0.4), Disk(lying=True))


class _Normal(Sqlite):
    """A journal that was set to synchronise less: `synchronous=FULL` is heard as NORMAL, and said to be FULL."""

    @staticmethod
    def connect(path: Path, timeout: float = 5.0, isolation_level: None = None) -> Connection:  # noqa: ARG004 - sqlite3's
        return _Half(path, timeout)


class _Half(Connection):
    def execute(self, statement: str, values: Sequence[Any] = ()) -> Cursor:
        if statement == "PRAGMA synchronous":
            return Cursor([(2,)], 0, 0)
        return super().execute(statement.replace("synchronous=FULL", "synchronous=NORMAL"), values)


def test_mutant_synchronous_normal_is_caught_where_the_order_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.faults.storage.Sqlite", _Normal)
    with quick_folder() as folder, pytest.raises(AssertionError, match="J03"):
        run_on(World(folder, records=3, seconds_per_record=0.4), Disk())


def late_landing(*, lying: bool) -> list[str]:
    """Cut the power while an order is on its way; it lands when the next run has long begun. Gives what is wrong."""
    with quick_folder() as folder:
        world = World(folder, records=3, seconds_per_record=0.4)
        disk = Disk(lying=lying)

        class OnItsWay(Wrapped):
            def generate(self, request: GenerateRequest, *, before_send: Callable[[], None]) -> Attempt:
                before_send()
                body = generate_body(request)

                def lands() -> None:
                    world.simulator.generate(body)

                world.clock.at.append((world.clock.time + 600, lands))
                disk.frozen = True
                raise Crash

        world.wrap_service = OnItsWay
        with disk.in_use(), pytest.raises(Crash):
            world.run(first=3, size=3)
        disk.cut_power(folder)
        world.wrap_service = lambda client: client
        world.run(first=3, size=3)
        world.clock.sleep(700)
        world.clock.sleep(60)
        world.run(first=3, size=3)
        return violations(world) + unfinished(world)


def test_j03_s21_an_order_that_lands_after_a_power_cut_is_found_and_paid_once() -> None:
    assert late_landing(lying=False) == []


def test_mutant_drop_fsync_pays_twice_for_an_order_that_lands_after_a_power_cut() -> None:
    assert "was paid for 2 times" in str(late_landing(lying=True))
