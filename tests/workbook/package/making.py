"""Workbooks for the tests: written by XlsxWriter and openpyxl, and by hand, byte by byte."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import openpyxl
import xlsxwriter

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360000002"
    "000001e221bc330000000049454e44ae426082"
)

CONTENT_TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml"'
    ' ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml"'
    ' ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
)
ROOT_RELS = (
    f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{OFFICE}/officeDocument"'
    ' Target="xl/workbook.xml"/></Relationships>'
)
WORKBOOK = (
    f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
    '<sheet name="Records" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
WORKBOOK_RELS = (
    f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{OFFICE}/worksheet"'
    ' Target="worksheets/sheet1.xml"/></Relationships>'
)
SHEET_PART = "xl/worksheets/sheet1.xml"


def sheet(data: str, before: str = "", after: str = "", namespace: str = MAIN) -> str:
    """Make a sheet whose `sheetData` holds this."""
    return f'<worksheet xmlns="{namespace}">{before}<sheetData>{data}</sheetData>{after}</worksheet>'


def parts(sheet_xml: str | bytes, extra: Mapping[str, str | bytes] | None = None) -> dict[str, bytes]:
    """Make the parts of a small workbook with one sheet, Records."""
    made: dict[str, str | bytes] = {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": ROOT_RELS,
        "xl/workbook.xml": WORKBOOK,
        "xl/_rels/workbook.xml.rels": WORKBOOK_RELS,
        SHEET_PART: sheet_xml,
        **(extra or {}),
    }
    return {name: content.encode() if isinstance(content, str) else content for name, content in made.items()}


def pack(path: Path, content: Mapping[str, bytes], comment: bytes = b"", stored: frozenset[str] = frozenset()) -> Path:
    """Zip parts, in their order."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            info = zipfile.ZipInfo(name, (2021, 3, 4, 5, 6, 8))
            info.external_attr = 0o640 << 16
            info.compress_type = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
        archive.comment = comment
    return path


def by_hand(path: Path, sheet_xml: str | bytes, extra: Mapping[str, str | bytes] | None = None) -> Path:
    """Make a small workbook with this sheet."""
    return pack(path, parts(sheet_xml, extra))


class _Pipe(io.RawIOBase):
    """A file that cannot be wound back, so that zipfile writes data descriptors."""

    def __init__(self) -> None:
        self.data = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        piece = bytes(data)  # type: ignore[call-overload]  # any buffer
        self.data += piece
        return len(piece)


def streamed(path: Path, content: Mapping[str, bytes], *, zip64: bool = False) -> Path:
    """Zip parts as a web server does: sizes after the data; with zip64 fields when asked."""
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            with archive.open(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), "w", force_zip64=zip64) as file:
                file.write(data)
    path.write_bytes(bytes(pipe.data))
    return path


def plain(path: Path, rows: int = 5, columns: int = 4) -> Path:
    """Make a workbook by XlsxWriter: headings, shared strings, numbers."""
    book = xlsxwriter.Workbook(path)
    records = book.add_worksheet("Records")
    bold = book.add_format({"bold": True})
    for column in range(columns):
        records.write(0, column, f"Heading {column + 1}", bold)
        for row in range(1, rows):
            records.write(row, column, f"text {row} {column}" if column % 2 else row * 10 + column)
    book.add_worksheet("Other").write(0, 0, "other")
    book.close()
    return path


def rich(path: Path) -> Path:
    """Make a workbook by XlsxWriter with what openpyxl would lose."""
    image = path.with_suffix(".png")
    image.write_bytes(PNG)
    macros = path.with_suffix(".bin")
    macros.write_bytes(b"macro placeholder" * 50)
    book = xlsxwriter.Workbook(path)
    records = book.add_worksheet("Records")
    other = book.add_worksheet("Other")
    red = book.add_format({"font_color": "red", "text_wrap": True})
    records.set_column("C:C", 40, red)
    records.write_row(0, 0, ["Id", "Price", "Text"])
    for row in range(1, 10):
        records.write_row(row, 0, [f"P{row:05}", row * 1.5])
        records.write_formula(row, 5, f"=B{row + 1}*2", None, row * 3.0)
        records.write_blank(row, 6, None, red)
    records.write_array_formula("H2:H4", "{=B2:B4*2}", None, 3)
    records.merge_range("J2:K3", "merged")
    records.write_rich_string("A12", "plain ", book.add_format({"bold": True}), "bold")
    records.write_comment("A2", "a comment")
    records.conditional_format("B2:B10", {"type": "data_bar", "data_bar_2010": True})
    records.data_validation("D2:D10", {"validate": "list", "source": ["Generate", "Skip"]})
    records.add_sparkline("E2", {"range": "Records!B2:B10"})
    records.insert_image("M2", str(image))
    records.insert_textbox("M8", "a shape")
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=Records!$B$2:$B$10"})
    records.insert_chart("M12", chart)
    columns = [{"header": "Name"}, {"header": "Total", "total_function": "sum"}]
    other.add_table("A1:B5", {"columns": columns, "total_row": True, "data": [["a", 1], ["b", 2], ["c", 3]]})
    book.define_name("Prices", "=Records!$B$2:$B$10")
    if path.suffix == ".xlsm":
        book.add_vba_project(str(macros))
    book.close()
    return path


def by_openpyxl(path: Path) -> Path:
    """Make a workbook as openpyxl saves it: inline strings or shared ones, whatever it likes."""
    book = openpyxl.Workbook()
    records = book.active
    assert records is not None
    records.title = "Records"
    for row in range(1, 6):
        records.append([f"a{row}", row, None, f"d{row}"])
    book.create_sheet("Other").append(["other"])
    book.save(path)
    return path
