"""Texts in cells: an exact round trip, or a note; never a formula."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync.workbook.package.patch import patch
from sync.workbook.package.text import CUT_MARK, LIMIT, decode, encode, fit, simply, simply_all, units
from sync.workbook.verify import compare
from tests.workbook.package import making, reading

# Texts made of what is likely to go wrong.
NASTY = st.lists(
    st.one_of(
        st.sampled_from(
            [
                *("_x0041_", "_x005F_", "_x", "_", "x0041_", "_x004", "1_", "\r", "\n", "\r\n", "\t", "\x0b", "\x00"),
                *("&", "<", "]]>", "=1+1", "+", "-", "@", "#N/A", "'", '"', "\ufffe", "\uffff", "\ud83d", "\ude00"),
                *("😀", " ", "\x7f"),
            ]
        ),
        st.text(max_size=5),
    ),
    max_size=12,
).map("".join)
# Python's own strings may hold half characters, which no file can.
WHOLE = NASTY.map(lambda text: fit(text).text)


def parsed(raw: bytes) -> str:
    element = ET.fromstring(b'<t xml:space="preserve">' + raw + b"</t>")  # noqa: S314 - our own bytes
    assert not list(element)
    return element.text or ""


@given(WHOLE)
@settings(max_examples=500)
def test_any_text_comes_back_exactly(text: str) -> None:
    assert decode(parsed(encode(text))) == text


@given(NASTY)
def test_only_what_is_no_character_and_line_ends_are_changed(text: str) -> None:
    fitted = fit(text)
    half = any("\ud800" <= letter <= "\udfff" or letter in "\ufffe\uffff" for letter in text)
    assert bool(fitted.notes) == half
    if not half:
        assert fitted.text == text.replace("\r\n", "\n")


@given(st.lists(NASTY, min_size=1, max_size=4))
@settings(max_examples=500)
def test_many_texts_are_spelled_together_as_each_is_alone_or_not_at_all(texts: list[str]) -> None:
    together = simply_all(texts)
    if together is not None:
        assert together == [encode(text) for text in texts]
    elif all(map(simply, texts)):
        raise AssertionError(texts)


@pytest.mark.parametrize("odd", ["\0", "\x01", "_x0041_", "\ufffe", "\ud83d", "x" * 17_000])
def test_one_text_that_needs_attention_is_never_spelled_in_passing(odd: str) -> None:
    assert simply_all(["plain", "a_b &", "\uff37"]) == [b"plain", b"a_b &amp;", "\uff37".encode()]
    assert simply_all(["plain", odd, "plain"]) is None


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("_x0041_", b"_x005F_x0041_"),
        ("_x0041_x0042_", b"_x005F_x0041_x005F_x0042_"),
        ("_x0041\x0b", b"_x005F_x0041_x000B_"),
        ("_x00e4_", b"_x005F_x00e4_"),
        ("_x004_", b"_x004_"),
        ("a\rb", b"a_x000D_b"),
        ("a\tb\n", b"a\tb\n"),
        ("<&>", b"&lt;&amp;&gt;"),
        ("\x7f\x85", b"\x7f\xc2\x85"),
    ],
)
def test_what_the_file_cannot_say_is_spelled_out(text: str, spelled: bytes) -> None:
    assert encode(text) == spelled


def test_a_crlf_becomes_a_line_feed_without_a_note() -> None:
    assert fit("a\r\nb") == ("a\nb", ())


@pytest.mark.parametrize("letter", ["x", "ä", "😀"])
def test_a_text_of_the_limit_is_kept_and_one_more_is_cut_with_a_mark(letter: str) -> None:
    size = units(letter)
    most = letter * (LIMIT // size) + "y" * (LIMIT % size)
    assert fit(most) == (most, ())
    cut = fit(most + "z")
    assert units(cut.text) <= LIMIT
    assert cut.text.endswith(CUT_MARK)
    assert set(cut.text.removesuffix(CUT_MARK)) == {letter}
    assert cut.notes == (f"cut: a cell holds 32,767 characters, the text has {LIMIT + 1:,}",)


def test_a_pair_of_characters_is_never_cut_in_half() -> None:
    for lead in range(3):
        text = fit("y" * lead + "😀" * 20_000).text
        assert text.removesuffix(CUT_MARK).strip("y") == "😀" * ((LIMIT - len(CUT_MARK) - lead) // 2)


@given(st.lists(NASTY.filter(bool), min_size=1, max_size=40))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_text_becomes_a_formula_and_every_reader_gets_it(texts: list[str]) -> None:
    with TemporaryDirectory() as folder:
        source = making.plain(Path(folder, "a.xlsx"))
        target = Path(folder, "b.xlsx")
        edits = {"Records": {(row, 3): text for row, text in enumerate(texts, 1)}}
        patch(source, target, edits)
        certificate = compare(source, target, edits)
        assert certificate.ok, certificate.unplanned
        assert b"<f" not in reading.part(target, making.SHEET_PART)
        seen = reading.by_calamine(target)
        spelled = reading.by_openpyxl(target)  # which leaves the spelling as it is
        for row, text in enumerate(texts, 1):
            wanted = fit(text).text
            assert decode(str(spelled[row, 3])) == wanted
            assert seen[row, 3] == wanted
