"""Makes the addresses of all the texts that the journal knows, and every part of them only once."""

from __future__ import annotations

from sys import intern

from sync.model import RecordKey, TextKey

ADDRESS = "store, type, record_id, language, text_type"
"""The columns that hold the address of a text, in the order of `Addresses.text`."""


class Addresses:
    """The records met so far. Half a million texts share a hundred thousand records, and a handful of words."""

    def __init__(self, most: int = 0) -> None:
        """Share all records; or `most` of them at a time, where the texts of a record come close together."""
        self._most = most
        self._records: dict[tuple[str, str, str, str], RecordKey] = {}

    def text(self, store: str, type_: str, record_id: str, language: str, text_type: str) -> TextKey:
        """Give the address of a text."""
        place = (store, type_, record_id, language)
        record = self._records.get(place)
        if record is None:
            if self._most and len(self._records) >= self._most:
                self._records.clear()
            record = RecordKey(intern(store), intern(type_), record_id, intern(language))
            self._records[(*record,)] = record
        return TextKey(record, intern(text_type))
