"""Number formats: a number written as its cell shows it, as far as that does not depend on the computer it is shown on.

A decimal point is a point, thousands are not separated, and dates are written year first, with the parts that the
cell shows: how Excel shows all of these depends on the region. The codes are those of ECMA-376 part 1, 18.8.31.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from sync.workbook.codes import parsed
from sync.workbook.dates import shown_date

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sync.workbook.codes import Section, Token

GENERAL = "General"
DIGITS = 15
"""Significant digits of a number that Excel keeps."""

_SIMPLE = re.compile(r"w*(?P<whole>[#,]*0[0,]*(?<!,))(?P<rest>(?:\.0+)?)w*%?w*")
_EXACT = Context(prec=400, rounding=ROUND_HALF_UP)


def shown(code: str, value: str, *, from_1904: bool = False) -> str | None:
    """Write a number, given as in the file, as a cell with this format shows it; None where that is not known here.

    `value` must be a number in the notation of XML (`1234.5`, `1.5E-7`).
    """
    number = decimal(value)
    sections = parsed(code)
    section, signed = _chosen(sections, number)
    if section is None or section.kind == "unknown":
        return None
    if section.kind in {"general", "text"}:
        bare = general(number if signed else abs(number))
        return "".join(bare if kind in {"general", "sign"} else text for kind, text in section.tokens).strip() or bare
    if section.kind == "date":
        return shown_date([text for kind, text in section.tokens if kind == "date"], number, from_1904=from_1904)
    if section.kind == "words":
        words = "".join(text for _, text in section.tokens).strip()
        return words if words or not number else None  # zeros are hidden to be nothing; all else only from the eye
    return _number(section.tokens, number if signed else abs(number))


class Simple(NamedTuple):
    """A format of one section: some words, digits with zeros in front, decimals, some words. Made to be quick."""

    before: str
    width: int
    places: int
    scale: int
    after: str

    def write(self, value: str) -> str:
        """Write a number as `shown` does."""
        if self.places == self.scale == 0 and value.isdecimal() and len(value) <= DIGITS:
            return f"{self.before}{value.zfill(self.width)}{self.after}"
        number = decimal(value).scaleb(self.scale, _EXACT).quantize(Decimal(1).scaleb(-self.places), context=_EXACT)
        width = self.width + self.places + (self.places > 0)
        return f"{'-' if number < 0 else ''}{self.before}{abs(number):0>{width}f}{self.after}"


@lru_cache(maxsize=1024)
def simple(code: str) -> Simple | None:
    """Give the quick way to follow a format; None where there is none."""
    (section, *others) = parsed(code)
    if others or section.kind != "number" or section.condition:
        return None
    kinds = "".join({"digit": text, "sign": text}.get(kind, "w") for kind, text in section.tokens)
    found = _SIMPLE.fullmatch(kinds)
    if found is None:
        return None
    words = [text for _, text in section.tokens]
    end = found.end("rest")
    before, after = "".join(words[: found.start("whole")]).lstrip(), "".join(words[end:]).rstrip()
    if "  " in before or "  " in after:
        return None
    return Simple(before, found["whole"].count("0"), found["rest"].count("0"), 2 * after.count("%"), after)


def is_plain(code: str) -> bool:
    """Whether the format shows a whole number, and any with up to nine decimals, as it is: General, and text."""
    return all(len(section.tokens) <= 1 and section.kind in {"general", "text"} for section in parsed(code))


def is_date(code: str) -> bool:
    """Whether the format shows dates or times."""
    return any(section.kind == "date" for section in parsed(code)[:1])


def decimal(value: str) -> Decimal:
    """Give the number that Excel has: a double, of which it knows 15 digits. ArithmeticError or ValueError if none."""
    number = Decimal(f"{float(value):.{DIGITS}g}")
    if not number.is_finite():
        raise ValueError(value)
    return number or Decimal(0)


def general(number: Decimal) -> str:
    """Write a number as General does in a cell that is wide enough: with an exponent only far from one."""
    if number and not -10 <= number.adjusted() <= 20:
        mantissa = number.scaleb(-number.adjusted(), _EXACT).normalize(_EXACT)
        return f"{mantissa:f}E{number.adjusted():+03d}"
    return f"{number.normalize(_EXACT):f}" if number else "0"


def _chosen(sections: tuple[Section, ...], number: Decimal) -> tuple[Section | None, bool]:
    """Find the section for a number, and whether it is written with its sign."""
    numeric = sections[:3] if len(sections) < 4 else sections[:-1]
    if len(numeric) > 1 and numeric[-1].kind == "text" and "@" in [text for _, text in numeric[-1].tokens]:
        numeric = numeric[:-1]  # the last one is for texts
    if any(section.condition for section in numeric):
        for section in numeric:
            if section.condition is None or _holds(section.condition, number):
                return section, True
        return None, True
    if len(numeric) == 1:
        return numeric[0], True
    if number < 0:
        return numeric[1], False
    return numeric[2] if len(numeric) > 2 and not number else numeric[0], True


def _holds(condition: tuple[str, Decimal], number: Decimal) -> bool:
    sign, bound = condition
    return (
        ("=" in sign and number == bound and sign != "<>")
        or (sign == "<>" and number != bound)
        or (sign[0] == "<" and sign != "<>" and number < bound)
        or (sign[0] == ">" and number > bound)
    )


# ----------------------------------------------------------------------------------- the numbers


def _number(tokens: tuple[Token, ...], number: Decimal) -> str:
    """Fill the digits of a format."""
    whole, point, rest = _halves(tokens)
    scale = 2 * sum(token == ("sign", "%") for token in tokens)
    scale -= 3 * (_thousands(whole) + _thousands(rest))
    number = number.scaleb(scale, _EXACT)
    places = sum(kind == "digit" for kind, _ in _until_exponent(rest))
    exponent = 0
    if any(kind == "exponent" for kind, _ in tokens):
        number, exponent = _normalised(number, sum(kind == "digit" for kind, _ in _until_exponent(whole)), places)
    number = number.quantize(Decimal(1).scaleb(-places), context=_EXACT)
    digits, _, decimals = f"{abs(number):f}".partition(".")
    if not point:
        head, tail = _split(whole)
        text = _whole(head, digits) + _tail(tail, "", exponent)
    else:
        end = _tail(rest, decimals, exponent)
        text = _whole(whole, digits) + ("." if end[:1].isdigit() else "") + end
    return ("-" if number < 0 else "") + " ".join(text.split())


def _halves(tokens: tuple[Token, ...]) -> tuple[list[Token], bool, list[Token]]:
    at = next((index for index, token in enumerate(tokens) if token == ("sign", ".")), None)
    if at is None:
        return list(tokens), False, []
    return list(tokens[:at]), True, list(tokens[at + 1 :])


def _until_exponent(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        if token[0] == "exponent":
            return
        yield token


def _split(whole: list[Token]) -> tuple[list[Token], list[Token]]:
    """Part what stands before an exponent from it."""
    head = list(_until_exponent(whole))
    return head, whole[len(head) :]


def _thousands(half: list[Token]) -> int:
    """Count the commas after the last digit: each divides by a thousand. All others only separate."""
    count = 0
    for kind, text in reversed(list(_until_exponent(half))):
        if kind == "digit":
            break
        count += (kind, text) == ("sign", ",")
    return count


def _normalised(number: Decimal, width: int, places: int) -> tuple[Decimal, int]:
    """Move the point so that `width` digits, at most, stand before it."""
    exponent = 0
    for _ in range(2 if number else 0):  # rounding may add a digit
        step = number.adjusted() - number.adjusted() % max(width, 1)
        number, exponent = number.scaleb(-step, _EXACT), exponent + step
        rounded = number.quantize(Decimal(1).scaleb(-places), context=_EXACT)
        number = rounded if rounded.adjusted() >= max(width, 1) else number
    return number, exponent


def _whole(tokens: list[Token], digits: str) -> str:
    """Fill the digits before the point, from the right; the first one takes all that are left."""
    waiting = digits.lstrip("0")
    first = next((index for index, (kind, _) in enumerate(tokens) if kind == "digit"), None)
    made: list[str] = []
    for index in range(len(tokens) - 1, -1, -1):
        kind, text = tokens[index]
        if kind == "digit":
            made.append(waiting[-1:] or ("0" if text == "0" else ""))
            waiting = waiting[:-1]
            if index == first:
                made.append(waiting)
        elif kind == "text" or text == "%":
            made.append(text)
    return "".join(reversed(made)) if first is not None else waiting + "".join(reversed(made))


def _tail(tokens: list[Token], decimals: str, exponent: int) -> str:
    """Fill the digits after the point, and the exponent."""
    made: list[str] = []
    optional = 0
    at = 0
    for kind, text in _until_exponent(tokens):
        if kind == "digit":
            digit, at = decimals[at : at + 1], at + 1
            made.append(digit)
            optional = 0 if text == "0" or digit != "0" else optional + 1
        elif kind == "text" or text == "%":
            optional = _dropped(made, optional)
            made.append(text)
    _dropped(made, optional)
    power = tokens[len(list(_until_exponent(tokens))) :]
    if power:
        sign = "-" if exponent < 0 else "+" if power[0][1].endswith("+") else ""
        width = sum(kind == "digit" for kind, _ in power)
        made.append(f"E{sign}{abs(exponent):0{width}d}")
        made += [text for kind, text in power[1:] if kind == "text" or text == "%"]
    return "".join(made)


def _dropped(made: list[str], optional: int) -> int:
    """Leave out zeros that need not be shown."""
    if optional:
        del made[-optional:]
    return 0
