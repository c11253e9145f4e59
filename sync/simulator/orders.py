"""Reading what `POST generate` asks for, and refusing what the service would refuse.

Two nestings are read: the one its own plugin sends (request fields and an array `Texts`, each with an array
`fields`), and the flat one of the documentation table (one record, lists possibly written as strings).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import chain

from sync.simulator import catalogue
from sync.simulator.catalogue import LONG_TYPES, RULES, TEXT_TYPES
from sync.simulator.wire import Fields, Json, Refusal, plain


@dataclass(frozen=True, slots=True)
class Wanted:
    """One text asked for. Lengths are in words and only matter for long types."""

    field: str
    min_words: int
    max_words: int
    current: str
    rewrite: str
    reference: str

    @property
    def most_credits(self) -> int:
        """The highest price this text can have."""
        return catalogue.price(self.field, self.max_words, self.imitated)

    @property
    def imitated(self) -> int:
        """The characters of the text to imitate or to rewrite; its length can make a text dearer, and never cheaper."""
        return max(len(self.reference), len(self.rewrite))


@dataclass(frozen=True, slots=True)
class Record:
    """One product or category to write about."""

    id: str
    name: str
    sku: str
    other_details: str
    tones: tuple[str, ...]
    custom_tone: str
    style: str
    custom_style: str
    audiences: tuple[str, ...]
    custom_audience: str
    formal: str
    keywords: tuple[str, ...]
    attributes: tuple[tuple[str, str], ...]
    options: int
    autoselect: bool
    wanted: tuple[Wanted, ...]
    products: tuple[str, ...] = field(default=(), repr=False)
    """Names of products that stand for a category."""
    images: tuple[str, ...] = field(default=(), repr=False)
    """Ids of images to look at."""
    alt_texts: tuple[str, ...] = field(default=(), repr=False)
    """Ids of images to describe."""

    @property
    def most_credits(self) -> int:
        """The highest price of its texts and alt texts."""
        return sum(wanted.most_credits for wanted in self.wanted) + catalogue.alt_price(len(self.alt_texts))


@dataclass(frozen=True, slots=True)
class Order:
    """A whole `POST generate` as understood."""

    type: str
    store_id: str
    language: str
    countries: tuple[str, ...]
    special_instructions: str
    queue: bool
    records: tuple[Record, ...]

    @property
    def most_credits(self) -> int:
        """The highest price of all that it asks for."""
        return sum(record.most_credits for record in self.records)


def read_order(body: object, *, premium: bool) -> Order:
    """Understand a request body, or raise Refusal (400) naming the record and the field."""
    if not isinstance(body, dict):
        raise Refusal(400, "The body must be a JSON object")
    top = Fields(body)
    kind = record_type(top)
    store_id = top.text("storeId").strip() or "default"  # default assumed, as for images
    special = limited(top, "specialInstructions", "maxOtherDetailsLength")
    if special and not premium:
        raise Refusal(400, "specialInstructions is available on premium plans only")
    nested = "Texts" in top
    parts = top.objects("Texts") if nested else [top]
    if not parts:
        raise Refusal(400, "Texts must hold at least one record")
    records = tuple(_record(part, kind, place, premium=premium) for place, part in enumerate(parts))
    seen: set[str] = set()
    for record in records:
        if record.id in seen:
            raise Refusal(400, f"Record {record.id!r}: recordId occurs more than once in this request")
        seen.add(record.id)
    return Order(
        type=kind,
        store_id=store_id,
        language=top.text("language").strip() or "en",  # default assumed
        countries=tuple(code.upper() for code in top.many("countries")),
        special_instructions=special,
        queue=top.flag("queue") or len(records) > 1,
        records=records,
    )


def record_type(fields: Fields) -> str:
    """Read `type`: Product or Category."""
    given = fields.need("type")
    for known in TEXT_TYPES:
        if known.lower() == given.lower():
            return known
    raise fields.refuse(f"type must be Product or Category, not {given[:40]!r}")


def limited(fields: Fields, name: str, rule: str) -> str:
    """Read a string no longer (in characters) than a rule allows."""
    value = fields.text(name).strip()
    if len(value) > RULES[rule]:
        raise fields.refuse(f"{name} is too long: {len(value)} characters, at most {RULES[rule]}")
    return value


def text_type(fields: Fields, given: str, kind: str) -> str:
    """Check the name of a text type against the type of the record."""
    name = " ".join(given.lower().split())
    if name in TEXT_TYPES[kind]:
        return name
    if name in chain.from_iterable(TEXT_TYPES.values()):
        raise fields.refuse(f"text type {name!r} is not for {kind} records")
    raise fields.refuse(f"unknown text type {given[:40]!r}")


def _record(part: Fields, kind: str, place: int, *, premium: bool) -> Record:
    part.where = f"Record {place + 1}"
    identity = part.need("recordId")
    part.where = f"Record {identity!r}"
    other = limited(part, "otherDetails", "maxOtherDetailsLength")
    if other and not premium:
        raise part.refuse("otherDetails is available on premium plans only")
    tones = _chosen(part, "tone", catalogue.TONES, *part.many("tones", "tone"))
    style = _chosen(part, "style", catalogue.STYLES, *part.many("style"))
    if len(style) > 1:
        raise part.refuse("only one style can be chosen")
    audiences = _chosen(part, "audience", catalogue.AUDIENCES, *part.many("audiences", "audience"))
    _check_combination(part, tones, style, audiences)
    formal = _chosen(part, "formalLanguage", catalogue.FORMAL_LANGUAGES, *part.many("formalLanguage"))
    _count_and_length(part, "semanticKeywords", "maxSemanticKeywords", "maxKeywordLength")
    return Record(
        id=identity,
        name=limited(part, "name", "maxNameLength"),
        sku=part.text("sku"),
        other_details=other,
        tones=tones,
        custom_tone=limited(part, "customTone", "maxCustomToneLength"),
        style="".join(style),
        custom_style=limited(part, "customStyle", "maxCustomStyleLength"),
        audiences=audiences,
        custom_audience=limited(part, "customAudience", "maxCustomAudienceLength"),
        formal="".join(formal),
        keywords=_count_and_length(part, "keywords", "maxKeywords", "maxKeywordLength"),
        attributes=_attributes(part),
        options=_options(part),
        autoselect=part.flag("autoselectFirst", default=True),
        wanted=_wanted(part, kind),
        products=_products(part, kind),
        images=tuple(dict.fromkeys(part.many("images"))),
        alt_texts=tuple(dict.fromkeys(one.need("imageId") for one in part.objects("imageAltTexts"))),
    )


def _chosen(part: Fields, name: str, choices: list[Json], *given: str) -> tuple[str, ...]:
    found = []
    for one in given:
        known = catalogue.find(choices, one)
        if known is None:
            raise part.refuse(f"unknown {name} {one[:40]!r}")
        found.append(known)
    return tuple(found)


def _check_combination(part: Fields, tones: tuple[str, ...], *others: tuple[str, ...]) -> None:
    style, audiences = others
    chosen = {("Tone", one) for one in tones} | {("Style", one) for one in style}
    chosen |= {("Audience", one) for one in audiences}
    for rule in catalogue.DISALLOWED:
        members = [(one["type"], one["id"]) for one in rule["combination"]]
        if chosen.issuperset(members):
            named = ", ".join(f"{kind} {identity}" for kind, identity in members)
            raise part.refuse(f"this combination is not allowed: {named}")


def _count_and_length(part: Fields, name: str, count: str, length: str) -> tuple[str, ...]:
    found = part.many(name)
    if len(found) > RULES[count]:
        raise part.refuse(f"too many {name}: {len(found)}, at most {RULES[count]}")
    for one in found:
        if len(one) > RULES[length]:
            raise part.refuse(f"{name} {one[:40]!r} is too long: at most {RULES[length]} characters")
    return tuple(found)


def _attributes(part: Fields) -> tuple[tuple[str, str], ...]:
    found = []
    for one in part.objects("attributes"):
        name = one.need("name")
        values = one.many("values") if "values" in one else [one.text("value").strip()]
        for value in values:
            if len(value) > RULES["maxAttributeValueLength"]:
                most = RULES["maxAttributeValueLength"]
                raise part.refuse(f"attribute {name[:40]!r} is too long: at most {most} characters a value")
        joined = ", ".join(plain(value) for value in values if plain(value))
        if joined:
            found.append((plain(name), joined))
    if len(found) > RULES["maxAttributes"]:
        raise part.refuse(f"too many attributes: {len(found)}, at most {RULES['maxAttributes']}")
    return tuple(found)


def _products(part: Fields, kind: str) -> tuple[str, ...]:
    found = part.objects("products") if "products" in part else []
    if found and kind != "Category":
        raise part.refuse("products are for Category records")
    if len(found) > RULES["maxRepresentativeProducts"]:
        raise part.refuse(f"too many products: {len(found)}, at most {RULES['maxRepresentativeProducts']}")
    for one in found:
        one.need("id")
    return tuple(plain(one.need("name")) for one in found)


def _options(part: Fields) -> int:
    options = part.whole("options")
    if options is not None and not 1 <= options <= 5:  # the upper end is assumed
        raise part.refuse("options must be from 1 to 5")
    return options or 1


def _wanted(part: Fields, kind: str) -> tuple[Wanted, ...]:
    given = part.get("fields")
    flat = isinstance(given, str) or (isinstance(given, list) and given and isinstance(given[0], str))
    if flat:
        named = [(part, name) for name in part.many("fields")]
    else:
        named = [(one, one.need("field")) for one in part.objects("fields")]
    found = [_one_wanted(fields, text_type(part, name, kind), part.where) for fields, name in named]
    if not found:
        raise part.refuse("fields is required: name at least one text type")
    names = [one.field for one in found]
    for name in names:
        if names.count(name) > 1:
            raise part.refuse(f"text type {name!r} is asked for more than once")
    return tuple(found)


def _one_wanted(fields: Fields, name: str, where: str) -> Wanted:
    place = Fields({}, f"{where}, {name}")
    low, high = RULES["minOutputWords"], RULES["maxOutputWords"]
    least, most = LONG_TYPES.get(name, (0, 0))
    given_least, given_most = fields.whole("minWords"), fields.whole("maxWords")
    for label, number in (("minWords", given_least), ("maxWords", given_most)):
        if number is not None and not low <= number <= high:
            raise place.refuse(f"{label} must be from {low} to {high}, not {number}")
    if given_least is not None and given_most is not None and given_least > given_most:
        raise place.refuse(f"minWords ({given_least}) is above maxWords ({given_most})")
    if name in LONG_TYPES:
        most = given_most if given_most is not None else max(most, given_least or 0)
        least = given_least if given_least is not None else min(least, most)
    rewrite, reference = fields.text("rewriteText"), fields.text("referenceText")
    if rewrite and reference:
        raise place.refuse("rewriteText and referenceText cannot be combined")
    return Wanted(name, least, most, fields.text("currentValue"), rewrite, reference)
