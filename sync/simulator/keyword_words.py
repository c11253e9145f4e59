"""Keywords for a product, worked out from its name and the keywords it was given: the same ones every time.

Figures are invented, and look like a keyword tool's: round volumes, a few that nobody knows, ranks that move by the
day.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from types import MappingProxyType

LEVELS = ("Low", "LowMid", "Mid", "MidHigh", "High")
_VOLUMES = (10, 20, 30, 50, 70, 90, 140, 210, 320, 480, 590, 720, 880, 1000, 1300, 1900, 2400, 3600, 5400, 8100)
_PATTERNS = MappingProxyType(
    {
        "en": (
            ("{base}", "commercial"), ("buy {base}", "transactional"), ("best {base}", "commercial"),
            ("{base} online", "transactional"), ("how to choose {base}", "informational"),
            ("{base} reviews", "commercial"), ("modern {base}", "commercial"), ("{base} ideas", "informational"),
            ("{base} shop", "navigational"), ("small {base}", "commercial"),
        ),
        "de": (
            ("{base}", "commercial"), ("{base} kaufen", "transactional"), ("beste {base}", "commercial"),
            ("{base} online", "transactional"), ("{base} ratgeber", "informational"), ("{base} test", "commercial"),
            ("moderne {base}", "commercial"), ("{base} ideen", "informational"), ("{base} shop", "navigational"),
        ),
        "fr": (
            ("{base}", "commercial"), ("acheter {base}", "transactional"), ("meilleur {base}", "commercial"),
            ("{base} en ligne", "transactional"), ("comment choisir {base}", "informational"),
            ("{base} avis", "commercial"), ("{base} moderne", "commercial"), ("boutique {base}", "navigational"),
        ),
    }
)  # fmt: skip
"""Templates and the intent that goes with each, by language; others are served with what needs no words."""
_WORDLESS = (("{base}", "commercial"), ("{base} online", "transactional"), ("{base} shop", "navigational"))
LONGEST = 60
DAY = 86_400.0
_WORST = 100


@dataclass(frozen=True, slots=True)
class Idea:
    """One keyword with its figures; None is what nobody knows. `rank` is the one it begins with."""

    keyword: str
    intent: str
    volume: int | None
    level: str
    rank: int | None

    @property
    def difficulty(self) -> str:
        """The level in the older words."""
        return ("LOW", "LOW", "MEDIUM", "HIGH", "HIGH")[LEVELS.index(self.level)]


def drawn(*parts: object) -> int:
    """Draw a number that depends on nothing but the parts."""
    return int.from_bytes(hashlib.blake2b(repr(parts).encode(), digest_size=6).digest())


def ideas(seed: int, language: str, country: str, name: str, seeds: list[str]) -> list[Idea]:
    """Find keywords, the easy ones first."""
    bases = list(dict.fromkeys(" ".join(one.lower().split())[:LONGEST] for one in (*seeds, name) if one.strip()))
    patterns = _PATTERNS.get(language, _WORDLESS)
    words = {pattern.format(base=base): intent for base in bases for pattern, intent in patterns}
    return sorted(
        (_idea(seed, country, word, intent) for word, intent in words.items()),
        key=lambda one: (LEVELS.index(one.level), one.keyword),
    )


def idea(seed: int, country: str, keyword: str) -> Idea:
    """Work out the figures of one keyword that somebody typed."""
    return _idea(seed, country, keyword, "")


def _idea(seed: int, country: str, word: str, intent: str) -> Idea:
    mark = drawn(seed, country.upper(), word)
    return Idea(
        word,
        intent,
        None if mark % 9 == 0 else _VOLUMES[mark % len(_VOLUMES)],
        LEVELS[mark // 7 % len(LEVELS)],
        None if mark // 11 % 4 == 0 else 4 + mark // 13 % 57,
    )


def rank_on(one: Idea, seed: int, day: int, published_days: int) -> int | None:
    """Give the rank so many days after the analysis: it wanders, and climbs once a text for it has been published."""
    if one.rank is None:
        return None
    wander = sum(drawn(seed, one.keyword, past) % 3 - 1 for past in range(1, min(day, 60) + 1))
    return min(_WORST, max(1, one.rank + wander - published_days // 2))
