"""Record ids: whether they can be trusted to be what somebody typed.

Excel turns ids into numbers and dates when a CSV file is opened in it. What it did cannot be undone, only noticed.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from sync.records.problems import Flaw
from sync.records.values import ERRORS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_SCIENTIFIC = re.compile(r"[0-9](?:[.,][0-9]+)?[Ee]\+[0-9]+")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?: [0-9:.]+)?")
_AGAIN = "Copy the id from the shop once more; format the column as text before you paste."

EXACT = 15
"""Digits of a number that Excel keeps; all further ones become zeros."""


def id_flaw(text: str) -> Flaw | None:
    """Find what is wrong with an id, looking at nothing else."""
    if text[:1] == "#" and text.strip() in ERRORS:
        return Flaw("error-value", text, "The formula in this cell has failed.", "Repair the formula, or type the id.")
    if text != text.strip():
        return Flaw("id-spaces", text, "The id begins or ends with a space, so the shop does not know it.",
                    f"Type {text.strip()} without the space.")  # fmt: skip
    if not text.isprintable():
        return Flaw("id-characters", text, "There is an invisible character in the id, so the shop does not know it.",
                    "Type the id by hand, or copy it from the shop once more.")  # fmt: skip
    if "+" in text and _SCIENTIFIC.fullmatch(text):
        return Flaw("damaged-id", text, "Excel has rounded this id: it was a long number.", _AGAIN)
    return None


def odd_ones_out(ids: Mapping[int, str]) -> Iterator[tuple[int, Flaw]]:
    """Find the ids that look damaged beside the others. `ids` is index to id; the indices come back."""
    dates = [index for index, text in ids.items() if text[4:5] == "-" and _DATE.fullmatch(text)]
    if len(dates) * 2 < len(ids):
        for index in dates:
            yield index, Flaw("damaged-id", ids[index], "Excel has made a date of this id.", _AGAIN)
    digits = {index: text for index, text in ids.items() if text.isdigit()}
    yield from _rounded(digits)
    if len(digits) == len(ids):
        yield from _shortened(digits)


def _rounded(digits: Mapping[int, str]) -> Iterator[tuple[int, Flaw]]:
    """Find long numbers that all end in the zeros which Excel puts after the fifteenth digit."""
    long = {index: text for index, text in digits.items() if len(text) > EXACT}
    zeros = sum(len(text) - EXACT for text in long.values())
    if zeros >= 3 and all(not text[EXACT:].strip("0") for text in long.values()):  # by chance: once in a thousand
        for index, text in long.items():
            yield index, Flaw("damaged-id", text, "Excel has rounded this id: it keeps 15 digits of a number.", _AGAIN)


def _shortened(digits: Mapping[int, str]) -> Iterator[tuple[int, Flaw]]:
    """Find numbers that are shorter than nearly all the others: they may have lost zeros at the front."""
    lengths = Counter(map(len, digits.values()))
    usual, how_many = lengths.most_common(1)[0] if lengths else (0, 0)
    if usual < 8 or len(digits) < 10 or how_many < 0.9 * len(digits):
        return
    for index, text in digits.items():
        if usual - 3 <= len(text) < usual:
            yield index, Flaw(
                "short-id", text,
                f"Nearly all ids have {usual} digits, and this one {len(text)}: were there zeros at the front?",
                f"If so, format the cell as text and type {text.zfill(usual)}.", warning=True)  # fmt: skip
