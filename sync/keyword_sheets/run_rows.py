"""The rows of the sheet Keyword runs: one for each record whose keywords were analysed, or are being."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.keyword_sheets.facts import of_record
from sync.model import OptimizationState
from sync.sheets.table import Table
from sync.sheets.values import Tone, Toned, fold, moment
from sync.workbook.layout_keywords import KEYWORD_RUNS, OF_RECORD, RUN_HEADINGS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sync.keyword_sheets.facts import Found
    from sync.keyword_sheets.targets import Targets
    from sync.model import KeywordResult
    from sync.sheets.values import Value

FLAGGED = "the service asks for a rewrite"
_TONES = {OptimizationState.COMPLETED.value: Tone.GOOD, OptimizationState.FAILED.value: Tone.BAD}
_STATES = {"Keywords ready": "forgeneration", "Keywords generated": "generated", "Keywords published": "published"}


def run_table(found: Iterable[Found], targets: Targets) -> Table:
    """Give the sheet: who needs a person first, then in the order of the workbook."""
    rows = [of_record(one) | _cells(one, targets) for one in found if one.is_run]
    return Table(KEYWORD_RUNS, RUN_HEADINGS, OF_RECORD, sorted(rows, key=lambda row: row["Needs a person"] is None))


def _cells(found: Found, targets: Targets) -> dict[str, Value]:
    now, run = found.now, found.run
    status = now.raw_state if now is not None else run.status
    needed = "; ".join(_reasons(found, targets))
    return {
        "Needs a person": Toned(needed, Tone.WARN) if needed else None,
        "Status": Toned(status, _TONES[status]) if status in _TONES else status,
        "Error or note": (now.note if now is not None else "") or run.note,
        **(_counts(now) if now is not None else {}),
        "Clusters asked": run.clusters,
        "Credits expected": run.expected,
        "Credits booked": run.booked,
        "Started at": moment(run.started_at),
        "Finished at": moment(run.finished_at),
        "Last checked": moment(run.checked_at),
        "URL": found.record.inputs.url,
    }


def _counts(now: KeywordResult) -> dict[str, Value]:
    keywords = {fold(one.keyword): fold(one.state) for one in now.keywords}
    ranks = [one.rank for one in now.keywords if one.rank is not None]
    in_use = {one.keyword for one in now.pipelines if one.keyword and not one.deleted}
    clusters = {one.cluster for one in now.keywords if one.cluster}
    told = any(keywords.values())
    return {
        "Primary keyword": next(iter(in_use)) if len(in_use) == 1 else "",
        "Best rank": min(ranks, default=None),
        "Keywords found": len(keywords) if keywords or now.state is OptimizationState.COMPLETED else None,
        **{
            heading: sum(state == wanted for state in keywords.values()) if told else None
            for heading, wanted in _STATES.items()
        },
        "Clusters found": len(clusters) or None,
    }


def _reasons(found: Found, targets: Targets) -> Iterator[str]:
    now = found.now
    state = now.state if now is not None else found.run.status
    if state == OptimizationState.FAILED:
        yield "the analysis failed"
    if now is None:
        return
    if now.flagged:
        yield FLAGGED
    if state is OptimizationState.COMPLETED and not now.keywords:
        yield "no keywords were found"
    shared = [keyword for keyword in dict.fromkeys(found.aims()) if targets.others(found, keyword)]
    if shared:
        more = f" and {len(shared) - 1} more" if len(shared) > 1 else ""
        yield f"other records aim at {shared[0]}{more} as well"
