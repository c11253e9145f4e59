"""The input digest: a hash of everything that shapes one text, so that a changed input shows."""

from __future__ import annotations

import json
from functools import lru_cache
from hashlib import sha256
from operator import attrgetter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hashlib import _Hash

    from sync.model import Record, Wanted

_FIELDS = (
    "name", "sku", "url", "keywords", "tones", "style", "audiences", "custom_tone", "custom_style", "custom_audience",
    "formal_language", "other_details", "special_instructions", "countries", "reference_record",
    "images", "shows", "picture", "semantic_keywords",
)  # fmt: skip


_fields = attrgetter(*_FIELDS)


def input_digest(record: Record, text_type: str) -> str:
    """Hash the inputs of one text: the record's key and inputs, the text type and its word limits.

    Neither the row nor any text counts. Empty inputs are left out, so that an input which wtsync learns of later
    changes no digest as long as nobody fills it in.
    """
    wanted = next((wanted for wanted in record.wanted if wanted.text_type == text_type), None)
    return _of_text(_of_record(record), text_type, wanted)


def input_digests(record: Record) -> dict[str, str]:
    """Hash the inputs of every text that the record wants, by text type: the same as `input_digest`, but quicker."""
    base = _of_record(record)
    return {wanted.text_type: _of_text(base, wanted.text_type, wanted) for wanted in record.wanted}


def _of_record(record: Record) -> _Hash:
    key, inputs = record.key, record.inputs
    values: dict[str, object] = {"key": (key.store, key.type, key.record_id, key.language)}
    values.update([one for one in zip(_FIELDS, _fields(inputs), strict=True) if one[1]])
    if inputs.attributes:
        values["attributes"] = [(attribute.name, attribute.values) for attribute in inputs.attributes]
    if inputs.representatives:
        values["representatives"] = [(one.record_id, one.name) for one in inputs.representatives]
    return sha256(_canonical(values))


def _of_text(record: _Hash, text_type: str, wanted: Wanted | None) -> str:
    words = (wanted.min_words, wanted.max_words) if wanted else (None, None)
    text = record.copy()
    text.update(_tail(text_type, *words))
    return text.hexdigest()


@lru_cache(maxsize=256)
def _tail(text_type: str, fewest: int | None, most: int | None) -> bytes:
    return _canonical([text_type, fewest, most])


_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode


def _canonical(value: object) -> bytes:
    return _encode(value).encode()
