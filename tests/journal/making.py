"""Runs and batches, as small as can be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.batch import Batch, BatchState, Item, RunInfo
from sync.model import Price
from tests.nouns import TITLE, text_key

if TYPE_CHECKING:
    from sync.journal import Journal


def begin(journal: Journal, run_id: str = "run1", at: float = 1.0) -> None:
    journal.batches.begin_run(RunInfo(run_id, at, "service-1", simulated=True, approved=9.0), "digest")


def batch(
    *record_ids: str,
    run_id: str = "run1",
    state: BatchState = BatchState.PLANNED,
    types: tuple[str, ...] = (TITLE,),
    found: bool = False,
) -> Batch:
    items = tuple(
        Item(text_key(one, name), "", "d1", Price(1.0, 2.0)) for one in record_ids or ("A1",) for name in types
    )
    return Batch(0, run_id, state, "shop", "Product", "en", items, found=found)


def planned(journal: Journal, *record_ids: str) -> int:
    begin(journal)
    return journal.batches.plan([batch(*record_ids)])[0]
