"""Texts such as a service generates: about 600 characters, no two alike, as hard to pack as prose is."""

from __future__ import annotations

import random
from functools import cache

_WORDS = """
and the a with of to in for is it this that oak wood made hand soft warm light room table wool linen cotton every day
home quiet natural colour years simple strong finish shape keeps large small smooth solid steel glass clay leather
kitchen garden winter summer morning evening chair lamp bowl shelf basket blanket cushion apron candle jar mirror
its you your at on by as from after before under over again always never more less than well easy to care clean wash
washed oiled woven knitted turned polished brushed lined stitched folded forged painted glazed fired cast carved dyed
small workshop family makers skilled slowly carefully without plastic recycled local certified forest river coast
grey green blue white black brown cream rust amber olive sand stone moss plum coral ivory teal mustard rose copper
fits holds carries lasts ages stands rests hangs opens closes stacks packs ships arrives belongs brings gives lets
guests children friends visitors readers cooks walkers sleepers dreamers anyone who likes things that work
weight width height length depth cm litre pair set piece model size range edge seam rim base handle lid strap buckle
"""


@cache
def _stream() -> str:
    """Make a long run of prose, the same every time."""
    choose = random.Random(7)
    known = list(dict.fromkeys(_WORDS.split()))
    often = [1 / (place + 3) for place in range(len(known))]
    said: list[str] = []
    while len(said) < 600_000:
        sentence = choose.choices(known, often, k=choose.randint(6, 18))
        sentence[0] = sentence[0].capitalize()
        sentence[-1] += choose.choice([*(".",) * 16, "!", " & more.", " café.", "<br>"])
        said += sentence
    return " ".join(said)


def text(row: int, column: int) -> str:
    """Give the text of one cell."""
    stream = _stream()
    at = (row * 7919 + column * 104_729) % (len(stream) - 700)
    return f"{row} {stream[at : at + 594]}"


def texts(rows: int) -> dict[tuple[int, int], str]:
    """Give the texts of five columns, K to O, from the second row on."""
    return {(row, column): text(row, column) for row in range(2, rows + 2) for column in range(11, 16)}
