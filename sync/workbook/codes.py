"""The code of a number format, taken apart: its sections, and the pieces of each (ECMA-376 part 1, 18.8.31)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from sync.workbook.dates import FLAGS

_TOKEN = re.compile(
    r"""
      "(?P<quoted>[^"]*)"? | \\(?P<escaped>.) | _(?P<space>.) | \*(?P<fill>.) | \[(?P<bracket>[^\]]*)\]
    | (?P<general>General) | (?P<ampm>AM/PM|A/P) | (?P<exponent>E[+-]) | (?P<date>y+|m+|d+|h+|s+(?:\.0+)?)
    | (?P<digit>[0#?]) | (?P<sign>[.,%/@;]) | (?P<era>[ebg]+) | (?P<literal>.)
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?[0-9.]+)")
_COLOUR = re.compile(r"black|blue|cyan|green|magenta|red|white|yellow|color\s*[0-9]+", re.IGNORECASE)
_ELAPSED = re.compile(r"h+|m+|s+", re.IGNORECASE)

Token = tuple[str, str]
"""Kind and text of a piece of a format: `digit` 0, # or ?, `text`, `sign`, `exponent`, `date`, `general`."""


@dataclass(frozen=True, slots=True)
class Section:
    """What holds for some numbers: those that fulfil the condition, or by its place in the format."""

    tokens: tuple[Token, ...]
    condition: tuple[str, Decimal] | None
    kind: str
    """`number`, `date`, `general`, `text`, `words` (no number at all) or `unknown`."""


@lru_cache(maxsize=1024)
def parsed(code: str) -> tuple[Section, ...]:
    """Take a format apart: one section, or up to four for positive and negative numbers, zero, and texts."""
    parts: list[list[re.Match[str]]] = [[]]
    for found in _TOKEN.finditer(code):
        if found["sign"] == ";":
            parts.append([])
        else:
            parts[-1].append(found)
    return tuple(_section(part) for part in parts)


def _section(found: list[re.Match[str]]) -> Section:
    tokens: list[Token] = []
    condition, known = None, True
    for one in found:
        kind, text = str(one.lastgroup), one[0]
        if kind == "bracket":
            inner = one["bracket"]
            if compared := _CONDITION.fullmatch(inner.strip()):
                condition = (compared[1], Decimal(compared[2]))
            elif inner.startswith("$"):
                tokens.append(("text", inner[1:].partition("-")[0]))
            elif _ELAPSED.fullmatch(inner):
                tokens.append(("date", f"[{inner.lower()}]"))
            else:
                known = known and bool(_COLOUR.fullmatch(inner))
        elif kind in {"quoted", "escaped", "literal"}:
            tokens.append(("text", one[kind]))
        elif kind == "space":
            tokens.append(("text", " "))
        elif kind == "ampm":
            tokens.append(("date", "am"))
        elif kind == "date":
            tokens.append((kind, text.lower()))
        elif kind == "era":
            known = False
        elif kind != "fill":
            tokens.append((kind, text))
    return Section(tuple(tokens), condition, _kind(tokens) if known else "unknown")


def _kind(tokens: list[Token]) -> str:
    kinds = {kind for kind, _ in tokens}
    signs = {text for kind, text in tokens if kind == "sign"}
    if any(kind == "date" and text.strip("[]")[0] in FLAGS for kind, text in tokens):
        return "date" if not kinds & {"digit", "general", "exponent"} and "@" not in signs else "unknown"
    if "general" in kinds:
        return "general" if "digit" not in kinds else "unknown"
    if "@" in signs:
        return "text" if "digit" not in kinds else "unknown"
    if "digit" in kinds:
        return "unknown" if "/" in signs else "number"  # a fraction
    return "words"
