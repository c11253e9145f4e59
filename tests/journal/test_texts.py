"""The receiving side: texts are kept as seen, delivered once, and become the agreed base when they are written."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from sync.batch import ItemState
from sync.journal import Journal
from sync.model import Base, Delivery, Origin
from tests.journal.making import batch, begin, planned
from tests.nouns import base, remote_text, text_key

if TYPE_CHECKING:
    from pathlib import Path


def delivery(value: str = "words", text_id: str = "t1", record_id: str = "A1") -> Delivery:
    return Delivery(text_key(record_id), text_id, value, "", "d1", Origin.GENERATED, "run1", credits=2.0)


def kept(journal: Journal) -> list[tuple[str, str]]:
    return [(row["text_id"], row["value"]) for row in journal._database.rows("SELECT * FROM text ORDER BY rowid")]


def test_a_text_is_kept_as_it_was_first_seen_however_often_it_comes(journal: Journal) -> None:
    journal.pull([remote_text("words")], [])
    journal.pull([remote_text("changed")], [])
    journal.pull([remote_text("more", "t2")], [])
    assert kept(journal) == [("t1", "words"), ("t2", "more")]


def test_p07_every_text_is_kept_and_the_newest_is_on_its_way(journal: Journal) -> None:
    journal.pull([remote_text("old")], [delivery("old")])
    journal.pull([remote_text("new", "t2")], [delivery("new", "t2")])
    assert [item.value for item in journal.texts.deliveries()] == ["new"]
    assert [text_id for text_id, _ in kept(journal)] == ["t1", "t2"]


def test_what_is_written_becomes_the_base_and_is_not_delivered_again(journal: Journal) -> None:
    journal.pull([], [delivery()])
    journal.texts.settle([(delivery(), "written")])
    assert journal.texts.deliveries() == []
    assert journal.texts.bases() == {text_key(): Base("words", "t1", "d1", Origin.GENERATED, simulated=True)}
    assert [item.value for item in journal.texts.deliveries(again=True)] == ["words"]


def test_what_is_written_once_more_was_agreed_on_when_it_was_written_first(journal: Journal) -> None:
    journal.pull([], [delivery()])
    first = Base("words", "t1", "d1", Origin.GENERATED, simulated=True, run_id="run1", at=7.0)
    journal.texts.agree([(text_key(), first)])
    journal.texts.settle([(delivery(), "written")], again=True)
    assert journal.texts.bases()[text_key()].at == 7.0
    journal.texts.settle([(delivery("other", "t2"), "written")], again=True)
    assert journal.texts.bases()[text_key()].at > 7.0


def test_what_generated_texts_were_made_with_is_told_without_the_texts(journal: Journal) -> None:
    bases = {
        text_key("A1"): base("words", digest="d1"),
        text_key("A2"): base("mine", digest="d2", origin=Origin.PUSHED),
        text_key("A3"): base("more", digest="d3"),
    }
    journal.texts.agree(bases.items())
    assert journal.texts.generated() == {text_key("A1"): "d1", text_key("A3"): "d3"}


def test_what_was_kept_by_a_person_becomes_no_base(journal: Journal) -> None:
    journal.pull([], [delivery()])
    journal.texts.settle([(delivery(), "kept")])
    assert journal.texts.deliveries() == []
    assert journal.texts.bases() == {}
    assert journal.outcomes()[text_key()].delivery == "kept"


def test_again_gives_the_newest_delivery_of_every_text(journal: Journal) -> None:
    journal.pull([], [delivery("old")])
    journal.texts.settle([(delivery("old"), "written")])
    journal.pull([], [delivery("new", "t2"), delivery("other", "t3", "A2")])
    assert {item.value for item in journal.texts.deliveries(again=True)} == {"new", "other"}
    assert {item.value for item in journal.texts.deliveries()} == {"new", "other"}


def test_agreeing_replaces_what_was_agreed(journal: Journal) -> None:
    journal.texts.agree([(text_key(), base("one"))])
    journal.texts.agree([(text_key(), base("two")), (text_key("A2"), base("three"))])
    assert {key.record.record_id: one.value for key, one in journal.texts.bases().items()} == {
        "A1": "two",
        "A2": "three",
    }


def test_what_a_simulated_service_wrote_is_known_to_any_other(path: Path) -> None:
    with Journal(path, "simulator 1", simulated=True) as journal:
        journal.pull([], [delivery()])
        journal.texts.settle([(delivery(), "written")])
        assert journal.memory().elsewhere == {}
    with Journal(path, "api.example.com") as journal:
        assert journal.memory().elsewhere == {text_key(): "words"}
        assert journal.memory().bases == {}
        journal.texts.agree([(text_key("A2"), base("real"))])
    with Journal(path, "simulator 2", simulated=True) as journal:
        assert journal.memory().elsewhere == {text_key(): "words"}, "a real text is not a simulated one"


def test_texts_outcome_and_delivery_come_together_or_not_at_all(journal: Journal) -> None:
    number = planned(journal)

    def broken() -> object:
        yield delivery()
        raise RuntimeError("the process is in trouble")

    with pytest.raises(RuntimeError):
        journal.collect(number, [remote_text("words")], broken(), [])  # type: ignore[arg-type]  # a generator will do
    assert kept(journal) == []
    assert journal.texts.deliveries() == []
    journal.collect(number, [remote_text("words")], [delivery()], [(text_key(), ItemState.DONE, "t1", "")])
    assert kept(journal) == [("t1", "words")]
    assert journal.outcomes()[text_key()].item is ItemState.DONE


def test_the_credits_of_a_text_are_those_of_all_its_makings(journal: Journal) -> None:
    begin(journal)
    for text_id, cost in (("t1", 2.0), ("t2", 3.0)):
        (number,) = journal.batches.plan([batch()])
        done = [(text_key(), ItemState.DONE, text_id, "")]
        journal.collect(number, [remote_text("words", text_id)], [], done, {text_key(): cost})
    assert journal.outcomes()[text_key()].credits == 5.0


def test_hard_texts_survive(journal: Journal) -> None:
    hard = "=1+1\n\"quoted\" 'and' ; DROP TABLE text; -- \N{PILE OF POO} \x07 e\N{COMBINING ACUTE ACCENT}"
    journal.pull([remote_text(hard)], [replace(delivery(), value=hard)])
    assert journal.texts.deliveries()[0].value == hard


def test_saves_of_the_workbook_are_remembered_with_both_hashes(journal: Journal) -> None:
    number = journal.texts.save_begins("/shop.xlsx", "old", "new")
    journal.texts.save_ended(number)
    (row,) = journal._database.rows("SELECT * FROM save")
    assert (row["old_sha256"], row["new_sha256"], row["state"]) == ("old", "new", "done")
