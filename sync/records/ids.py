"""Record ids: whether they can be trusted to be what somebody typed.

Excel turns ids into numbers and dates when a CSV file is opened in it. What it did cannot be undone, only noticed;
`sync.records.repair` looks for what the id was before.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING

from sync.records.problems import Flaw
from sync.records.values import failed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sync.tables import Remark

_SCIENTIFIC = re.compile(r"-?[0-9](?:[.,][0-9]+)?[Ee]\+[0-9]+")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?: [0-9:.]+)?")
_AGAIN = "Copy the id from the shop once more; format the column as text before you paste."

EXACT = 15
"""Digits of a number that Excel keeps; all further ones become zeros."""

UNSEEN = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
"""Characters that nobody sees, and that come along when something is copied from a web page."""

_DATED = Flaw("damaged-id", "", "Excel has made a date of this id.", _AGAIN)
_ROUNDED = Flaw("damaged-id", "", "Excel has rounded this id: it keeps 15 digits of a number.", _AGAIN)


def read_id(text: str) -> tuple[str, Flaw | None]:
    """Give the id in a cell, and what is wrong with it, looking at nothing else; no id where it cannot be used.

    Spaces and invisible characters around an id are no part of it: it is read without them, with a warning.
    """
    if flaw := failed(text):
        return "", flaw
    clean = _bare(text)
    if not clean.isprintable():
        inside = " ".join("".join(ch for ch in clean if ch not in UNSEEN).split())
        return "", Flaw("id-characters", text,
                        "There is an invisible character in the id, so the shop does not know it.",
                        f"Type {inside} by hand, or copy it from the shop once more.")  # fmt: skip
    if _SCIENTIFIC.fullmatch(clean):
        return "", _scientific(text)
    if clean == text:
        return text, None
    if not clean:
        return "", None
    what = "an invisible character" if any(ch in UNSEEN or ch == "\xa0" for ch in text) else "a space"
    return clean, Flaw("id-spaces", text, f"The id begins or ends with {what}; it was read as {clean}.",
                       f"Type {clean}, so that it looks the same to everybody.", warning=True)  # fmt: skip


def all_plain(texts: Sequence[str]) -> bool:
    """Whether `read_id` would give every one as it is and find nothing wrong: one quick look for a whole column."""
    joined = "".join(texts)
    return joined.isascii() and joined.isprintable() and not any(sign in joined for sign in " +#")


def _bare(text: str) -> str:
    """Take spaces and invisible characters off both ends."""
    shorter = text.strip().strip(UNSEEN)
    return shorter if shorter == text else _bare(shorter)


def _scientific(text: str) -> Flaw:
    return Flaw("damaged-id", text, "Excel has rounded this id: it was a long number.", _AGAIN)


def odd_ones_out(ids: Mapping[int, str], numbers: Mapping[int, Remark]) -> Iterator[tuple[int, Flaw]]:
    """Find the ids that look damaged beside the others. `ids` is index to id; the indices come back.

    `numbers` says of some cells what reading has seen: that they hold a date, or a number of too many digits.
    """
    for index, remark in numbers.items():
        if index in ids:
            yield index, (_DATED if remark.kind == "date" else _ROUNDED)._replace(value=ids[index])
    texts = {index: text for index, text in ids.items() if index not in numbers} if numbers else ids
    dates = [index for index, text in texts.items() if text[4:5] == "-" and _DATE.fullmatch(text)]
    if len(dates) * 2 < len(ids):
        for index in dates:
            yield index, _DATED._replace(value=ids[index])
    lengths = set(map(len, texts.values()))
    if len(lengths) > 1 or max(lengths, default=0) > EXACT:
        digits = {index: text for index, text in texts.items() if text.isdecimal()}
        yield from _rounded(digits)
        yield from _shortened(digits, len(ids))
    yield from _alike(ids)


def _rounded(digits: Mapping[int, str]) -> Iterator[tuple[int, Flaw]]:
    """Find long numbers that all end in the zeros which Excel puts after the fifteenth digit."""
    long = {index: text for index, text in digits.items() if len(text) > EXACT}
    zeros = sum(len(text) - EXACT for text in long.values())
    if zeros >= 3 and all(not text[EXACT:].strip("0") for text in long.values()):  # by chance: once in a thousand
        for index, text in long.items():
            yield index, _ROUNDED._replace(value=text)


def _shortened(digits: Mapping[int, str], count: int) -> Iterator[tuple[int, Flaw]]:
    """Find numbers that are shorter than nearly all the others: they may have lost zeros at the front.

    Long numbers of one length are enough to go by where there is nothing else among the ids; short ones have to
    show that zeros stand in front here.
    """
    lengths = Counter(map(len, digits.values()))
    usual, how_many = lengths.most_common(1)[0] if lengths else (0, 0)
    if len(lengths) < 2 or how_many < 0.5 * len(digits):
        return
    padded = sum(text[0] == "0" for text in digits.values() if len(text) == usual)
    clear = padded >= 2 and padded * 10 >= how_many
    if not clear and (usual < 8 or count < 10 or len(digits) < count or how_many < 0.9 * count):
        return
    for index, text in digits.items():
        if (0 if clear else usual - 3) <= len(text) < usual and text[0] != "0":
            yield index, Flaw(
                "short-id", text,
                f"Nearly all ids have {usual} digits, and this one {len(text)}: were there zeros at the front?",
                f"If so, format the cell as text and type {text.zfill(usual)}.", warning=True)  # fmt: skip


def _alike(ids: Mapping[int, str]) -> Iterator[tuple[int, Flaw]]:
    """Find ids that only differ by capital letters, spaces or zeros in front from an earlier one."""
    texts = set(ids.values())
    if len(set(map(len, texts))) == 1 and "".join(texts).isdecimal():
        return  # digits of one length: no zeros in front make one of them like another
    if (  # as nearly always, and quicker than to reduce them all
        len(set(map(str.casefold, texts))) == len(texts) == len({text.lstrip("0") for text in texts})
        and not any(ch.isspace() for ch in set("".join(texts)))
    ):
        return
    reduced = {text: reduce(text) for text in texts}
    if len(set(reduced.values())) == len(reduced):
        return
    first: dict[str, str] = {}
    for index, text in ids.items():
        earlier = first.setdefault(reduced[text], text)
        if earlier != text:
            yield index, Flaw(
                "similar-id", text, f"{earlier} stands in another row: these may be the same record.",
                f"If they are, write the same id in both places, or remove one. The shop tells {earlier} from {text}.",
                warning=True)  # fmt: skip


def reduce(text: str) -> str:
    """Give what two spellings of an id have in common, whatever its capitals, spaces, zeros in front, and accents."""
    if text.isdecimal():
        return text.lstrip("0")
    folded = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return "".join(folded.casefold().split())
