"""Whether a keyword stands in a text as people read it."""

from __future__ import annotations

import pytest

from sync.keyword_sheets.texts import as_read, stands_in

INSIDE = [
    ("oak stool", "An Oak Stool for the hall."),
    ("oak stool", "<p>An <b>oak</b> stool</p>"),
    ("oak stool", "oak\u00a0stool"),
    ("oak stool", "Oak-stool"),
    ("t-shirt", "Our T shirts, and one T&#45;shirt"),
    ("straße", "STRASSE 7"),
    ("café", "Cafe\u0301 chairs"),
    ("c++", "We teach C++."),
    ("stool", "<li>oak</li><li>stool</li>"),
    ("木の椅子", "この木の椅子は"),
    ("r & d", "R &amp; D"),
]
OUTSIDE = [
    ("oak stool", "An oak and a stool"),
    ("oak", "A soaked cloth"),
    ("stool", "Toadstools"),
    ("stool", '<p class="stool">A chair</p>'),
    ("stool", "<!-- stool --><style>stool {}</style>A chair"),
    ("oak stool", "oak.<br/>Stools"),
    ("stool", ""),
    ("", "anything"),
]


@pytest.mark.parametrize(("keyword", "text"), INSIDE)
def test_a_keyword_is_found_as_a_reader_sees_it(keyword: str, text: str) -> None:
    assert stands_in(keyword, [as_read("nothing"), as_read(text)])


@pytest.mark.parametrize(("keyword", "text"), OUTSIDE)
def test_parts_of_words_and_what_no_reader_sees_do_not_count(keyword: str, text: str) -> None:
    assert not stands_in(keyword, [as_read(text)])
