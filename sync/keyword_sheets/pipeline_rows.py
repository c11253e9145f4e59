"""The rows of the sheet Pipelines: one for each pipeline of a record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.keyword_sheets.facts import of_record
from sync.sheets.table import Table
from sync.sheets.values import Tone, Toned
from sync.workbook.layout_keywords import OF_RECORD, PIPELINE_HEADINGS, PIPELINES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sync.keyword_sheets.facts import Found
    from sync.model import Pipeline
    from sync.sheets.values import Value

KEY = (*OF_RECORD, "Pipeline")
_TRIGGER = ("Trigger condition", "Trigger value", "Text types")
_ASKED_WITH = {"trigger": _TRIGGER, "trigger automatic": _TRIGGER, "restore snapshot": ("Snapshot id",)}


def pipeline_table(found: Iterable[Found]) -> Table:
    """Give the sheet, record by record in the order of the workbook; pipelines that were deleted come last."""
    rows = [
        of_record(one) | _cells(pipeline)
        for one in found
        if one.now is not None
        for pipeline in sorted(one.now.pipelines, key=lambda pipeline: bool(pipeline.deleted))
    ]
    return Table(PIPELINES, PIPELINE_HEADINGS, KEY, rows, _ASKED_WITH)


def _cells(pipeline: Pipeline) -> dict[str, Value]:
    triggers = pipeline.triggers
    return {
        "Pipeline": pipeline.pipeline_id,
        "Title": pipeline.title,
        "Level": pipeline.level,
        "Keyword in use": pipeline.keyword,
        "Rank": pipeline.rank,
        "Locked?": _said(Tone.GOOD, answer=pipeline.locked),
        "Deleted?": _said(Tone.BAD, answer=pipeline.deleted),
        "Trigger condition": "; ".join(one.option for one in triggers if one.option),
        "Trigger value": "; ".join(one.value for one in triggers if one.value),
        "Trigger action": "; ".join(one.action for one in triggers if one.action),
        "Text types": "; ".join(dict.fromkeys(text for one in triggers for text in one.text_types)),
        "Snapshot id": pipeline.snapshot_id,
    }


def _said(tone: Tone, *, answer: bool | None) -> Value:
    """Say yes or no; nothing where the service does not say."""
    if answer is None:
        return None
    return Toned("yes", tone) if answer else "no"
