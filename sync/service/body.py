"""From our nouns to the bodies of the service's POSTs. Pure; the service's spelling begins here.

An order has three levels: the request, `Texts` with one object a record, and `fields` with one object a text.
Inputs that are empty are left out, so that the service's own defaults hold.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sync.attempt import GenerateRecord, GenerateRequest
    from sync.model import Attribute, Inputs, RecordKey, TextUpdate, Wanted

Json = dict[str, object]


def encode(body: Json) -> bytes:
    """Return the bytes of a body: the same body always gives the same bytes."""
    return json.dumps(body, ensure_ascii=True, separators=(",", ":")).encode("ascii")


def body_sha256(request: GenerateRequest) -> str:
    """Return the SHA-256, in hexadecimal, of the bytes that an order is sent as."""
    return hashlib.sha256(encode(generate_body(request))).hexdigest()


def generate_body(request: GenerateRequest) -> Json:
    """Return the body of `POST /text/generate`: always queued, one alternative, stored at once."""
    return {
        "type": request.type,
        "storeId": request.store,
        "language": request.language,
        **given(countries=list(request.countries), specialInstructions=request.special_instructions),
        "queue": True,
        "Texts": [_record(record) for record in request.records],
    }


def update_body(record: RecordKey, updates: Sequence[TextUpdate]) -> Json:
    """Return the body of `POST /text/Generate/text`: one record, several of its texts."""
    return {
        "type": record.type,
        "storeId": record.store,
        "language": record.language,
        "recordId": record.record_id,
        "fields": [_update(update) for update in updates],
    }


def described(images: Sequence[tuple[str, str]]) -> list[Json]:
    """Return images whose alt text is wanted, each with the one that it has now."""
    return [{"imageId": identity, "currentValue": current} for identity, current in images]


def archive_body(type_: str, record_ids: Sequence[str]) -> Json:
    """Return the body of `POST /text/Generate/archive`."""
    return {"type": type_, "recordID": ",".join(record_ids)}


def time(seconds: float | None) -> str:
    """Return a moment as the service writes it, to the millisecond; empty for None."""
    if seconds is None:
        return ""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _record(record: GenerateRecord) -> Json:
    return {
        "recordId": record.record_id,
        **_inputs(record.inputs),
        "options": 1,
        "autoselectFirst": True,
        **given(images=list(record.images), imageAltTexts=described(record.alt_texts)),
        "fields": [
            {
                **_field(wanted, current, rewrite=wanted.text_type in record.rewrites),
                **_reference(record, wanted.text_type),
            }
            for wanted, current in record.fields
        ],
    }


def _reference(record: GenerateRecord, text_type: str) -> Json:
    text = record.references.get(text_type, "")
    return {"referenceText": text, "referenceRecordId": record.inputs.reference_record} if text else {}


def _inputs(inputs: Inputs) -> Json:
    return given(
        name=inputs.name,
        sku=inputs.sku,
        url=inputs.url,
        otherDetails=inputs.other_details,
        **_one_or_many("tone", "tones", inputs.tones),
        customTone=inputs.custom_tone,
        style=inputs.style,
        customStyle=inputs.custom_style,
        **_one_or_many("audience", "audiences", inputs.audiences),
        customAudience=inputs.custom_audience,
        formalLanguage=inputs.formal_language,
        keywords=list(inputs.keywords),
        semanticKeywords=list(inputs.semantic_keywords),
        attributes=[_attribute(attribute) for attribute in inputs.attributes if attribute.values],
        products=[
            {"id": one.record_id, "name": one.name, "description": one.description} for one in inputs.representatives
        ],
    )


def _one_or_many(one: str, many: str, ids: Sequence[str]) -> Json:
    """Put a single id under its own name and several as a list, for that is how the service tells them apart."""
    return {one: ids[0]} if len(ids) == 1 else {many: list(ids)}


def _attribute(attribute: Attribute) -> Json:
    values = list(attribute.values)
    value: Json = {"Value": values[0]} if len(values) == 1 else {"Values": values}
    return {"Name": attribute.name, **value, "IsCustom": "true"}


def _field(wanted: Wanted, current: str, *, rewrite: bool) -> Json:
    limits = {"minWords": wanted.min_words, "maxWords": wanted.max_words}
    return {
        "field": wanted.text_type,
        "currentValue": current,
        **({"rewriteText": current} if rewrite else {}),
        **{name: limit for name, limit in limits.items() if limit is not None},
    }


def _update(update: TextUpdate) -> Json:
    marks = {"publish": update.publish, "reviewed": update.reviewed}
    return {
        "field": update.text_type,
        "textId": update.text_id,
        "value": update.value,
        **{name: mark for name, mark in marks.items() if mark is not None},
    }


def given(**members: object) -> Json:
    """Leave out what is empty."""
    return {name: value for name, value in members.items() if value not in ("", [], None)}
