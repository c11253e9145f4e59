"""What a cell's text means: lists, codes, choices and numbers. Each function gives the value, or the flaw."""

from __future__ import annotations

import re
from operator import eq
from typing import TYPE_CHECKING

from sync.records.codes import COUNTRIES, country_code, country_meant, language_code, language_meant
from sync.records.problems import Flaw, listed
from sync.tables import NO_VALUE
from sync.workbook.layout import NOTHING, folded, near_miss

if TYPE_CHECKING:
    from collections.abc import Sequence

ERRORS = frozenset(
    {
        "#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#FIELD!",
        "#BLOCKED!", "#CONNECT!", "#BUSY!", "#UNKNOWN!", "#GETTING_DATA", "#PYTHON!", "#EXTERNAL!",
    }
)  # fmt: skip
"""What Excel shows in a cell whose formula failed."""

_SEPARATORS = re.compile(r"[,;\r\n]")
_LINES = re.compile(r"[;\r\n]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff\ud800-\udfff]")
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")


def is_nothing(text: str) -> bool:
    """Whether the cell says: nothing, on purpose."""
    return "(" in text and text.strip().casefold() == NOTHING


def all_lines(texts: Sequence[str]) -> bool:
    """Whether every text is one line without spaces around it, and says what it says: no error, not `(nothing)`."""
    joined = "".join(texts)
    return (
        joined.isprintable()
        and not ("#" in joined and any(text[:1] == "#" for text in texts))
        and not ("(" in joined and any(map(is_nothing, texts)))
        and all(map(eq, texts, map(str.strip, texts)))
    )


def several(text: str) -> tuple[str, ...]:
    """Split at commas, semicolons and line breaks; what is empty or said before is left out."""
    if is_nothing(text):
        return ()
    return _distinct(_SEPARATORS.split(text))


def several_values(text: str) -> tuple[str, ...]:
    """Split the values of an attribute: at semicolons and line breaks, for commas belong to numbers and phrases."""
    if is_nothing(text):
        return ()
    if text.isprintable() and ";" not in text:
        stripped = text.strip()
        return (stripped,) if stripped else ()
    return _distinct(_LINES.split(text))


def _distinct(parts: Sequence[str]) -> tuple[str, ...]:
    seen: dict[str, str] = {}
    for part in parts:
        if stripped := part.strip():
            seen.setdefault(stripped.casefold(), stripped)
    return tuple(seen.values())


def failed(text: str) -> Flaw | None:
    """Find a formula that shows no value: it has failed, or was never calculated."""
    if text[:1] != "#":
        return None
    if text == NO_VALUE:
        return Flaw("no-value", "", "The formula in this cell has no value yet: nothing has calculated it.",
                    "Open the workbook in Excel, save it, and try again.")  # fmt: skip
    if text.strip().upper() in ERRORS:
        return Flaw(
            "error-value", text, "The formula in this cell has failed.", "Repair the formula, or type the value."
        )
    return None


def foreign(text: str) -> Flaw | None:
    """Find what no input may hold: a formula without a value, or control characters."""
    if flaw := failed(text):
        return flaw
    if not text.isprintable() and (found := _CONTROL.search(text)):
        return Flaw(
            "control-character",
            text,
            f"There is an invisible control character in this cell (U+{ord(found.group()):04X}).",
            "Type the text again, or clean it with Excel's CLEAN function.",
        )
    return None


def too_long(kind: str, name: str, text: str, most: int | None) -> Flaw | None:
    """Compare with the service's limit, if it names one. Lengths are characters."""
    if most is None or len(text) <= most:
        return None
    over = len(text) - most
    return Flaw(
        kind,
        text,
        f"{name} has {len(text):,} characters, and WriteText.ai takes {most:,}.",
        f"Shorten it by {over:,} character{'s' if over > 1 else ''}.",
    )


def near_id(name: str, ids: Sequence[str]) -> str | None:
    """Find the id that this one may be meant for: one with zeros in front, or one letter off."""
    if name.isdecimal():
        zeros = (one for one in ids if one.isdecimal() and one.lstrip("0") == name.lstrip("0"))
        if found := next(zeros, None):
            return found
    return near_miss(name, ids)


def one_of(kind: str, what: str, text: str, known: Sequence[str]) -> str | Flaw:
    """Find a word in a short list, whatever its capital letters and spaces."""
    wanted = folded(text)
    for word in known:
        if folded(word) == wanted:
            return word
    return unknown(kind, what, text, known)


def unknown(kind: str, what: str, text: str, known: Sequence[str], otherwise: str = "") -> Flaw:
    """Say that a word is not in its list, with the nearest one that is."""
    near = near_miss(text, known)
    ask = f" Did you mean {near}?" if near else ""
    choose = f"Type {near}." if near else f"Choose one of: {listed(known)}."
    return Flaw(kind, text, f"{text.strip()} is not {what}.{ask}", choose + otherwise)


def language(text: str) -> str | Flaw:
    """Read a language code."""
    code = language_code(text)
    if code is not None:
        return code
    meant = language_meant(text)
    hint = f"Type {meant}." if meant else "Type two letters, such as en, de or fr, or with a country: en-US."
    return Flaw("bad-language", text, f"{text.strip()} is not a language code.", hint)


def countries(text: str) -> tuple[str, ...] | Flaw:
    """Read a list of countries."""
    codes = []
    for part in several(text):
        code = country_code(part)
        if code is None:
            near = country_meant(part)
            hint = (
                f"Type {near}." if near in COUNTRIES else "Type the two letters of the country, such as GB, IE or DE."
            )
            return Flaw("bad-country", part, f"{part} is not a country code.", hint)
        codes.append(code)
    return tuple(codes)


def amount(text: str, what: str, *, whole: bool) -> float | Flaw:
    """Read a number above zero."""
    stripped = text.strip()
    value = float(stripped) if stripped.isascii() and _NUMBER.fullmatch(stripped) else 0.0
    if value > 0 and not (whole and value % 1):
        return value
    kind = "a whole number" if whole else "a number"
    return Flaw("not-a-number", text, f"{what} has to be {kind} above zero.",
                f"Type digits only, such as {'250' if whole else '250 or 12.5'}, or leave it empty.")  # fmt: skip


def web_address(text: str) -> str | Flaw:
    """Read a URL."""
    url = text.strip()
    rest = url.partition("://")[2]
    if url[:8].casefold().startswith(("http://", "https://")) and rest and not any(ch.isspace() for ch in url):
        return url
    guess = f"https://{url}" if "." in url and " " not in url and "://" not in url else "https://shop.example/stool"
    return Flaw("bad-url", text, "This is not the address of a web page.", f"Type the whole address, such as {guess}.")
