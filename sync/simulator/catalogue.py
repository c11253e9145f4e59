"""What the service offers to choose from, its limits and its prices.

The tones, the fallback limits and the price rule are known. The styles, the audiences, the number and length of
attributes, the maximum of a name and the disallowed combinations are assumed.
"""

from __future__ import annotations

import hashlib
import json
import math
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sync.simulator.wire import Json

PRODUCT_TYPES = ("page title", "page description", "product description", "excerpt", "open graph text")
CATEGORY_TYPES = (
    "category page title",
    "category page description",
    "category description",
    "category open graph text",
)
TEXT_TYPES = MappingProxyType({"Product": PRODUCT_TYPES, "Category": CATEGORY_TYPES})

# Texts with a length in words, and the target when the request names none.
LONG_TYPES = MappingProxyType(
    {"product description": (75, 150), "excerpt": (25, 50), "category description": (75, 150)}
)
# Texts with a length in characters.
SHORT_TYPES = MappingProxyType({"page title": 60, "page description": 155, "open graph text": 180})

WORDS_PER_CREDIT = 300

RULES: Json = {
    "maxNameLength": 100,
    "maxCustomToneLength": 50,
    "maxCustomStyleLength": 50,
    "maxCustomAudienceLength": 150,
    "maxOtherDetailsLength": 500,
    "maxAttributes": 50,
    "maxAttributeValueLength": 250,
    "maxKeywords": 5,
    "maxKeywordLength": 35,
    "minOutputWords": 5,
    "maxOutputWords": 2000,
    "maxPageTitleLength": 60,
    "referenceTextTypes": [*PRODUCT_TYPES, *CATEGORY_TYPES],
    "rewriteTextTypes": [*PRODUCT_TYPES, *CATEGORY_TYPES],
    "maxReferenceTextPageTitleLength": 250,
    "maxReferenceTextPageDescriptionLength": 400,
    "maxReferenceTextLength": 1200,
    "additionalReferenceTextLength": 1600,
    "maxSemanticKeywords": 10,
    "maxImageAltTextPerRequest": 20,
    "maxSuggestedKeywords": 15,
    "maxRepresentativeProducts": 5,
}


def _choices(names: str, *defaults: str) -> list[Json]:
    return [{"id": name, "name": name, "default": name in defaults} for name in names.split(", ")]


TONES = _choices(
    "Blunt, Confident, Emotional, Formal, Friendly, Informational, Persuasive, Professional, Selling, Technical, Witty",
    "Informational",
)
STYLES = _choices("Concise, Descriptive, Storytelling, Bullet points, Conversational", "Descriptive")
AUDIENCES = _choices(
    "Adults, Families, Gift buyers, Homeowners, Outdoor enthusiasts, Parents, Professionals, "
    "Students, Teenagers, Women, Men, Seniors"
)
FORMAL_LANGUAGES: list[Json] = [
    {"id": "Formal", "name": "Formal", "default": True},
    {"id": "Informal", "name": "Informal", "default": False},
]
FORMAL_LANGUAGE_SUPPORT = ["de", "es", "fr", "it", "nl", "pt"]
DISALLOWED: list[Json] = [
    {"combination": [{"type": "Tone", "id": "Formal"}, {"type": "Tone", "id": "Witty"}]},
    {"combination": [{"type": "Tone", "id": "Formal"}, {"type": "Style", "id": "Conversational"}]},
    {"combination": [{"type": "Tone", "id": "Blunt"}, {"type": "Style", "id": "Storytelling"}]},
    {
        "combination": [
            {"type": "Tone", "id": "Technical"},
            {"type": "Tone", "id": "Witty"},
            {"type": "Audience", "id": "Teenagers"},
        ]
    },
]
PRICES: Json = {
    "generation": dict.fromkeys((*PRODUCT_TYPES, *CATEGORY_TYPES), 1),
    "generationTier": {name: int(name in LONG_TYPES) for name in (*PRODUCT_TYPES, *CATEGORY_TYPES)},
    "wordsPerCredit": WORDS_PER_CREDIT,
    "altText": 1,
    # The vendor's plugin reads the field, and the vendor's price table names the number; that they belong together,
    # and that a start costs it, is assumed.
    "keywordAnalysis": 6,
}

# Data set -> what its address answers. The keys are those of the list of ETags.
DATA_SETS: dict[str, Any] = {
    "tones": TONES,
    "styles": STYLES,
    "audiences": AUDIENCES,
    "rules": RULES,
    "credits": PRICES,
    "texttypes": {kind: list(names) for kind, names in TEXT_TYPES.items()},  # shape assumed
    "formallanguages": FORMAL_LANGUAGES,
    "formallanguagesupport": FORMAL_LANGUAGE_SUPPORT,
    "disallowedcombinations": DISALLOWED,
}

REGIONS = ("api-eu.writetext.ai", "api-us.writetext.ai")

COUNTRIES = MappingProxyType(
    {
        "AT": "Austria", "AU": "Australia", "BE": "Belgium", "CA": "Canada", "CH": "Switzerland",
        "DE": "Germany", "DK": "Denmark", "ES": "Spain", "FI": "Finland", "FR": "France",
        "GB": "the United Kingdom", "IE": "Ireland", "IT": "Italy", "NL": "the Netherlands",
        "NO": "Norway", "NZ": "New Zealand", "PL": "Poland", "PT": "Portugal", "SE": "Sweden",
        "US": "the United States",
    }
)  # fmt: skip


def alt_price(images: int) -> int:
    """Credits for the alt texts of so many images."""
    return int(PRICES["altText"]) * math.ceil(images / int(RULES["maxImageAltTextPerRequest"]))


def etag(name: str) -> str:
    """Return the quoted ETag of a data set: it changes when, and only when, the data does."""
    written = json.dumps(DATA_SETS[name], sort_keys=True).encode()
    return f'"{hashlib.blake2b(written, digest_size=6).hexdigest()}"'


def find(choices: list[Json], wanted: str) -> str | None:
    """Return the id as the service spells it, or None; letter case does not matter (assumed)."""
    return next((str(one["id"]) for one in choices if str(one["id"]).lower() == wanted.lower()), None)


def price(field: str, word_count: int, imitated: int = 0) -> int:
    """Credits for one text: the base price, and for long texts one tier per 300 words begun.

    A text of `imitated` characters to imitate or to rewrite climbs the ladder of its length, which may lead higher than
    the words do.
    """
    base = int(PRICES["generation"][field])
    if field not in LONG_TYPES:
        return base
    tiers = max(1, math.ceil(word_count / WORDS_PER_CREDIT))
    if imitated:
        first, more = RULES["maxReferenceTextLength"], RULES["additionalReferenceTextLength"]
        steps = 1 + max(0, math.ceil((imitated - first) / more))
        tiers = max(tiers, min(steps, math.ceil(RULES["maxOutputWords"] / WORDS_PER_CREDIT)))
    return base + int(PRICES["generationTier"][field]) * tiers
