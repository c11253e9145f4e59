"""Word-level marks: which words of a text the other one has not."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.report import word_marks
from sync.report.word_marks import MOST_PIECES, marked


def told(text: str, other: str) -> str:
    """Show marks as a person would type them."""
    return "".join(f"[{piece.text}]" if piece.differs else piece.text for piece in marked(text, other))


@pytest.mark.parametrize(
    ("text", "other", "shown"),
    [
        ("a red oak stool", "a blue oak stool", "a [red] oak stool"),
        ("a red oak stool", "a oak stool", "a [red ]oak stool"),
        ("a oak stool", "a red oak stool", "a oak stool"),
        ("the same", "the same", "the same"),
        ("<p>oak</p>", "<p>ash</p>", "<p>[oak]</p>"),
        ("one two three", "four five six", "[one two three]"),
        ("", "words", ""),
        ("words", "", "[words]"),
        ("äpfel, birnen", "äpfel; birnen", "äpfel[,] birnen"),
    ],
)
def test_the_words_that_the_other_text_has_not_are_marked(text: str, other: str, shown: str) -> None:
    assert told(text, other) == shown


@given(st.text(alphabet="ab <>p/,.\n", max_size=60), st.text(alphabet="ab <>p/,.\n", max_size=60))
def test_the_pieces_put_together_are_the_text_and_neighbours_differ(text: str, other: str) -> None:
    pieces = marked(text, other)
    assert "".join(piece.text for piece in pieces) == text
    assert all(one.differs != two.differs for one, two in pairwise(pieces))
    assert text != other or not any(piece.differs for piece in pieces)


def test_in_huge_texts_all_from_the_first_to_the_last_difference_is_one() -> None:
    words = [f"w{number}" for number in range(word_marks.MOST_WORDS + 1)]
    text, other = " ".join(["first", *words, "last"]), " ".join(["first", *reversed(words), "last"])
    assert [piece.differs for piece in marked(text, other)] == [False, True, False]
    assert len(marked(text, other)[1].text) > 10_000


def test_more_pieces_than_anybody_can_read_become_one() -> None:
    text = " ".join(f"same{n} mine{n}" for n in range(MOST_PIECES))
    other = " ".join(f"same{n} theirs{n}" for n in range(MOST_PIECES))
    pieces = marked(text, other)
    assert "".join(piece.text for piece in pieces) == text
    assert [piece.differs for piece in pieces] == [False, True]
