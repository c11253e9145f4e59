r"""The state file: a JSON document, followed by one line for each change since it was written.

The document is rewritten whole (to a temporary file, then renamed) at start and at a clean stop. In between every
change that a caller is told of is first appended as a line, so that a killed simulator loses nothing that it
acknowledged; work that the clock has finished meanwhile is worked out again. A last line without its end was never
acknowledged and is left out.

A document may be written by hand, to begin a story with. Everything in it is optional:

    {
      "credits": 250,
      "premium": true,
      "texts": [
        {"type": "Product", "storeId": "shop.example.com", "recordId": "SKU-1", "language": "en-GB",
         "field": "page title", "value": "Oak step stool", "time": "2026-01-05T09:00:00Z", "reviewed": true,
         "publish": false}
      ],
      "images": [{"storeId": "shop.example.com", "imageId": "SKU-1-a", "url": "https://shop.example.com/1.jpg",
                  "language": "en-GB", "altText": "Oak step stool, seen from the front"}],
      "reviews": [{"storeId": "shop.example.com", "recordId": "SKU-1", "language": "en-GB", "field": "page title",
                   "wish": "rewrite", "comment": "Too short", "editor": "eve@example.com"}],
      "keywords": [{"storeId": "shop.example.com", "recordId": "SKU-1", "language": "en-GB", "name": "Oak step stool",
                    "countryCode": "DK", "seedKeywords": ["oak stool"], "status": "Completed",
                    "time": "2026-01-05T09:00:00Z", "ranks": {"buy oak stool": 4}, "manual": ["kitchen stool"]}]
    }

`credits` is the balance; `time` may be left out (then: when the file is first read), `reviewed` and `publish`
too (false). `type` is Product and `storeId` is default unless given. Texts of one key are listed oldest first.
Images were uploaded, and changes asked for, when the file is first read; `wish` is rewrite, correction or both.
Keywords are what a search for a record came to: `status` is Completed (unless given), Pending, InProgress, Failed, or
Manual, where nothing was searched and all there is are the keywords that people typed (`manual`; then it need not be
given). What it found follows from `name` and `seedKeywords`, as ever; `ranks` sets where the page stands with some.
The other names a saved document has (`requests`, `ledger`, `used`, `counters`, `settings`, `archived`,
`suggestions`, `offered`, `ahead`, and `id`, `outputs`, `requestId`, `actions` of a text) are the simulator's own.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sync.simulator.wire import Json


class StateFile:
    """Reads the document and the changes after it; appends changes; rewrites the document."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)

    def load(self) -> tuple[Json, list[Json]]:
        """Return the document (empty when there is no file) and the changes, oldest first.

        Raises ValueError when the file holds something else.
        """
        try:
            written = self.path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return {}, []
        except UnicodeDecodeError:
            raise ValueError(f"{self.path} is not a state file: it is not UTF-8 text") from None
        start = len(written) - len(written.lstrip())
        if start == len(written):
            return {}, []
        try:
            document, end = json.JSONDecoder().raw_decode(written, start)
            complete = written[end : written.rfind("\n") + 1]
            changes = [json.loads(line) for line in complete.split("\n") if line.strip()]
        except ValueError as error:
            raise ValueError(f"{self.path} is not a state file: {error}") from None
        if not isinstance(document, dict):
            raise ValueError(f"{self.path} is not a state file: it must begin with a JSON object")  # noqa: TRY004 - the content is wrong, not a type in the program
        return document, changes

    def rewrite(self, document: Json) -> None:
        """Replace the whole file, or leave it as it was."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        beside = self.path.with_name(self.path.name + ".new")
        with beside.open("w", encoding="utf-8") as file:
            json.dump(document, file, separators=(",", ":"))
            file.write("\n")
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self.path)

    def append(self, change: Json) -> None:
        """Write one change out of this process before anybody hears of it."""
        line = json.dumps(change, separators=(",", ":")).encode() + b"\n"
        with self.path.open("ab", buffering=0) as lines:
            lines.write(line)
