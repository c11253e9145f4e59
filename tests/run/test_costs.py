"""What a run costs its journal, counted on a disk that counts: no clock, so the same on every machine."""

from __future__ import annotations

import pytest

from tests.faults.storage import Disk, available
from tests.run.world import World, quick_folder

pytestmark = pytest.mark.skipif(not available(), reason="the disk that counts is one of POSIX")

A_BATCH = 6
"""Synchronisations that one more batch costs, from its plan to its collected texts."""


def synchronised(records: int, size: int) -> int:
    """Run once, a first batch of one and then of `size`; give how often the disk was made to keep what was written."""
    disk = Disk()
    with quick_folder() as folder, disk.in_use():
        shop = World(folder, records=records, capacity=records)
        shop.run(first=1, size=size)
        assert shop.empty_cells() == [], "everything was made"
    return sum(done.startswith("sync ") for done in disk.done)


def test_a_batch_of_forty_eight_is_synchronised_as_often_as_one_of_six() -> None:
    assert synchronised(49, 48) <= synchronised(7, 6) + 1, "one more where the log is put into the file"


def test_each_more_batch_costs_six_synchronisations_and_no_more() -> None:
    two, five = synchronised(25, 24), synchronised(25, 6)
    assert 0 < five - two <= 3 * A_BATCH
