"""Decisions on the sheets Keywords and Pipelines: checked against the workbook, the results and the live rules."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sync.keyword_sheets.asked import Asked, Decision, Verb, result, verb_of
from sync.model import ON_PURPOSE
from sync.sheets.asked import Hearing, Names
from sync.sheets.values import fold
from sync.workbook.layout_keywords import KEYWORD_CHOICES, PIPELINE_CHOICES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from sync.keyword_sheets.facts import Found
    from sync.model import Cell, Pipeline, RecordKey, Rules
    from sync.sheets.asked import Sheet

_SEPARATORS = re.compile(r"[,;\n]")
_EFFECTS = {
    Verb.USE: "put into the Keywords of {record}",
    Verb.DROP: "taken out of the Keywords of {record}",
    Verb.LOCK: "locked: the service is not to change this pipeline of {record} by itself",
    Verb.UNLOCK: "unlocked: the service may change this pipeline of {record} again",
    Verb.DELETE: "deleted from {record}; it can be restored",
    Verb.RESTORE: "restored for {record}",
    Verb.TRIGGER: "watched: {record} is flagged for a rewrite {when}; no text changes",
    Verb.AUTOMATIC: "watched: {record} is REWRITTEN BY THE SERVICE ITSELF {when}, which may cost credits",
    Verb.SNAPSHOT: "kept as it is now, in a snapshot of all pipelines of {record}",
    Verb.PUT_BACK: "put back to the snapshot of {record}",
}


def keyword_decisions(sheet: Sheet, found: Iterable[Found], rules: Rules) -> Asked:
    """Read the sheet Keywords: which keywords are to be used, and which dropped."""
    hearing: Hearing[Decision] = Hearing(sheet)
    known = {one.record.key: one for one in found}
    names = Names(known)
    left = {key: {fold(word): None for word in one.record.inputs.keywords} for key, one in known.items()}
    asked = []
    for row, cells in sheet.rows:
        if not (word := cells.get("Decision", "").strip()):
            continue
        at = sheet.cell(row, "Decision")
        verb, key = verb_of(hearing, at, word, KEYWORD_CHOICES), names.find(hearing, row, cells)
        if verb is not None and key is not None:
            asked.append((verb, key, fold(cells.get("Keyword", "")), at))
    for verb, key, keyword, at in sorted(asked, key=lambda one: one[0] is Verb.USE):  # what is dropped makes room
        _keyword(hearing, Decision(verb, key, keyword, at, _effect(verb, key)), left[key], rules)
    return result(hearing)


def _keyword(hearing: Hearing[Decision], decision: Decision, there: dict[str, None], rules: Rules) -> None:
    """Check one keyword against what stands in the cell of its record, and note it there."""
    keyword, at = decision.subject, decision.at
    if not keyword:
        hearing.refuse(at, "no-keyword", "", "The row has no keyword.", "Fill in the column Keyword.")
    elif decision.verb is Verb.DROP:
        if keyword in there:
            del there[keyword]
            hearing.decisions.append(decision)
        else:
            hearing.settle(at, "It is not among the Keywords of the record.")
    elif keyword in there:
        hearing.settle(at, "It is among the Keywords of the record already.")
    elif flaw := too_long(keyword, rules):
        hearing.refuse(at, *flaw)
    elif rules.max_keywords is not None and len(there) >= rules.max_keywords:
        hearing.refuse(
            at, "too-many-keywords", keyword,
            f"The record would have more than {rules.max_keywords} Keywords, which is all that the service takes.",
            "Drop one of the others first.",
        )  # fmt: skip
    else:
        there[keyword] = None
        hearing.decisions.append(decision)


def too_long(keyword: str, rules: Rules) -> tuple[str, str, str, str] | None:
    """Say what is wrong with a keyword's form: kind, value, what, remedy."""
    if _SEPARATORS.search(keyword):
        what = "A keyword cannot hold a comma, a semicolon or a line break."
        return "several-keywords", keyword, what, "Give one keyword a row."
    if rules.max_keyword_length is not None and len(keyword) > rules.max_keyword_length:
        what = f"The keyword has {len(keyword)} characters; the service takes {rules.max_keyword_length}."
        return "keyword-too-long", keyword, what, "Shorten it."
    return None


def with_keywords(cell: str, use: Sequence[str], drop: Collection[str]) -> str:
    """Give the text of a record's Keywords cell with some put in and some taken out; the others stay as they are."""
    parts = [] if fold(cell) == fold(ON_PURPOSE) else [part.strip() for part in _SEPARATORS.split(cell)]
    kept = [part for part in parts if part and fold(part) not in drop]
    if not drop and kept:
        return ", ".join([cell.rstrip(" ,;\n"), *use])
    return ", ".join([*kept, *use])


def pipeline_decisions(sheet: Sheet, found: Iterable[Found]) -> Asked:
    """Read the sheet Pipelines; the decisions are checked against the newest results."""
    hearing: Hearing[Decision] = Hearing(sheet)
    known = {one.record.key: one for one in found}
    names = Names(known)
    for row, cells in sheet.rows:
        if not (word := cells.get("Decision", "").strip()):
            continue
        at = sheet.cell(row, "Decision")
        verb, key = verb_of(hearing, at, word, PIPELINE_CHOICES), names.find(hearing, row, cells)
        if verb is None or key is None:
            continue
        now = known[key].now
        wanted = cells.get("Pipeline", "").strip()
        pipeline = next((one for one in (now.pipelines if now else ()) if one.pipeline_id == wanted), None)
        if pipeline is None:
            hearing.refuse(
                sheet.cell(row, "Pipeline"), "unknown-pipeline", wanted,
                "The service reports no such pipeline of this record.",
                "Take the decision out; the row goes away when the sheet is next written.",
            )  # fmt: skip
        else:
            _pipeline(hearing, verb, key, pipeline, at, cells)
    return result(hearing)


def _pipeline(
    hearing: Hearing[Decision], verb: Verb, key: RecordKey, pipeline: Pipeline, at: Cell, cells: Mapping[str, str]
) -> None:
    already = {
        Verb.LOCK: (pipeline.locked, True, "It is locked already."),
        Verb.UNLOCK: (pipeline.locked, False, "It is not locked."),
        Verb.DELETE: (pipeline.deleted, True, "It is deleted already."),
        Verb.RESTORE: (pipeline.deleted, False, "It is not deleted."),
    }
    state, wanted, why = already.get(verb, (None, True, ""))
    trigger = (cells.get("Trigger condition", "").strip(), cells.get("Trigger value", "").strip())
    types = tuple(part.strip() for part in _SEPARATORS.split(cells.get("Text types", "")) if part.strip())
    snapshot = cells.get("Snapshot id", "").strip() or pipeline.snapshot_id
    if state is wanted and why:
        hearing.settle(at, why)
    elif verb is Verb.PUT_BACK and not snapshot:
        hearing.refuse(
            at, "no-snapshot", verb, "No snapshot of this pipeline is known.",
            "Decide snapshot first, or write the id of one into the column Snapshot id.",
        )  # fmt: skip
    elif verb is Verb.TRIGGER and any(
        (one.option, one.value) == trigger and fold(one.action) == "flagforrewrite" for one in pipeline.triggers
    ):
        hearing.settle(at, "It has this trigger already.")
    else:
        effect = _effect(verb, key, when=" ".join(filter(None, trigger)))
        hearing.decisions.append(Decision(verb, key, pipeline.pipeline_id, at, effect, snapshot, (*trigger, types)))


def _effect(verb: Verb, key: RecordKey, *, when: str = "") -> str:
    record = f"{key.record_id} ({key.language})"
    return _EFFECTS[verb].format(record=record, when=f"when {when}" if when else "when the service sees fit")
