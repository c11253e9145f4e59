"""Turning sentence patterns into sentences about one record, in the language asked for.

A `Voice` offers whole sentences by purpose; `compose` decides which of them make a text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from sync.simulator import english
from sync.simulator.catalogue import COUNTRIES
from sync.simulator.languages import LANGUAGES, Phrases
from sync.simulator.wire import bare, plain

if TYPE_CHECKING:
    import random
    from collections.abc import Iterable, Mapping, Sequence

    from sync.simulator.orders import Order, Record

_NOT_HEAD = re.compile(r"[\W\dx]*\d[\w.,/-]*|[a-z]{1,2}|\W+")
_CLUES = {world: frozenset(known.split()) for world, known in english.CLUES.items()}
_LOOSE_ENDS = frozenset(("a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"))
_YES, _NO = frozenset({"yes", "true", "included"}), frozenset({"no", "false", "none", "n/a", "-", "0"})


@dataclass(frozen=True)
class Voice:
    """Sentences about one record: each field holds finished ones, in the order they should be tried."""

    name: str
    openings: list[str]
    facts: list[str]
    details: list[tuple[str, str]]
    keywords: list[str]
    extras: list[str]
    benefits: list[str]
    closers: list[str]
    descriptions: list[str]
    calls: list[str]
    titles: list[str]
    number: str
    fillers: Mapping[int, Sequence[str]] = field(default_factory=dict)
    leads: Sequence[str] = ()


def voice(order: Order, record: Record, draws: random.Random) -> Voice:
    """Make the voice for a record; `draws` decides the order of things that could come in any order."""
    code = order.language.replace("_", "-").partition("-")[0].lower()
    if code in LANGUAGES:
        return _Foreign(order, record, draws, LANGUAGES[code]).voice()
    return _English(order, record, draws).voice()


def first_upper(text: str) -> str:
    """Begin with a capital."""
    return text[:1].upper() + text[1:]


def first_lower(text: str) -> str:
    """Begin small, unless the first word is a name, an abbreviation or a code."""
    first = text.split(" ", 1)[0].rstrip(",.")
    return text[:1].lower() + text[1:] if first[1:].islower() or len(first) == 1 else text


def listed(values: Sequence[str], word: str) -> str:
    """Join names: `a, b and c`."""
    return values[0] if len(values) == 1 else f"{', '.join(values[:-1])} {word} {values[-1]}"


def sentence(text: str) -> str:
    """Finish a text of somebody else's as a sentence."""
    folded = plain(text)
    return first_upper(folded if folded.endswith((".", "!", "?", "…")) else f"{folded}.") if folded else ""


def clip(text: str, *, characters: int = 10_000, count: int = 10_000) -> str:
    """Keep as many whole words as fit, and no loose end: `Chair with` becomes `Chair`."""
    kept: list[str] = []
    for word in text.split()[:count]:
        if len(" ".join([*kept, word])) > characters:
            break
        kept.append(word)
    if len(kept) < len(text.split()):
        while len(kept) > 1 and (kept[-1].lower() in _LOOSE_ENDS or not re.search(r"\w", kept[-1])):
            kept.pop()
    return " ".join(kept).rstrip(",;:-|")


def _asked_to_mention(special: str) -> str:
    """Return what special instructions want mentioned, or nothing."""
    found = re.match(r"(?:please )?(?:mention|include|highlight|stress)(?: that)? (.+)", special, re.IGNORECASE)
    return found[1].rstrip(".! ") if found else ""


@lru_cache(maxsize=4096)
def _world(name: str, attributes: tuple[tuple[str, str], ...]) -> str:
    """Guess what kind of thing it is from the words of its name (counted twice) and its attributes."""
    clues = " ".join([name, name, *(f"{one} {value}" for one, value in attributes)])
    seen = re.findall(r"[a-z]+", clues.lower())
    scores = {
        world: sum(word in known or word.removesuffix("s") in known for word in seen) for world, known in _CLUES.items()
    }
    best = max(scores, key=lambda world: scores[world])
    return best if scores[best] else "general"


class _English:
    """English about one record."""

    def __init__(self, order: Order, record: Record, draws: random.Random) -> None:
        self.order, self.record, self.draws = order, record, draws
        self.category = order.type == "Category"
        self.world = "category" if self.category else _world(record.name, record.attributes)
        self.name = plain(record.name) or ("this category" if self.category else "this product")
        self.plural = not self.category and self._is_plural()
        self.phrase = self._phrase()
        self.slots = self._slots()
        self.turn = 0

    def voice(self) -> Voice:
        """Make all sentences."""
        record = self.record
        pools = [english.TONES[tone] for tone in record.tones] + [english.STYLES.get(record.style, ())]
        toned = self._shuffled([pattern for pool in pools for pattern in pool])
        benefits = self._shuffled(english.BENEFITS[self.world])
        benefits[2:2], benefits[1:1] = toned[1:2], toned[:1]
        if self.world in {"furniture", "outdoor"}:
            benefits += self._shuffled(english.BENEFITS["general"])
        openings = self._shuffled(english.OPENINGS[self.world])
        if record.style in {"Storytelling", "Conversational"} and self.draws.random() < 0.6:
            openings.insert(0, self.draws.choice(english.STYLES[record.style]))
        closers = english.CATEGORY_CLOSERS if self.category else english.CLOSERS
        return Voice(
            name=self.name,
            openings=[self.say(pattern, full=True) for pattern in openings],
            facts=[fact for name, value in record.attributes if (fact := self._fact(name, value))],
            details=[(first_upper(name), value) for name, value in record.attributes],
            keywords=self._keywords(),
            extras=self._extras(),
            benefits=[self.say(pattern) for pattern in [*benefits, *toned[2:]]],
            closers=[self.say(pattern) for pattern in self._shuffled(closers)],
            descriptions=[self.say(pattern, full=True) for pattern in self._shuffled(english.DESCRIPTIONS)],
            calls=self._shuffled(english.CATEGORY_CLOSERS if self.category else english.CALLS),
            titles=[self.say(pattern) for pattern in self._shuffled(english.TITLES)],
            number=self.say(self.draws.choice(english.NUMBERED), v=record.sku or record.id),
            fillers=english.FILLERS,
            leads=english.LEADS,
        )

    def say(self, pattern: str, *, full: bool = False, **slots: str) -> str:
        """Fill a pattern; every third time, or when `full`, the thing is called by its name."""
        self.turn += 1
        return pattern.format(**self.slots[0 if full else self.turn % 3], **slots)

    def _slots(self) -> list[dict[str, str]]:
        """Make the slots for calling the thing by its name, by its kind, and by a pronoun."""
        if self.plural:
            verbs = {"n_": "they", "its": "their", "is_": "are", "has": "have", "does": "do", "s": "", "es": ""}
            kinds, pronoun, other = "they", "they", "them"
        else:
            verbs = {"n_": "it", "its": "its", "is_": "is", "has": "has", "does": "does", "s": "s", "es": "es"}
            kinds = "this selection" if self.category else f"this {english.NOUNS[self.world]}"
            pronoun = other = "it"
        calls = (self.phrase, self.phrase), (kinds, other if self.plural else kinds), (pronoun, other)
        return [{"name": self.name, "N": first_upper(n), "n": n, "o": o, **verbs} for n, o in calls]

    def _shuffled(self, patterns: Iterable[str]) -> list[str]:
        return sorted(patterns, key=lambda _: self.draws.random())

    def _phrase(self) -> str:
        if self.category:
            return f"our {self.name} range" if self.record.name else "this range"
        first = self.name.split(" ", 1)[0].lower()
        if first in {"the", "this", "our", "a", "an", "my"}:
            return self.name
        rest = self.name.split()[1:]
        return f"the {first_lower(self.name) if rest and all(word == word.lower() for word in rest) else self.name}"

    def _is_plural(self) -> bool:
        head = re.split(r",| [-\u2013|(/]|\(| (?:with|for|of|in|by|from|and) ", self.name)[0].split()
        while len(head) > 1 and _NOT_HEAD.fullmatch(head[-1]):
            head.pop()
        last = head[-1].lower() if head else ""
        return last.endswith("s") and not last.endswith(("ss", "us", "is", "'s", "\u2019s", "os"))

    def _fact(self, name: str, value: str) -> str:
        lower = value.lower()
        if lower in _NO:
            return ""
        patterns: tuple[str, ...] = english.YES_ATTRIBUTE if lower in _YES else english.GENERIC_ATTRIBUTE
        parts = re.findall(r"[a-z]+", name.lower())
        for clues, found in english.ATTRIBUTES:
            if lower not in _YES and any(part.startswith(tuple(clues.split())) for part in parts):
                patterns = found
                break
        values = [part.strip() for part in value.split(", ") if part.strip()]
        listing = listed([values[0], *(first_lower(part) for part in values[1:])], "and")
        stripped = re.sub(r"^made in ", "", listing, flags=re.IGNORECASE)
        pattern = self.draws.choice(patterns)
        said = self.say(pattern, a=first_lower(name), A=first_upper(name), v=first_lower(stripped), V=stripped)
        return first_upper(said.replace("..", "."))

    def _keywords(self) -> list[str]:
        patterns = self._shuffled(english.KEYWORDS)
        keywords = [word for word in map(bare, self.record.keywords) if word]
        return [self.say(patterns[place % len(patterns)], k=word) for place, word in enumerate(keywords)]

    def _extras(self) -> list[str]:
        record, order = self.record, self.order
        said = []
        mention = _asked_to_mention(order.special_instructions)
        if mention:
            said.append(self.say(self.draws.choice(english.MENTIONS), v=plain(mention)))
        if record.other_details:
            said.append(sentence(record.other_details))
        if record.products:
            said.append(f"Among them: {listed(record.products, 'and')}.")
        whom = [record.custom_audience] if record.custom_audience else list(record.audiences)
        if whom:
            who = listed([first_lower(plain(one)) for one in whom], "and")
            said.append(first_upper(self.say(self.draws.choice(english.AUDIENCES), who=who)))
        where = [COUNTRIES[code] for code in order.countries if code in COUNTRIES]
        if where:
            said.append(self.say(self.draws.choice(english.COUNTRIES), where=listed(where, "and")))
        return said


class _Foreign:
    """Another language about one record: the same purposes, fewer patterns, the name as it is."""

    def __init__(self, order: Order, record: Record, draws: random.Random, phrases: Phrases) -> None:
        self.order, self.record, self.draws, self.phrases = order, record, draws, phrases
        self.name = plain(record.name) or phrases.nameless

    def voice(self) -> Voice:
        """Make all sentences."""
        record, phrases = self.record, self.phrases
        details = [(first_upper(name), value) for name, value in record.attributes]
        extras = []
        mention = _asked_to_mention(self.order.special_instructions)
        if mention:
            extras.append(sentence(mention))
        if record.other_details:
            extras.append(sentence(record.other_details))
        if record.products:
            extras.append(f"{listed(record.products, phrases.joiner)}.")
        whom = [record.custom_audience] if record.custom_audience else list(record.audiences)
        if whom:
            extras.append(f"{phrases.audience}: {listed([plain(one) for one in whom], phrases.joiner)}.")
        return Voice(
            name=self.name,
            openings=self._mixed(phrases.openings),
            facts=[f"{name}: {value}.".replace("..", ".") for name, value in details],
            details=details,
            keywords=[
                self._say(pattern, k=bare(word))
                for word, pattern in zip(filter(bare, record.keywords), self._rotated(phrases.keywords), strict=False)
            ],
            extras=extras,
            benefits=self._mixed(phrases.benefits),
            closers=self._mixed(phrases.closers),
            descriptions=self._mixed(phrases.descriptions),
            calls=self._mixed(phrases.closers),
            titles=self._mixed(phrases.titles),
            number=f"{phrases.number} {record.sku or record.id}.",
            fillers=phrases.fillers,
            leads=phrases.leads,
        )

    def _say(self, pattern: str, **slots: str) -> str:
        return pattern.format(name=self.name, **slots)

    def _rotated(self, patterns: Sequence[str]) -> list[str]:
        start = self.draws.randrange(len(patterns))
        return [patterns[(start + step) % len(patterns)] for step in range(len(self.record.keywords))]

    def _mixed(self, patterns: Sequence[str]) -> list[str]:
        mixed = [self._say(pattern) for pattern in patterns]
        self.draws.shuffle(mixed)
        return mixed
