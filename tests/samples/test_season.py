"""The story of a season: after each of its parts, what a merchandiser sees in the cells of the workbook."""

from __future__ import annotations

import shutil
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook

from sync.model import PRODUCT_TEXTS
from tests.samples.session import WORKBOOK, Command, Player, play, steps
from tests.samples.test_sessions import SAMPLES, charges_of, check

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Row = dict[str, Any]
SPADE, BARREL, BIRDS, SECATEURS, TWO, THREE = "006008", "006007", "006032", "006015", "006029", "006030"
TEXTS = tuple(text.capitalize() for text in PRODUCT_TEXTS)


class Book:
    """The sheets of a workbook as rows, by heading."""

    def __init__(self, path: Path) -> None:
        book = load_workbook(path)
        self.sheets: dict[str, list[Row]] = {}
        for sheet in book:
            head, *rows = sheet.iter_rows(values_only=True)
            self.sheets[sheet.title] = [dict(zip(map(str, head), row, strict=True)) for row in rows if any(row)]
        book.close()

    def record(self, record_id: str, sheet: str = "Records") -> Row:
        return next(row for row in self.sheets[sheet] if row["Record ID"] == record_id)

    def keyword(self, record_id: str, keyword: str) -> Row:
        found = (row for row in self.sheets["Keywords"] if (row["Record ID"], row["Keyword"]) == (record_id, keyword))
        return next(found)

    @property
    def published(self) -> list[Row]:
        return [row for row in self.sheets["Keywords"] if row["State"] == "Published"]


def tried(book: Book) -> None:
    assert {row["Record ID"] for row in book.sheets["Keyword runs"]} == {SECATEURS, TWO, THREE}
    assert [row["Record ID"] for row in book.sheets["Records"] if row["Keywords"]] == [SECATEURS, TWO, THREE]
    assert not any(row["Action"] for row in book.sheets["Records"])
    first = book.sheets["Keywords"][0]
    assert first["Needs a person"] == "several records aim at this keyword"
    assert {first["Record ID"], first["Also targeted by"]} == {TWO, THREE}
    assert book.keyword(SECATEURS, "buy secateurs")["Search volume"] == 8100
    assert not any(row[text] for row in book.sheets["Records"] for text in TEXTS)


def decided(book: Book) -> None:
    assert book.record(THREE)["Keywords"] == "three seater bench"
    assert book.record(SECATEURS)["Keywords"] == "best secateurs, buy secateurs"
    assert not any(row["Decision"] for row in book.sheets["Keywords"])
    assert str(book.keyword(SECATEURS, "buy secateurs")["Done"]).endswith(" use")
    assert book.keyword(THREE, "three seater bench")["Rank now"]
    assert book.sheets["Manual keywords"][0]["Done?"]


def made(book: Book) -> None:
    rows = book.sheets["Records"]
    assert len(rows) == 40
    assert all(row["Keywords"] and row["Status"] == "Done" and all(row[text] for text in TEXTS) for row in rows)
    for row in rows:
        words = " ".join(str(row[text]) for text in TEXTS).casefold()
        used = [one for one in row["Keywords"].split(", ") if one in words]
        assert used, f"no text of {row['Record ID']} has one of its keywords"
        assert all(book.keyword(row["Record ID"], one)["In current text?"] == "yes" for one in used)
    images = book.sheets["Images"]
    assert len(images) == 44
    for image in images:
        assert image["Status"] == "Done"
        assert book.record(image["Record ID"])["Keywords"].split(", ")[0] in image["Alt text"]


def asked(book: Book) -> None:
    assert book.record(BARREL)["Excerpt"].startswith("A rain barrel of oak for 150 litres")
    assert book.record(BIRDS)["Status"] == "Done"
    assert not book.record(BIRDS)["Action"]
    assert book.sheets["Reviews"] == [], "nothing is open any more"


def published(book: Book) -> None:
    for sheet in ("Records", "Images"):
        assert {row["Status"] for row in book.sheets[sheet]} == {"Published"}
        assert not any(row["Action"] for row in book.sheets[sheet])


def moved(book: Book) -> None:
    ranked = [row for row in book.published if row["Change"] is not None]
    assert len(ranked) > 20
    assert sum(row["Change"] > 0 for row in ranked) > 0.9 * len(ranked), "published texts have climbed"
    hose = book.keyword("006004", "garden hose reel ideas")
    assert (hose["Rank before"], hose["Rank now"], hose["Change"]) == (35, 12, 23)
    spade = book.keyword(SPADE, "how to choose garden spade")
    assert (spade["Rank before"], spade["Rank now"], spade["Search volume"]) == (10, 16, 1900)
    assert spade["Needs a person"] == "fell by 6 places"
    assert spade["In current text?"] == "no"
    needed = [bool(row["Needs a person"]) for row in book.sheets["Keywords"]]
    assert needed == sorted(needed, reverse=True), "what needs a person stands at the top"
    assert sum(needed) < 20


def again(book: Book) -> None:
    assert "how to choose garden spade" in book.record(SPADE)["Keywords"]
    spade = book.keyword(SPADE, "how to choose garden spade")
    assert (spade["State"], spade["In current text?"]) == ("Published", "yes")
    assert book.record(SPADE)["Status"] == book.record(SPADE, "Images")["Status"] == "Published"


SEEN: dict[str, Callable[[Book], None]] = {
    "Keywords of three products": tried,
    "Deciding on keywords": decided,
    "Texts with these keywords, and alt texts": made,
    "An editor asks for changes": asked,
    "Publishing": published,
    "A month later": moved,
    "The second round": again,
}
"""What is looked at when a part of the story has been gone through."""


@pytest.mark.soak
def test_a_season_goes_as_written_and_the_workbook_shows_it_after_each_part(tmp_path: Path) -> None:
    folder = tmp_path / "story"
    shutil.copytree(SAMPLES / "season", folder)
    session = (folder / "session.md").read_text(encoding="utf-8")
    last = {one.part: one.start for one in steps(session) if isinstance(one, Command)}
    seen = []
    with Player(folder, here=True) as player:
        for command, said in play(player, session):
            check(command, said)
            if command.part in SEEN and command.start == last[command.part]:
                SEEN[command.part](Book(folder / WORKBOOK))
                seen.append(command.part)
        charges = charges_of(player.url)
    assert seen == list(SEEN)
    paid = Counter((charge["recordId"], charge["field"]) for charge in charges if charge["field"] == "keywords")
    assert paid.total() == len(paid) == 40, "keywords of each product were paid for once"
