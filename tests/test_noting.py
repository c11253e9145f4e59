"""What is noted on the sheet `_sync`: once said, it needs no saying again, and each record has one row."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from sync.model import Base, Origin, RecordKey, TextKey
from sync.noting import updates
from sync.provenance import HEADINGS, Provenance, line, made_out
from sync.tables import Notes

if TYPE_CHECKING:
    from collections.abc import Iterator

SERVICE = "service-1"
FIRST = {(1, 1): "workbook id", (2, 1): "w-one"}
Cells = dict[tuple[int, int], str]


def read(cells: Cells) -> Provenance:
    rows, columns = sorted({row for row, _ in cells}), range(1, max(column for _, column in cells) + 1)
    return made_out(Notes("_sync", rows, {at: [cells.get((row, at), "") for row in rows] for at in columns}))


def noted(cells: Cells, *agreed: tuple[TextKey, Base]) -> Cells:
    made = updates(read(cells), SERVICE, lambda: agreed, simulated=True)
    return {place: str(text) for place, text in made.items()}


def key(record_id: str, text_type: str = "page title", store: str = "shop") -> TextKey:
    return TextKey(RecordKey(store, "Product", record_id, "en"), text_type)


def base(value: str, at: float = 1.8e9) -> Base:
    return Base(value, "t1", "d" * 64, Origin.GENERATED, run_id="run1", at=at)


def test_headings_come_first_and_records_below_in_the_order_of_their_addresses() -> None:
    cells = noted(FIRST, (key("B"), base("b")), (key("A", "excerpt"), base("e")), (key("A"), base("a")))
    assert [cells[3, at] for at in range(1, 9)] == [*HEADINGS, "excerpt", "page title"]
    assert [cells[4, at] for at in range(1, 7)] == [SERVICE, "yes", "shop", "Product", "A", "en"]
    assert (cells[4, 7], cells[4, 8]) == (
        line(SERVICE, key("A", "excerpt"), base("e")),
        line(SERVICE, key("A"), base("a")),
    )
    assert (cells[5, 5], cells[5, 8]) == ("B", line(SERVICE, key("B"), base("b")))
    assert (5, 7) not in cells


def test_an_address_without_a_store_has_no_cell_for_it() -> None:
    cells = noted(FIRST, (key("A", store=""), base("a")))
    assert (4, 3) not in cells
    assert cells[4, 5] == "A"


def test_what_is_said_needs_no_saying_again_and_any_record_keeps_its_row() -> None:
    dice = random.Random(11)
    for _ in range(100):
        cells, agreed = dict(FIRST), dict[TextKey, Base]()
        for turn in range(3):
            for _ in range(dice.randrange(1, 8)):
                one = key(f"A{dice.randrange(6)}", dice.choice(["page title", "excerpt"]))
                agreed[one] = base(f"words {dice.random()}", 1.8e9 + turn)
            rows = {record: row for row, record in enumerate_records(read(cells))}
            cells |= noted(cells, *agreed.items())
            there = read(cells)
            assert {one: there.text(SERVICE, one) for one in agreed} == {
                one: line(SERVICE, one, what) for one, what in agreed.items()
            }
            assert rows.items() <= {record: row for row, record in enumerate_records(there)}.items()
            assert noted(cells, *agreed.items()) == {}


def enumerate_records(there: Provenance) -> Iterator[tuple[int, RecordKey]]:
    yield from ((there.notes.rows[at], record) for record, at in there.at.get(SERVICE, {}).items())


def test_of_two_words_about_one_text_the_later_one_counts_also_where_it_needs_none() -> None:
    old, new = base("old", 1.8e9), base("new", 1.8e9 + 60)
    cells = FIRST | noted(FIRST, (key("A"), old), (key("A"), new))
    assert read(cells).text(SERVICE, key("A")) == line(SERVICE, key("A"), new)
    assert noted(cells, (key("A"), base("other", 1.8e9 + 90)), (key("A"), new)) == {}


def test_what_somebody_agreed_on_later_stays() -> None:
    cells = FIRST | noted(FIRST, (key("A"), base("theirs", 1.8e9 + 60)))
    assert noted(cells, (key("A"), base("ours", 1.8e9))) == {}
