"""What texts will cost, as a range, by the price list that the service publishes.

Pure. A price is a range because a sized text is paid by its length: the shortest and the longest that was asked for
bound it. What failures and cancelled records cost is not known, and not part of an estimate.
"""

from __future__ import annotations

import re
from functools import lru_cache
from math import ceil
from typing import TYPE_CHECKING

from sync.model import SIZED_TEXTS, Price, Together

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sync.model import Change, PriceList, Rules, Wanted

FALLBACK = 1.0
"""Credits per text for a text type that the price list leaves out: the published price of a short text."""
MOST_ALT_TEXTS = 20
"""Images that one request for alt texts may name, where the service names no number: the vendor's own client's."""


def _tiers(words: int | None, words_per_credit: int) -> int:
    return max(1, ceil((words or 1) / max(1, words_per_credit)))


def price_of(wanted: Wanted, prices: PriceList) -> Price:
    """Price one text, in credits: `generation`, plus `tier` per started `words_per_credit` words if it is sized.

    The formula is the one that the vendor's own WordPress client shows its users.
    """
    start = prices.generation.get(wanted.text_type, FALLBACK)
    tier = prices.tier.get(wanted.text_type, 0.0)
    if wanted.text_type not in SIZED_TEXTS:
        return _range(start, start)
    low = start + tier * _tiers(wanted.min_words, prices.words_per_credit)
    high = start + tier * _tiers(wanted.max_words, prices.words_per_credit)
    return _range(min(low, high), max(low, high))


@lru_cache(maxsize=1_000, typed=True)
def _range(low: float, high: float) -> Price:
    """Make a price; the same one each time, since a large plan holds a million of them."""
    return Price(low, high)


def ladder_price(wanted: Wanted, text: str, prices: PriceList) -> Price:
    """Price rewriting or imitating a text, in credits: as for a new one, and no less than its length makes of it.

    The vendor's own WordPress client climbs a ladder: its first step covers `max_reference_length` characters, each
    further one `more_reference_length`, and it ends where the longest output does. The higher of the two counts: the
    step of that text's length, or of the words of the new one.
    """
    plain = price_of(wanted, prices)
    if wanted.text_type not in SIZED_TEXTS:
        return plain
    start, tier = prices.generation.get(wanted.text_type, FALLBACK), prices.tier.get(wanted.text_type, 0.0)
    steps = min(_steps(len(text), prices.rules), _most_steps(prices))
    climbed = start + tier * steps
    return Price(max(plain.min, climbed), max(plain.max, climbed))


def longest_rewrite(prices: PriceList) -> int:
    """Give the characters of the longest text that can be rewritten."""
    first, more = _ladder(prices.rules)
    return first + more * (_most_steps(prices) - 1)


def _steps(length: int, rules: Rules) -> int:
    first, more = _ladder(rules)
    return 1 + max(0, ceil((length - first) / more))


def _ladder(rules: Rules) -> tuple[int, int]:
    """Give the first and the further steps; where the service names none, the vendor's client's own fallback."""
    return rules.max_reference_length or 1200, rules.more_reference_length or 1600


def _most_steps(prices: PriceList) -> int:
    return _tiers(prices.rules.max_output_words or 2000, prices.words_per_credit)


def charged(text_type: str, text: str, prices: PriceList, least: float = 0.0) -> float:
    """Work out the credits of a text that has arrived, by its words. The service itself tells only the balance.

    `least` is the lower end of its estimate: what a long text that was rewritten or imitated costs, however short the
    new one is. Of an empty text nobody can say more than the lowest price.
    """
    start = prices.generation.get(text_type, FALLBACK)
    if text_type not in SIZED_TEXTS:
        return start
    words = len(re.sub(r"<[^>]*>", " ", text).split())
    cost = start + prices.tier.get(text_type, 0.0) * _tiers(words, prices.words_per_credit)
    return max(cost, least) if words else cost


def made_together(shows: str, prices: PriceList) -> Together:
    """Say what the alt texts of one product share, by the price list and the limits of the service."""
    price = FALLBACK if prices.alt_text is None else prices.alt_text
    return Together(shows, max(1, prices.rules.max_alt_texts or MOST_ALT_TEXTS), price)


def shared(changes: Sequence[Change]) -> Sequence[Change]:
    """Give each alt text its share of the request that it will be ordered in; all else keeps its price.

    A request costs the same for one image and for as many as it may name, so that a share is known only when it is
    known what else is ordered. The images of one product go out in the order of the workbook.
    """
    if all(change.together is None for change in changes):
        return changes
    found = list(changes)
    groups: dict[tuple[str, str, str], list[int]] = {}
    for at, change in enumerate(found):
        if change.together is not None:
            key = change.key.record
            groups.setdefault((key.store, key.language, change.together.shows), []).append(at)
    for places in groups.values():
        together = found[places[0]].together
        most = together.most if together is not None else 1
        for start in range(0, len(places), most):
            request = places[start : start + most]
            for at in request:
                share = (together.price if together is not None else 0.0) / len(request)
                found[at] = found[at]._replace(price=Price(share, share))
    return found


KEYWORD_ANALYSIS = 6.0
"""Credits for one keyword optimization where the price list leaves it out: what the vendor's own site names."""


def keywords_price(prices: PriceList) -> Price:
    """Price one keyword optimization, in credits. Another one of the same record is taken to cost as much again."""
    each = KEYWORD_ANALYSIS if prices.keyword_analysis is None else prices.keyword_analysis
    return Price(each, each)


def total(prices: Iterable[Price]) -> Price:
    """Add up ranges. Shares of a request add up to the whole of it."""
    least, most = 0.0, 0.0
    for low, high in prices:
        least, most = least + low, most + high
    return Price(round(least, 6), round(most, 6))
