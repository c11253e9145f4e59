"""A crash at every seam, crossed with a network fault on the order: nothing is paid for twice, nothing paid is lost.

Crashes alone are passed by the naive program too; it is the two together that tell the protocol from hope.
"""

from __future__ import annotations

import random

import pytest

from tests.run.checks import charges, unfinished, violations
from tests.run.seams import Crash, Seams
from tests.run.world import World, quick_folder

FAULTS = {
    "none": "",
    "S07-lost": "lost:on=generate,count=1",
    "S07-reset": "reset:on=generate,count=1",
    "S08-cut": "cut:on=generate,count=1",
    "S08-garbage": "garbage:on=generate,count=1",
    "S18-500-with-effect": "500:on=generate,count=1,effect=yes",
    "S18-500-without-effect": "500:on=generate,count=1",
    "S19-503-with-effect": "503:on=generate,count=1,effect=yes,retry_after=1",
    "S16-429": "429:on=generate,count=1,retry_after=2",
    "S11-401": "401:on=generate,count=1",
}
ENOUGH = 200
"""More seams than a run of this size has."""
STEP = 3
"""Each fault meets every third seam, and each seam at least three faults. All seams with all faults are `long`."""


def small(world: World) -> None:
    """Send three records in two orders, two texts each."""
    world.run(first=1, size=2)


def crash_at(k: int, spec: str) -> tuple[World, Seams]:
    """Crash at the k-th seam, then run again until all is done; gives what is left to look at."""
    with quick_folder() as folder:
        world = World(folder, records=3, seconds_per_record=0.4, faults=spec)
        seams = Seams(k)
        world.wrap_service = world.wrap_journal = seams.wrap
        try:
            small(world)
        except Crash:
            assert violations(world) == [], f"right after {seams.passed[-1]}"
        world.wrap_service = world.wrap_journal = lambda inner: inner
        _until_nothing_is_left(world, f"crashed at {seams.passed[-1]}")
        _resend(world)
        return world, seams


def _until_nothing_is_left(world: World, when: str) -> None:
    for _ in range(4):
        orders = world.posts()
        outcome = world.run(first=1, size=2)
        assert violations(world) == [], when
        assert outcome.plan is not None
        if not outcome.plan.changes:
            assert world.posts() == orders, "what is settled is left alone"
            break
    else:
        pytest.fail(f"{when}: it never comes to an end")
    assert unfinished(world) == [], when


def _resend(world: World) -> None:
    """Send what nobody could say about once more, on the user's word."""
    with world.open_journal() as journal:
        unknown = journal.batches.unknown()
    if not unknown:
        return
    resent = [(item.key.record.record_id, "en", item.key.text_type) for batch in unknown for item in batch.items]
    world.run(resend=[batch.id for batch in unknown], first=1, size=2)
    assert violations(world, resent=resent) == []
    assert world.empty_cells() == []


def crash_along(name: str, first: int, step: int) -> None:
    """Crash at every so many-th seam, from the first one given, until a run comes through."""
    for k in range(first, ENOUGH, step):
        world, seams = crash_at(k, FAULTS[name])
        assert charges(world), "the run did something"
        if len(seams.passed) < k:
            break
    else:
        pytest.fail("there are more seams than this test walks through")
    assert k > 15, "the seams are there"


@pytest.mark.soak
@pytest.mark.parametrize(("name", "first"), [(name, 1 + number % STEP) for number, name in enumerate(FAULTS)])
def test_s02_s03_s04_a_crash_at_any_seam_crossed_with_a_network_fault_charges_once_and_loses_nothing(
    name: str, first: int
) -> None:
    crash_along(name, first, STEP)


@pytest.mark.long
@pytest.mark.parametrize("name", FAULTS)
def test_s02_s03_s04_a_crash_at_every_seam_crossed_with_every_fault_charges_once_and_loses_nothing(name: str) -> None:
    crash_along(name, 1, 1)


@pytest.mark.soak
@pytest.mark.parametrize("chunk", [0, *(pytest.param(chunk, marks=pytest.mark.long) for chunk in range(1, 4))])
def test_two_crashes_and_several_faults_drawn_at_random_charge_once_and_lose_nothing(chunk: int) -> None:
    for seed in range(chunk * 15, chunk * 15 + 15):
        line = f"seed {seed}; replay: python -c 'from tests.run.test_crashes import wild; wild({seed})'"
        print(line)  # noqa: T201 - for the report of a failure
        wild(seed)


def wild(seed: int) -> None:
    """Draw faults and crashes from a seed, let them happen, then let everything go well."""
    dice = random.Random(seed)
    kinds = ["lost", "reset", "cut", "garbage", "500", "502:effect", "503", "429", "408:effect"]
    parts = []
    for kind in dice.sample(kinds, dice.randint(1, 4)):
        name, _, effect = kind.partition(":")
        option = f",effect={'yes' if effect else 'no'}" if name.isdigit() else ""
        parts.append(f"{name}:p=0.3,on=generate{option}")
    parts += dice.sample(["truncate:p=0.3", "vanish:p=0.3", "reset:p=0.1,method=GET", "fail:p=0.1", "timeout:p=0.2"], 2)
    with quick_folder() as folder:
        world = World(folder, records=dice.randint(2, 9), seed=seed, seconds_per_record=dice.choice([0.1, 1.0, 30.0]))
        world.faults(";".join(parts))
        size, first = dice.randint(1, 4), dice.randint(1, 3)
        for _ in range(dice.randint(1, 3)):
            seams = Seams(dice.randint(1, 60))
            world.wrap_service = world.wrap_journal = seams.wrap
            try:
                world.run(first=first, size=size)
            except Crash:
                world.clock.time += dice.choice([0.0, 1.0, 100.0])
            assert violations(world) == [], f"seed {seed}"
        world.wrap_service = world.wrap_journal = lambda inner: inner
        world.faults("")
        for _ in range(4):
            world.run(first=first, size=size)
            assert violations(world) == [], f"seed {seed}"
        assert unfinished(world) == [], f"seed {seed}"
