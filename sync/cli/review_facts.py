"""What the service knows of editors' requests for change, for the records of a workbook. Reads only; free."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sync.model import Record, RecordKey, Review
    from sync.service import Service

ANY = "any"
_WORDS = {
    "rewrite": ("EditForRewrite", "EditForRewriteAndCorrection"),
    "correction": ("EditForCorrection", "EditForRewriteAndCorrection"),
    ANY: (),
}


def in_review(service: Service, records: Sequence[Record], wish: str = ANY) -> set[RecordKey]:
    """Give the records for which somebody asks for a change: `rewrite`, `correction` or `any`.

    One paged sweep for each type, store and language. Nobody can ask that of an image.
    """
    from sync.model import IMAGE

    places: dict[tuple[str, str, str], dict[str, RecordKey]] = {}
    for record in records:
        key = record.key
        if key.type == IMAGE:
            continue
        places.setdefault((key.type, key.store, key.language), {})[key.record_id.strip().casefold()] = key
    return {
        ids[row.record_id.strip().casefold()]
        for (type_, store, language), ids in places.items()
        for page in service.reviews.status_pages(type_, store=store, language=language, states=_WORDS[wish])
        for row in page
        if row.record_id.strip().casefold() in ids
    }


def reviews_of(service: Service, keys: Collection[RecordKey]) -> tuple[Review, ...]:
    """Read the requests of some records, one call a record, none for an image; the settled ones too."""
    from sync.model import IMAGE

    asked = sorted(key for key in keys if key.type != IMAGE)
    return tuple(review for key in asked for review in service.reviews.read(key) if review.key == key)
