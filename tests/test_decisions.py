"""The truth table as people read it, docs/decisions.md: each of its rows is decided here, and it has all of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from sync.model import Action, ChangedInputs, EditedCell, EmptiedCell, Kind, Policies
from tests.nouns import base
from tests.test_diff import TABLE, verdict

PAGE = Path(__file__).parents[1] / "docs" / "decisions.md"
HERE = {"nothing": "", "the agreed text": "agreed", "your text": "yours"}
THERE = {
    "nothing": None,
    "the agreed text": "agreed",
    "your text": "yours",
    "another text": "other",
    "an empty text": "",
}
AGREED = {"never": None, "once": "agreed"}
SETTINGS = {
    "Emptied cell: restore": Policies(emptied_cell=EmptiedCell.RESTORE),
    "Emptied cell: regenerate": Policies(emptied_cell=EmptiedCell.REGENERATE),
    "Emptied cell: leave": Policies(emptied_cell=EmptiedCell.LEAVE),
    "Edited cell: push": Policies(edited_cell=EditedCell.PUSH),
    "Edited cell: keep": Policies(edited_cell=EditedCell.KEEP),
    "Changed inputs: note": Policies(changed_inputs=ChangedInputs.NOTE),
    "Changed inputs: regenerate": Policies(changed_inputs=ChangedInputs.REGENERATE),
}
DOES = {
    "makes the text": Kind.GENERATE,
    "fetches the service's": Kind.PULL,
    "sends yours back": Kind.PUSH,
    "marks it as reviewed": Kind.REVIEW,
    "publishes it": Kind.PUBLISH,
    "archives the record": Kind.ARCHIVE,
    "nothing: nothing changed": Kind.UNCHANGED,
    "remembers it as agreed": Kind.ADOPT,
    "leaves yours alone": Kind.PROTECTED,
    "tells you that the product changed": Kind.STALE,
    "keeps your edit here": Kind.EDITED,
    "conflict: shows both": Kind.CONFLICT,
    "tells you that it is gone": Kind.GONE,
    "leaves it": Kind.LEFT,
    "skips the row": Kind.SKIPPED,
}


def rows() -> list[tuple[str, ...]]:
    """Read the rows of the page's tables, less headings and rules."""
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    cells = [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines]
    return [row for row in cells if row[0] != "In the workbook"]


@pytest.mark.parametrize("row", rows(), ids=" - ".join)
def test_what_the_page_says_is_what_is_decided(row: tuple[str, ...]) -> None:
    here, there, agreed, wish, does = row
    changed = wish.startswith("Changed inputs")
    known = AGREED[agreed]
    found, _ = verdict(
        HERE[here],
        THERE[there],
        None if known is None else base(known, digest="older" if changed else "d1"),
        Action(wish) if wish in set(Action) else Action.DECIDE,
        SETTINGS.get(wish, Policies()),
    )
    assert wish in {"", *SETTINGS, *Action}
    assert found is DOES[does]


def test_the_page_has_every_action_every_policy_and_every_outcome() -> None:
    wishes, outcomes = {row[3] for row in rows()}, {row[4] for row in rows()}
    assert wishes >= {*SETTINGS, *Action} - {Action.DECIDE.value}
    assert outcomes == set(DOES)
    assert len(rows()) >= len(TABLE) - 10
