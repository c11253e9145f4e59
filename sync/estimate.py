"""What texts will cost, as a range, by the price list that the service publishes.

Pure. A price is a range because a sized text is paid by its length: the shortest and the longest that was asked for
bound it. What failures and cancelled records cost is not known, and not part of an estimate.
"""

from __future__ import annotations

import re
from math import ceil
from typing import TYPE_CHECKING

from sync.model import SIZED_TEXTS, Price

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sync.model import PriceList, Wanted

FALLBACK = 1.0
"""Credits per text for a text type that the price list leaves out: the published price of a short text."""


def _tiers(words: int | None, words_per_credit: int) -> int:
    return max(1, ceil((words or 1) / max(1, words_per_credit)))


def price_of(wanted: Wanted, prices: PriceList) -> Price:
    """Price one text, in credits: `generation`, plus `tier` per started `words_per_credit` words if it is sized.

    The formula is the one that the vendor's own WordPress client shows its users.
    """
    start = prices.generation.get(wanted.text_type, FALLBACK)
    tier = prices.tier.get(wanted.text_type, 0.0)
    if wanted.text_type not in SIZED_TEXTS:
        return Price(start, start)
    low = start + tier * _tiers(wanted.min_words, prices.words_per_credit)
    high = start + tier * _tiers(wanted.max_words, prices.words_per_credit)
    return Price(min(low, high), max(low, high))


def charged(text_type: str, text: str, prices: PriceList) -> float:
    """Work out the credits of a text that has arrived, by its words. The service itself tells only the balance."""
    start = prices.generation.get(text_type, FALLBACK)
    if text_type not in SIZED_TEXTS:
        return start
    words = len(re.sub(r"<[^>]*>", " ", text).split())
    return start + prices.tier.get(text_type, 0.0) * _tiers(words, prices.words_per_credit)


def total(prices: Iterable[Price]) -> Price:
    """Add up ranges."""
    return sum(prices, Price())
