"""Composing texts from the record's own inputs: whole sentences, within the length asked for.

The same seed, inputs and `salt` give the same text; another salt gives another one. No model is involved.
"""

from __future__ import annotations

import html
import random
from typing import TYPE_CHECKING

from sync.simulator.catalogue import LONG_TYPES, SHORT_TYPES
from sync.simulator.voices import Voice, clip, first_lower, sentence, voice
from sync.simulator.wire import bare, plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sync.simulator.orders import Order, Record, Wanted

# From this attempt on a text names the article, so that no two records can share it.
NUMBERED_FROM = 8


def compose(order: Order, record: Record, wanted: Wanted, *, seed: int, salt: int) -> str:
    """Write one text. Descriptions come as HTML, everything else as plain text.

    Long types keep to the words asked for, the others to their maximum number of characters.
    """
    place = (seed, order.type, order.store_id, order.language, order.countries, order.special_instructions)
    draws = random.Random(repr((place, record, wanted, salt)))  # noqa: S311 - repeatable on purpose
    speaker = voice(order, record, draws)
    numbered = salt >= NUMBERED_FROM
    kind = wanted.field.removeprefix("category ")
    if wanted.field in LONG_TYPES:
        return _long(speaker, record, wanted, draws, numbered=numbered)
    if kind == "page title":
        return _title(speaker, record, draws, numbered=numbered)
    return _short(speaker, wanted, draws, SHORT_TYPES[kind], numbered=numbered)


def _title(speaker: Voice, record: Record, draws: random.Random, *, numbered: bool) -> str:
    """Make a title of at most 60 characters that begins with, or holds, the name."""
    most = SHORT_TYPES["page title"]
    name = clip(speaker.name, characters=most)
    forms = list(speaker.titles)
    forms += [f"{name} | {keyword[:1].upper()}{keyword[1:]}" for keyword in map(bare, record.keywords)]
    forms += [f"{name} - {value}" for _, value in record.attributes]
    draws.shuffle(forms)
    if numbered:
        mark = clip(record.sku or record.id, characters=20) or (record.sku or record.id)[:20]
        forms = [f"{clip(speaker.name, characters=most - len(mark) - 3)} ({mark})"]
    fitting = [" ".join(form.split()) for form in forms if len(form) <= most and form.strip()]
    return fitting[0] if fitting else name or clip(speaker.calls[0].rstrip("."), characters=most)


def _short(speaker: Voice, wanted: Wanted, draws: random.Random, most: int, *, numbered: bool) -> str:
    """Make one to four complete sentences of at most `most` characters."""
    told = [*_carried(wanted), *speaker.facts[:3], *speaker.keywords[:2], *speaker.benefits[:6]]
    draws.shuffle(told)
    told.sort(key=lambda one: speaker.name.lower() in one.lower())
    starts = [*(_carried(wanted)[:1]), *_alternating(speaker.descriptions, speaker.openings, draws)]
    if numbered:
        starts.insert(0, speaker.number)
    chosen: list[str] = []
    for pool, limit in ((starts, 1), (told, 2), (speaker.calls, 1)):
        added = 0
        for one in pool:
            fits = len(" ".join([*chosen, one])) <= most
            if fits and one not in chosen and added < limit:
                chosen.append(one)
                added += 1
    return " ".join(chosen) if chosen else clip(speaker.name, characters=most - 1) + "."


def _alternating(first: list[str], second: list[str], draws: random.Random) -> list[str]:
    return [*first, *second] if draws.random() < 0.5 else [*second, *first]


def _carried(wanted: Wanted) -> list[str]:
    """Return what earlier texts hand on: a rewritten text its opening, a reference its close, else a figure."""
    if wanted.rewrite:
        return [sentence(one) for one in _sentences(wanted.rewrite)[:1]]
    if wanted.reference:
        return [sentence(one) for one in _sentences(wanted.reference)[-1:]]
    return [sentence(one) for one in _sentences(wanted.current) if any(map(str.isdigit, one))][:1]


def _sentences(text: str) -> list[str]:
    found, begun = [], ""
    for word in plain(text).split():
        begun = f"{begun} {word}".strip()
        if word.endswith((".", "!", "?")) and len(begun.split()) > 2:
            found.append(begun)
            begun = ""
    return [*found, begun] if begun else found


class _Draft:
    """Sentences gathered so far, in three parts, and their number of words."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.count = 0
        self.parts: dict[str, list[str]] = {"start": [], "facts": [], "end": []}
        self.used: set[str] = set()

    def add(self, part: str, said: str, *, reserve: int = 0) -> bool:
        """Add a sentence if there is room for it and for `reserve` more words."""
        size = len(said.split())
        if not size or said in self.used or self.count + size + reserve > self.most:
            return False
        self.parts[part].append(said)
        self.used.add(said)
        self.count += size
        return True

    def add_first(self, part: str, pool: Iterable[str], *, reserve: int = 0) -> None:
        """Add the first that fits."""
        any(self.add(part, one, reserve=reserve) for one in pool)


def _long(speaker: Voice, record: Record, wanted: Wanted, draws: random.Random, *, numbered: bool) -> str:
    """Make a text whose number of words lies from `min_words` to `max_words`, both included."""
    least, most = wanted.min_words, wanted.max_words
    share = draws.uniform(0.1, 0.4) if record.style == "Concise" else draws.uniform(0.4, 0.9)
    target = least + round((most - least) * share)
    draft = _Draft(most)
    carried = _carried(wanted)
    if numbered:
        draft.add("facts", speaker.number)
    draft.add_first("start", [*carried[:1], *speaker.openings, *speaker.descriptions, *_called(speaker, most)])
    bullets = _wants_list(record, wanted, draws)
    details = [f"{name}: {value}" for name, value in speaker.details]
    for said in [*speaker.extras, *(speaker.keywords[:1])]:
        draft.add("start" if said in speaker.keywords else "end", said)
    for said in details if bullets else speaker.facts:
        draft.add("facts", said)
    closer = speaker.closers[0] if draft.count + len(speaker.closers[0].split()) <= most else ""
    reserve = len(closer.split())
    for place, said in enumerate([*speaker.keywords[1:], *speaker.benefits]):
        if draft.count + reserve >= target:
            break
        draft.add(("start", "end")[place % 2], said, reserve=reserve)
    _lengthen(draft, speaker, least - reserve, most - reserve)
    if closer:
        draft.add("end", closer)
    _pad(draft, speaker, least)
    return _layout(draft, wanted, bullets=set(details) if bullets else set(), number=speaker.number)


def _called(speaker: Voice, most: int) -> list[str]:
    """Return the bare name as a sentence, shortened to what may be said at all."""
    return [clip(speaker.name, count=most) + "."]


def _lengthen(draft: _Draft, speaker: Voice, least: int, most: int) -> None:
    """Go on with lead-ins until the text is nearly long enough; only texts of many hundred words need it."""
    rounds = 0
    while draft.count + 24 < least and rounds < 40:
        lead_ins = [speaker.leads[(rounds + step) % len(speaker.leads)] for step in range(len(speaker.benefits))]
        for place, (lead, said) in enumerate(zip(lead_ins, speaker.benefits, strict=True)):
            if draft.count + 24 >= least:
                return
            size = len(f"{lead}{said}".split())
            if draft.count + size <= most:
                draft.add(("start", "end")[place % 2], f"{lead}{first_lower(said)}")
        rounds += 1


def _pad(draft: _Draft, speaker: Voice, least: int) -> None:
    """Reach the least number of words with short sentences of known length."""
    fillers = speaker.fillers
    place = 0
    while draft.count < least:
        room = draft.most - draft.count
        sizes = sorted((size for size in fillers if size <= room), reverse=True)
        fresh = [one for size in sizes for one in fillers[size] if one not in draft.used]
        if not fresh:
            draft.used -= {one for size in sizes for one in fillers[size]}
            continue
        missing = least - draft.count
        fitting = [one for one in fresh if len(one.split()) <= missing] or fresh[-1:]
        draft.add(("start", "end")[place % 2], fitting[0])
        place += 1


def _wants_list(record: Record, wanted: Wanted, draws: random.Random) -> bool:
    if wanted.field == "excerpt" or len(record.attributes) < 2:
        return False
    imitated = wanted.reference or wanted.rewrite
    if imitated:
        return "<li" in imitated.lower()
    return record.style == "Bullet points" or (record.style in {"", "Descriptive", "Concise"} and draws.random() < 0.45)


def _layout(draft: _Draft, wanted: Wanted, *, bullets: set[str], number: str) -> str:
    start, facts, end = draft.parts["start"], draft.parts["facts"], draft.parts["end"]
    if wanted.field == "excerpt":
        return " ".join([*start, *facts, *end])
    points = [one for one in facts if one in bullets]
    told = [one for one in facts if one not in bullets]
    blocks = _paragraphs(start)
    if points:
        items = "\n".join(f"<li>{html.escape(one, quote=False)}</li>" for one in points)
        blocks.append(f"<ul>{items}</ul>")
    aside = [one for one in told if one == number]
    blocks += _paragraphs([one for one in told if one not in aside]) + _paragraphs([*end, *aside])
    return "\n".join(blocks)


def _paragraphs(sentences: list[str], longest: int = 90) -> list[str]:
    """Set sentences as paragraphs of at most about `longest` words."""
    blocks: list[list[str]] = [[]]
    for one in sentences:
        if blocks[-1] and len(" ".join([*blocks[-1], one]).split()) > longest:
            blocks.append([])
        blocks[-1].append(one)
    return [f"<p>{html.escape(' '.join(block), quote=False)}</p>" for block in blocks if block]
