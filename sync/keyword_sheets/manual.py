"""The sheet Manual keywords: keywords that people type in for the service, checked before anything is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.keyword_sheets.asked import Asked, Decision, Verb, result, verb_of
from sync.keyword_sheets.decisions import too_long
from sync.sheets.asked import Hearing, Names
from sync.sheets.values import fold
from sync.workbook.layout_keywords import MANUAL_CHOICES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sync.keyword_sheets.facts import Found
    from sync.model import RecordKey, Rules
    from sync.sheets.asked import Sheet

_MANUAL = frozenset({"manual", "own"})


def manual_decisions(sheet: Sheet, found: Iterable[Found], rules: Rules) -> Asked:
    """Read the rows that are not done yet.

    Keywords are folded to lower case; one that is there already, or is the product's own name, needs nothing. With
    more than the service takes of a record, those further down are refused.
    """
    hearing: Hearing[Decision] = Hearing(sheet)
    known = {one.record.key: one for one in found}
    names = Names(known)
    asked = []
    for row, cells in sheet.rows:
        if any(cells.get(heading, "").strip() for heading in ("Record ID", "Keyword")) and not cells["Done?"].strip():
            decision = _decision(hearing, names, row, cells)
            if decision is not None:
                asked.append(decision)
    there = {key: _manual(one) for key, one in known.items()}
    for decision in sorted(asked, key=lambda one: one.verb is Verb.ADD):  # what is removed makes room
        _check(hearing, decision, known[decision.record], there[decision.record], rules)
    return result(hearing)


def _manual(found: Found) -> dict[str, None]:
    listed = found.now.keywords if found.now is not None else ()
    return {fold(one.keyword): None for one in listed if fold(one.group) in _MANUAL}


def _decision(hearing: Hearing[Decision], names: Names, row: int, cells: Mapping[str, str]) -> Decision | None:
    at = hearing.sheet.cell(row, "Add or remove")
    key = names.find(hearing, row, cells)
    word = cells["Add or remove"].strip()
    if not word:
        hearing.refuse(at, "no-decision", "", "The row does not say what to do.", "Choose add or remove.")
        return None
    verb = verb_of(hearing, at, word, MANUAL_CHOICES)
    if verb is None or key is None:
        return None
    return Decision(verb, key, fold(cells["Keyword"]), at, _effect(verb, key))


def _check(hearing: Hearing[Decision], decision: Decision, found: Found, there: dict[str, None], rules: Rules) -> None:
    keyword, at = decision.subject, hearing.sheet.cell(decision.at.row, "Keyword")
    if not keyword:
        hearing.refuse(at, "no-keyword", "", "The row has no keyword.", "Fill in the column Keyword.")
    elif decision.verb is Verb.REMOVE:
        there.pop(keyword, None)
        hearing.decisions.append(decision)
    elif keyword == fold(found.record.inputs.name):
        hearing.settle(decision.at, "This is the product's own name, which is no keyword; it was not sent.")
    elif keyword in there:
        if any(one.verb is Verb.ADD and (one.record, one.subject) == _of(decision) for one in hearing.decisions):
            hearing.decisions.append(decision)  # it is told of as a double
        else:
            hearing.settle(decision.at, "The service has this keyword already.")
    elif flaw := too_long(keyword, rules):
        hearing.refuse(at, *flaw)
    elif rules.max_suggested_keywords is not None and len(there) >= rules.max_suggested_keywords:
        hearing.refuse(
            at, "too-many-keywords", keyword,
            f"The service takes {rules.max_suggested_keywords} keywords of a record's own.", "Remove others first.",
        )  # fmt: skip
    else:
        there[keyword] = None
        hearing.decisions.append(decision)


def _of(decision: Decision) -> tuple[RecordKey, str]:
    return decision.record, decision.subject


def _effect(verb: Verb, key: RecordKey) -> str:
    done = "given to the service as a keyword of" if verb is Verb.ADD else "taken from the service's own keywords of"
    return f"{done} {key.record_id} ({key.language})"
