"""Text in which some words are marked: only in sheets of ours, and as inert as any other text.

A mark is bold and a colour, or a line through what is gone; the words themselves stay those of the text.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, TypeVar

from sync.workbook.package.text import encode, fit

Value = TypeVar("Value")


class Mark(StrEnum):
    """How words stand out."""

    NONE = ""
    MINE = "mine"
    THEIRS = "theirs"
    GONE = "gone"
    GOOD = "good"
    BAD = "bad"


_FACE = (("sz", {"val": "11"}), ("rFont", {"val": "Calibri"}))
"""Words without a font of their own would be in that of the program."""
_PROPERTIES: dict[Mark, tuple[tuple[str, dict[str, str]], ...]] = {
    Mark.NONE: (),
    Mark.MINE: (("b", {}), ("color", {"rgb": "FFB45309"}), *_FACE),
    Mark.THEIRS: (("b", {}), ("color", {"rgb": "FF1D4ED8"}), *_FACE),
    Mark.GOOD: (("b", {}), ("color", {"rgb": "FF15803D"}), *_FACE),
    Mark.BAD: (("b", {}), ("color", {"rgb": "FFB91C1C"}), *_FACE),
    Mark.GONE: (("strike", {}), ("color", {"rgb": "FF6B7280"}), *_FACE),
}
"""What each mark is in the file, in the order in which Excel writes it."""


class Run(NamedTuple):
    """Some words in a row that look alike."""

    text: str
    mark: Mark = Mark.NONE


@dataclass(frozen=True, slots=True)
class RichText:
    """The text of one cell, in runs."""

    runs: tuple[Run, ...]

    def __str__(self) -> str:
        """Give the words without their marks."""
        return "".join(run.text for run in self.runs)

    @property
    def marked(self) -> bool:
        """Whether anything is marked that a cell can hold so.

        A text that has to be changed to fit is written plain, and so is one with a mark within what reads as an escape.
        """
        text = str(self)
        if not any(run.mark for run in self.runs) or fit(text).text != text:
            return False
        return "_" not in text or b"".join(encode(run.text) for run in self.runs) == encode(text)

    def kept(self) -> tuple[Run, ...]:
        """List the runs that are written: those with words in them."""
        return tuple(run for run in self.runs if run.text)


def as_written(value: Value) -> Value | str:
    """Give a value as it goes into the file: a text that cannot show its marks is a text like any other."""
    return str(value) if isinstance(value, RichText) and not value.marked else value


def plain(value: object) -> object:
    """Give what is in a cell less its marks."""
    return str(value) if isinstance(value, RichText) else value


def written(text: RichText, prefix: bytes) -> bytes:
    """Spell the content of an inline string: runs, each with its properties."""
    return b"".join(_run(run, prefix) for run in text.kept())


def _run(run: Run, prefix: bytes) -> bytes:
    words = b'<%st xml:space="preserve">%s</%st>' % (prefix, encode(run.text), prefix)
    inside = b"".join(_property(name, given, prefix) for name, given in _PROPERTIES[run.mark])
    shown = b"<%srPr>%s</%srPr>" % (prefix, inside, prefix) if inside else b""
    return b"<%sr>%s%s</%sr>" % (prefix, shown, words, prefix)


def _property(name: str, given: dict[str, str], prefix: bytes) -> bytes:
    attributes = "".join(f' {key}="{value}"' for key, value in given.items())
    return b"<%s%s%s/>" % (prefix, name.encode(), attributes.encode())


def properties(mark: Mark) -> tuple[tuple[str, dict[str, str]], ...]:
    """Give the elements that make words look as a mark says, for the proof of a write."""
    return _PROPERTIES[mark]
