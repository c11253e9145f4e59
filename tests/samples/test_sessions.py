from __future__ import annotations

import json
import shutil
from pathlib import Path

import httpx
import pytest

from sync.model import PRODUCT_TEXTS
from sync.workbook.layout import heading_for
from sync.workbook.read import read
from tests.samples.office import CellEdit, Wish
from tests.samples.session import WORKBOOK, Command, Player, Said, alike, play, steps

SAMPLES = Path(__file__).parents[2] / "samples"


def story(name: str, folder: Path, *, here: bool = True) -> tuple[Player, str]:
    """Give the player of a story, and the story."""
    shutil.copytree(SAMPLES / name, folder)
    return Player(folder, here=here), (folder / "session.md").read_text(encoding="utf-8")


def check(command: Command, said: Said) -> None:
    shown = "\n".join(said.lines)
    assert alike(command.expected, said.lines), f"$ {' '.join(command.words)}\n{shown}"
    assert said.code == command.code, f"$ {' '.join(command.words)}\n{shown}"


def texts_in(path: Path) -> dict[tuple[str, str], str]:
    """Give the filled text cells of a workbook, by record id and text type."""
    tables = read(path)
    columns = {heading.field: column for column, name in tables.headings if (heading := heading_for(name))}
    ids = tables.columns[columns["record_id"]]
    return {
        (record, kind): text
        for kind in PRODUCT_TEXTS
        for record, text in zip(ids, tables.columns[columns[kind]], strict=True)
        if text
    }


def charges_of(url: str) -> list[dict[str, object]]:
    with httpx.Client(trust_env=False) as client:
        found: list[dict[str, object]] = client.get(f"{url}/_simulator/ledger").json()
    return found


@pytest.mark.soak
def test_first_generation_goes_as_written_and_each_text_is_charged_once(tmp_path: Path) -> None:
    player, session = story("first-generation", tmp_path / "story", here=False)  # one with processes, as a user has it
    with player:
        for command, said in play(player, session):
            check(command, said)
        charges = charges_of(player.url)
    charged = [(charge["recordId"], charge["field"]) for charge in charges]
    texts = texts_in(player.folder / WORKBOOK)
    assert len(charged) == len(set(charged))
    assert set(charged) == set(texts)
    assert len(texts) == 200


@pytest.mark.soak
def test_second_night_goes_as_written_and_the_words_of_people_stay(tmp_path: Path) -> None:
    player, session = story("second-night", tmp_path / "story")
    before = texts_in(player.folder / WORKBOOK)
    with player:
        for command, said in play(player, session):
            check(command, said)
        charges = charges_of(player.url)
    after = texts_in(player.folder / WORKBOOK)
    assert after["004112", "excerpt"] == before["004112", "excerpt"]
    assert after["004102", "page title"] == "Fjordgard, the table that everybody fits around"
    assert len(after) == 43 * 5
    assert {charge["recordId"] for charge in charges} == {"004117", "004211", "004315"}
    assert len(charges) == 14 + 5 + 10


@pytest.mark.soak
def test_conflict_goes_as_written_and_each_text_is_the_one_that_was_chosen(tmp_path: Path) -> None:
    player, session = story("conflict", tmp_path / "story")
    before = texts_in(player.folder / WORKBOOK)
    with player:
        for command, said in play(player, session):
            check(command, said)
        assert charges_of(player.url) == []
    after = texts_in(player.folder / WORKBOOK)
    assert {key for key in before if before[key] != after[key]} == {("004102", "page title"), ("004105", "excerpt")}
    assert after["004102", "page title"].endswith("for eight, and one more")
    assert after["004103", "page title"].endswith("for large families")


def test_bad_cells_are_all_listed_and_nothing_is_charged(tmp_path: Path) -> None:
    player, session = story("bad-cells", tmp_path / "story")
    with player:
        for command, said in play(player, session):
            check(command, said)
        listed = player.run(Command(["wtsync", "plan", WORKBOOK, "--json"], 0))
        assert charges_of(player.url) == []
    problems = json.loads("\n".join(listed.lines))["problems"]
    assert len(problems) == 30
    assert len({problem["kind"] for problem in problems}) >= 12
    assert all(problem["where"] and problem["remedy"] for problem in problems)


# ------------------------------------------------------------------------ the runner itself

SESSION = """\
```sh
$ not run
```
```console
$ wtsync one
a
b [..] d

(exit 3)
$ wtsync "two words"
```
| Where | Column | Write |
|---|---|---|
| 007 | Excerpt | |

## A part
| Sheet | Where | Column | Write |
|---|---|---|---|
| Images | every row | Action | Publish |

| On the website | Text | Asks for | Says |
|---|---|---|---|
| 007 | excerpt | rewrite | Too long |
```console
$ wtsync three
```
"""


def test_a_session_is_read_as_its_rules_say() -> None:
    one, two, cell, image, wish, three = steps(SESSION)
    assert one == Command(["wtsync", "one"], 5, ["a", "b [..] d", ""], 3)
    assert isinstance(one, Command)
    assert SESSION.splitlines()[one.start : one.end] == ["a", "b [..] d", "", "(exit 3)"]
    assert two == Command(["wtsync", "two words"], 10)
    assert cell == CellEdit("007", "Excerpt", "")
    assert image == CellEdit("every row", "Action", "Publish", sheet="Images")
    assert wish == Wish("007", "excerpt", "rewrite", "Too long")
    assert isinstance(three, Command)
    assert (one.part, three.part) == ("", "A part")


@pytest.mark.parametrize(
    ("said", "agrees"),
    [
        (["a", "b c d"], True),
        (["a  ", "b 1 2 d", "", ""], True),
        (["a", "b c d", "e"], False),
        (["a", "b", "c d"], False),
        (["A", "b c d"], False),
        (["a"], False),
    ],
)
def test_only_what_the_placeholder_stands_for_may_differ(said: list[str], agrees: bool) -> None:
    assert alike(["a", "b [..] d", ""], said) is agrees


def test_a_command_that_says_something_else_is_noticed() -> None:
    with pytest.raises(AssertionError, match="wtsync plan"):
        check(Command(["wtsync", "plan"], 0, ["fine"]), Said(["broken"], 0))
    with pytest.raises(AssertionError, match="wtsync plan"):
        check(Command(["wtsync", "plan"], 0, ["fine"]), Said(["fine"], 70))
