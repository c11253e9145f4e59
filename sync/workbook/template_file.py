"""Save a new workbook so that the same content gives the same bytes, and all of the file or nothing."""

from __future__ import annotations

import os
import secrets
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.writer.excel import ExcelWriter
from openpyxl.xml.constants import ARC_CORE
from openpyxl.xml.functions import Element, SubElement, tostring

from sync.errors import WorkbookBusy, WorkbookError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from openpyxl import Workbook
    from openpyxl.packaging.core import DocumentProperties
    from openpyxl.worksheet.worksheet import Worksheet


class TextIsMeant(WorksheetWriter):
    """Writes a sheet in which Excel shows no green corners for numbers that are kept as text."""

    area = "A1:XFD1048576"

    def write_drawings(self) -> None:
        """Write the ignored errors, which stand just before the drawings."""
        errors = Element("ignoredErrors")  # openpyxl's own leaves out the area, without which Excel repairs the file
        SubElement(errors, "ignoredError", {"sqref": self.area, "numberStoredAsText": "1"})
        self.xf.send(errors)
        super().write_drawings()


def mean_text(sheet: Worksheet) -> None:
    """Ask for no green corners in a sheet. To be called after its settings and before its first row."""
    writer = TextIsMeant(sheet)
    sheet._writer = writer  # type: ignore[attr-defined]  # noqa: SLF001 - where openpyxl puts its own with the first row
    writer.write_top()


class _Archive(ZipFile):
    """A zip file whose entries all bear one date, the properties of the document included."""

    properties: DocumentProperties
    made: datetime

    def writestr(self, name: str, data: str | bytes) -> None:  # type: ignore[override]
        """Add an entry from memory."""
        if name == ARC_CORE:  # openpyxl has just put the time of saving into them
            self.properties.created = self.properties.modified = self.made
            data = tostring(self.properties.to_tree())
        super().writestr(self._entry(name), data)

    def write(self, filename: str, arcname: str) -> None:  # type: ignore[override]
        """Add an entry from a file."""
        entry = self._entry(arcname)
        entry.file_size = Path(filename).stat().st_size
        with Path(filename).open("rb") as source, self.open(entry, "w") as target:
            while block := source.read(1 << 20):
                target.write(block)

    def _entry(self, name: str) -> ZipInfo:
        entry = ZipInfo(name, date_time=self.made.timetuple()[:6])
        entry.compress_type = ZIP_DEFLATED
        entry.create_system = 0  # the same on every system
        return entry


def save(book: Workbook, path: Path, made: datetime) -> None:
    """Write the workbook, dated `made` (a plain date without a time zone). Replaces what is there, at once.

    Raises WorkbookBusy when the file may not be replaced, WorkbookError when the disk says no for another reason.
    """
    try:
        _save(book, path, made)
    except PermissionError:
        raise WorkbookBusy(
            f"{path} may not be written",
            "Close it if it is open in Excel, or take a folder in which you may write.",
        ) from None
    except OSError as error:
        raise WorkbookError(f"{path} cannot be written: {error.strerror or error}") from None


def _save(book: Workbook, path: Path, made: datetime) -> None:
    with _beside(path) as temporary:
        with _Archive(temporary, "w", ZIP_DEFLATED, allowZip64=True) as archive:
            archive.properties = book.properties
            archive.made = made
            ExcelWriter(book, archive).save()
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        temporary.replace(path)


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    temporary = path.with_name(f".{path.stem}-{secrets.token_hex(4)}.tmp")
    try:
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)
