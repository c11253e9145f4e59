"""The people around a shop: what they do to a workbook in Excel, and on the service's own pages."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import fastexcel
from openpyxl import load_workbook

from sync.simulator import DEFAULT_KEY
from sync.workbook.layout import RECORDS, SETTINGS
from sync.workbook.package.patch import patch
from tests.cli.shop import TEXTS, visit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

Key = tuple[str, str]
"""Record id and text type."""
Row = dict[str, str | None]

HEADINGS = {text_type: heading for heading, text_type in TEXTS.items()}
WORDS, THERE = "Words of ours ", "Changed there "
"""How the words begin that people type into cells, and on the service; a number follows, so that none come twice."""


def is_typed(text: str) -> bool:
    """Tell whether a person typed it, here or there."""
    return text.startswith((WORDS, THERE))


@dataclass
class Version:
    """A workbook as it was at some moment, with what people remember of it."""

    content: bytes
    typed: dict[Key, str]
    orders: dict[str, int]


@dataclass
class Book:
    """A workbook, whose state directory it is worked on with, and what people know of its cells.

    `typed` are words that a person typed into a cell and that stand there; `shown` all that ever stood in a cell;
    `given_up` cells whose words a person has let go with an Action since she typed them; `wished` cells whose text on
    the service she let go the same way. `orders` number the Actions that she gave, by record.
    """

    file: Path
    home: Path
    workbook_id: str
    typed: dict[Key, str] = field(default_factory=dict)
    shown: dict[Key, set[str]] = field(default_factory=dict)
    given_up: set[Key] = field(default_factory=set)
    wished: set[Key] = field(default_factory=set)
    released: set[str] = field(default_factory=set)
    """Words that were let go and are gone: an older copy of the workbook does not make them a person's again."""
    orders: dict[str, int] = field(default_factory=dict)
    inputs: dict[str, int] = field(default_factory=dict)
    """Numbers the changes to a product."""
    emptied: dict[Key, int] = field(default_factory=dict)
    """Numbers the times that a cell was emptied."""
    versions: list[Version] = field(default_factory=list)
    settings: dict[str, str] = field(default_factory=dict)

    # ------------------------------------------------------------------ looking

    def grid(self) -> list[list[str | None]]:
        """Read all cells of Records as they are shown, with a reader that is not ours."""
        sheet = fastexcel.read_excel(self.file).load_sheet(RECORDS, header_row=None, dtypes="string")
        return [list(row) for row in sheet.to_polars().rows()]

    def rows(self) -> dict[str, Row]:
        header, *rows = self.grid()
        found = [dict(zip(map(str, header), row, strict=True)) for row in rows]
        return {str(row["Record ID"]): row for row in found if row["Record ID"]}

    def cells(self) -> dict[Key, str]:
        return {
            (record, text_type): row[heading] or ""
            for record, row in self.rows().items()
            for heading, text_type in TEXTS.items()
        }

    # ------------------------------------------------------------------ typing

    def put(self, values: Mapping[tuple[str, str], str | None]) -> None:
        """Write cells by record and heading, and save."""
        header, *rows = self.grid()
        at = {str(row[header.index("Record ID")]): number for number, row in enumerate(rows, 2)}
        self._patch(
            RECORDS, {(at[record], header.index(heading) + 1): value for (record, heading), value in values.items()}
        )

    def _patch(self, sheet: str, cells: dict[tuple[int, int], str | float | None]) -> None:
        draft = self.file.with_name("in excel.tmp")
        patch(self.file, draft, {sheet: cells})
        draft.replace(self.file)

    def type(self, key: Key, words: str) -> None:
        """Type a text into its cell; empty: empty the cell."""
        self.put({(key[0], HEADINGS[key[1]]): words or None})
        self.given_up.discard(key)
        self.typed.pop(key, None)
        if words:
            self.typed[key] = words
            self.shown.setdefault(key, set()).add(words)

    def forget(self, key: Key) -> None:
        """Take out what is known of a cell whose row is gone."""
        self.typed.pop(key, None)
        self.emptied.pop(key, None)
        self.given_up.discard(key)

    def set(self, setting: str, value: str) -> None:
        """Choose a value on the Settings sheet."""
        sheet = fastexcel.read_excel(self.file).load_sheet(SETTINGS, header_row=None, dtypes="string")
        names = [str(row[0]) for row in sheet.to_polars().rows()]
        self._patch(SETTINGS, {(names.index(setting) + 1, 2): value})
        self.settings[setting] = value

    def arrange(self, change: Callable[[list[Row]], list[Row]]) -> None:
        """Sort, insert or delete rows."""
        book = load_workbook(self.file)
        sheet: Any = book[RECORDS]
        header = [cell.value for cell in sheet[1]]
        filled = [dict(zip(header, (cell.value for cell in row), strict=True)) for row in sheet.iter_rows(min_row=2)]
        rows = change([row for row in filled if row["Record ID"]])
        for at in range(2, max(sheet.max_row, len(rows) + 1) + 1):
            for column, name in enumerate(header, 1):
                sheet.cell(at, column).value = rows[at - 2].get(name) if at - 2 < len(rows) else None
        book.save(self.file)

    # ------------------------------------------------------------------ keeping copies

    def keep(self) -> None:
        """Keep a copy of the file as it is."""
        self.versions.append(Version(self.file.read_bytes(), dict(self.typed), dict(self.orders)))

    def put_back(self, version: Version) -> None:
        """Save an older copy over the file. What was let go since is nobody's words any more."""
        self.file.write_bytes(version.content)
        self.typed = {key: words for key, words in version.typed.items() if words not in self.released}
        self.orders = dict(version.orders)
        self.given_up.clear()


class Editor:
    """Somebody who works on the service's own pages."""

    def __init__(self, url: str) -> None:
        self._http = visit(url)
        answer = self._http.get("/web/apitoken/accesstoken", headers={"WriteTextAI-Token": DEFAULT_KEY}).json()
        self._http.headers["Authorization"] = f"Bearer {answer['access_token']}"

    def close(self) -> None:
        self._http.close()

    def texts(self, records: list[str]) -> dict[Key, tuple[str, str]]:
        """Give what the service holds: id and value by key."""
        answer = self._http.get("/text/Generate", params=_ADDRESS | {"recordId": ",".join(records)})
        if answer.status_code == 404:
            return {}
        return {
            (one["recordId"], kept["field"]): (kept["texts"][0]["id"], kept["texts"][0]["value"])
            for one in answer.json()["records"]
            for kept in one["stores"]
        }

    def change(self, key: Key, text_id: str, words: str, **marks: bool) -> None:
        """Type another text over one that is there."""
        field_ = {"field": key[1], "textId": text_id, "value": words, **marks}
        self._post("/text/Generate/text", {**_ADDRESS, "recordId": key[0], "fields": [field_]})

    def generate(self, key: Key) -> str:
        """Have a text made there; gives the id of the request."""
        one = {"recordId": key[0], "name": f"Oak stool {key[0]}", "fields": [{"field": key[1]}]}
        answer = self._post("/text/generate", {**_ADDRESS, "queue": True, "Texts": [one]})
        return str(answer["requestId"])

    def archive(self, record: str) -> None:
        """Take a record out of the lists."""
        self._post("/text/Generate/archive", {"type": "Product", "recordId": [record]})

    def busy(self) -> bool:
        """Tell whether anything is still being made."""
        return bool(self._http.get("/text/Generate/Bulk").json())

    def ledger(self) -> list[dict[str, Any]]:
        """Give every charge."""
        charges: list[dict[str, Any]] = self._http.get("/_simulator/ledger").json()
        return charges

    def faults(self, spec: str) -> None:
        """Let things go wrong from now on."""
        self._post("/_simulator/faults", spec)

    def struck(self) -> int:
        """Count the calls that the faults in force have met."""
        return sum(one["struck"] for one in self._http.get("/_simulator/faults").json()["faults"])

    def _post(self, path: str, body: Any) -> Any:
        return self._http.post(path, json=body).raise_for_status().json()


_ADDRESS = {"type": "Product", "storeId": "shop", "language": "en"}


class Pen:
    """Gives words that nobody has typed before."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)

    def here(self) -> str:
        return f"{WORDS}{next(self._numbers)}"

    def there(self) -> str:
        return f"{THERE}{next(self._numbers)}"
