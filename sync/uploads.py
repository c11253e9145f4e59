"""Decides which images have to be uploaded before texts can be made with them. Pure.

An image is on the service as long as its picture has not changed here and has not expired there. Uploading costs
nothing, and doing it twice changes nothing more.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from sync.model import IMAGE, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sync.model import Change, Picture, Record, RecordKey, Uploaded

MARGIN = 3600.0
"""Seconds before it expires that an image is uploaded again: what is ordered now may be made later."""


def digest_of(picture: Picture, data: bytes) -> str:
    """Hash what is uploaded: an address, or what is in a file (`data`)."""
    return sha256(b"url\0" + picture.url.encode() if picture.url else b"file\0" + data).hexdigest()


def is_there(known: Uploaded | None, digest: str, now: float) -> bool:
    """Tell whether the service still has a picture as it is here. `now` is the service's clock."""
    if known is None or known.digest != digest:
        return False
    return known.expires is None or now + MARGIN < known.expires


def needed(
    changes: Iterable[Change],
    records: Mapping[RecordKey, Record],
    pictures: Mapping[tuple[str, str], Picture],
) -> dict[tuple[str, str], Picture]:
    """Give the pictures that the service has to have for what is to be made, in the order of the work."""
    found: dict[tuple[str, str], Picture] = {}
    for change in changes:
        if change.kind is Kind.GENERATE:
            for one in looked_at(change.key.record, records):
                if one in pictures:
                    found.setdefault(one, pictures[one])
    return found


def looked_at(key: RecordKey, records: Mapping[RecordKey, Record]) -> list[tuple[str, str]]:
    """Name the images that the service looks at when it makes texts of a record, by store and id."""
    if key.type == IMAGE:
        return [(key.store, key.record_id)]
    record = records.get(key)
    return [(key.store, one) for one in record.inputs.images] if record is not None else []
