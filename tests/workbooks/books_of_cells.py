"""Workbooks whose rows, cells and strings are written in every way that is allowed."""
# ruff: noqa: E501 - XML is read where it is written

from __future__ import annotations

from tests.workbooks.packing import HEADINGS, MAIN, SHEETML, Book, one_sheet, row, text, worksheet

X14AC = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"


def _shared_strings() -> bytes:
    book = Book()
    book.strings(
        text("Record ID"),
        text("Text"),
        text("  spaces around  "),
        text("a_x000D__x000A_b _x005F_x0041_ _xD83D__xDE00_"),
        '<r><rPr><b/></rPr><t>bold</t></r><r><t xml:space="preserve"> plain</t></r>',
        '<t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh><phoneticPr fontId="0"/>',
        text("used by nobody"),
        "<t/>",
    )
    book.sheet(
        worksheet(
            '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
            '<row r="2"><c r="A2" t="s"><v>2</v></c><c r="B2" t="s"><v>3</v></c></row>'
            '<row r="3"><c r="A3" t="s"><v>4</v></c><c r="B3" t="s" ph="1"><v>5</v></c><c r="C3" t="s"><v>7</v></c></row>'
        )
    )
    return book.zipped()


def _metadata() -> bytes:
    """Cells with a cell metadata and a value metadata index, as dynamic arrays and rich data types have."""
    book = Book()
    xlrd = "http://schemas.microsoft.com/office/spreadsheetml/2017/dynamicarray"
    book.sheet(
        worksheet(
            f'{HEADINGS}<row r="2"><c r="A2" cm="1"><f t="array" ref="A2:A4">B2:B4*2</f><v>2</v></c><c r="B2"><v>1</v></c></row>'
            '<row r="3"><c r="A3"><v>4</v></c><c r="B3" vm="1"><v>2</v></c></row>'
            '<row r="4"><c r="A4"><v>6</v></c><c r="B4"><v>3</v></c></row>'
        )
    )
    book.add(
        "xl/metadata.xml",
        f'<metadata xmlns="{MAIN}" xmlns:xda="{xlrd}"><metadataTypes count="1"><metadataType name="XLDAPR"'
        ' minSupportedVersion="120000" copy="1" pasteAll="1" cellMeta="1"/></metadataTypes>'
        '<futureMetadata name="XLDAPR" count="1"><bk><extLst><ext uri="{bdbb8cdc-fa1e-496e-a857-3c3f30c029c3}">'
        '<xda:dynamicArrayProperties fDynamic="1" fCollapsed="0"/></ext></extLst></bk></futureMetadata>'
        '<cellMetadata count="1"><bk><rc t="1" v="0"/></bk></cellMetadata>'
        '<valueMetadata count="1"><bk><rc t="1" v="0"/></bk></valueMetadata></metadata>',
        f"{SHEETML}.sheetMetadata+xml",
        by="xl/workbook.xml",
        rel="sheetMetadata",
    )
    return book.zipped()


def _closed() -> bytes:
    book = Book()
    book.sheet(worksheet("").replace("<sheetData></sheetData>", "<sheetData />"))
    return book.zipped()


_GAPS = f'{HEADINGS}{row(4)}<row r="9"><c r="A9"><v>1</v></c><c r="F9"><v>2</v></c></row><row r="1048575"/>'
_SPANS = (
    HEADINGS + row(2, ' spans="1:2"') + '<row r="3" spans="2:2 4:7"><c r="B3"><v>1</v></c><c r="D3"><v>2</v></c></row>'
)
_ORDER = (
    "<row spans='1:3' r='1'><c t='str' s='1' r='A1'><v>Record ID</v></c\n><c\tr='B1' ><v >7</v ></c ></row >"
    '<row r="2" ht="30" customHeight="1" hidden="1"><c s="1" r="A2" t="n"><v>1</v></c></row>'
    '<row r="3" s="2" customFormat="1" outlineLevel="1" collapsed="1"><c r="B3"><v>2</v></c></row>'
)
_BARE = (
    '<row><c t="inlineStr"><is><t>Record ID</t></is></c><c><v>1</v></c></row>'
    '<row/><row><c/><c><v>2</v></c><c r="F3"><v>3</v></c><c><v>4</v></c></row><row r="7"><c><v>5</v></c></row>'
)
_PRETTY = """
    <row r="1">
      <c r="A1" t="inlineStr">
        <is>
          <t>Record ID</t>
        </is>
      </c>
    </row>
    <row r="2">
      <c r="A2">
        <v>1</v>
      </c>
    </row>
  """
_ASIDES = (
    '<!-- <row r="1"><c r="A1"><v>9</v></c></row> --><row r="1"><?app <c r="B1"/>?><c r="A1" t="str">'
    '<v><![CDATA[</c></row><c r="B1">]]></v></c><!-- > --></row>'
    '<row r="2"><c r="A2"><!-- --><v>1</v></c></row><!-- </sheetData> -->'
)
_KINDS = (
    f'{HEADINGS}<row r="2"><c r="A2" t="b"><v>1</v></c><c r="B2" t="e"><v>#N/A</v></c><c r="C2" s="3"><v>44197.5</v></c>'
    '<c r="D2" t="str"><v>text</v></c><c r="E2" t="n"><v>1E-7</v></c><c r="F2" s="2"/><c r="G2" s="2"></c></row>'
    '<row r="3"><c r="A3" t="d" s="3"><v>2021-03-04T05:06:07</v></c><c r="B3"><v>0.1000000000000001</v></c></row>'
)
_TABBED = text("tab\t, line\nbreak")
_TEXTS = (
    f'{HEADINGS}<row r="2"><c r="A2" t="inlineStr"><is>{text("  two  spaces  ")}</is></c>'
    f'<c r="B2" t="inlineStr"><is>{_TABBED}</is></c></row>'
    '<row r="3"><c r="A3" t="inlineStr"><is><t>a_x000D_b_x0007_c_x005F_x0041_</t></is></c>'
    '<c r="B3" t="inlineStr"><is><t>_xD83D__xDE00_ 😀 &#128512; &#x9;</t></is></c></row>'
    f'<row r="4"><c r="A4" t="inlineStr"><is>{text("=1+1")}</is></c><c r="B4" s="4" t="inlineStr"><is>{text("+49 1")}</is></c></row>'
    f'<row r="5"><c r="A5" t="inlineStr"><is>{text("x" * 32767)}</is></c><c r="B5" t="inlineStr"><is><t></t></is></c></row>'
)
_RICH = (
    f'{HEADINGS}<row r="2"><c r="A2" t="inlineStr"><is><r><rPr><b/></rPr><t xml:space="preserve">bold </t></r>'
    "<r><rPr><i/></rPr><t>italic</t></r></is></c>"
    '<c r="B2" t="inlineStr"><is><r><t>one</t></r><rPh sb="0" eb="1"><t>phonetic</t></rPh></is></c></row>'
)
_EXTENDED = (
    '<row r="1" x14ac:dyDescent="0.25" x14ac:knownFonts="1"><c r="A1" t="str"><v>Record ID</v></c>'
    '<extLst><ext uri="{00000000-0000-0000-0000-000000000000}"><x14ac:c r="B1"/></ext></extLst></row>'
    '<row r="2" x14ac:dyDescent="0.25"><c r="A2"><v>1</v><extLst><ext uri="{x}"/></extLst></c></row>'
)
_COLUMNS = (
    '<cols><col min="1" max="1" width="12" style="1" customWidth="1"/><col min="3" max="4" width="40" style="2"/>'
    '<col min="6" max="16384" width="9" style="4" hidden="1"/></cols>'
)

BOOKS = {
    "cells-plain": one_sheet,
    "rows-with-gaps": lambda: one_sheet(_GAPS),
    "rows-none": lambda: one_sheet(""),
    "rows-none-at-all": _closed,
    "rows-up-to-the-last": lambda: one_sheet(HEADINGS + row(1_048_576)),
    "columns-up-to-the-last": lambda: one_sheet(HEADINGS + '<row r="2"><c r="A2"/><c r="XFD2"><v>1</v></c></row>'),
    "rows-with-spans": lambda: one_sheet(_SPANS),
    "rows-and-cells-without-places": lambda: one_sheet(_BARE),
    "rows-with-attributes-in-any-order": lambda: one_sheet(_ORDER),
    "rows-on-lines-of-their-own": lambda: one_sheet(_PRETTY),
    "rows-with-extensions": lambda: one_sheet(
        _EXTENDED, more=f' xmlns:mc="{MC}" mc:Ignorable="x14ac" xmlns:x14ac="{X14AC}"'
    ),
    "rows-with-styles": lambda: one_sheet(HEADINGS + row(2, ' s="2" customFormat="1"') + row(3, ' s="2"')),
    "columns-with-styles": lambda: one_sheet(before=_COLUMNS),
    "dimension-right": lambda: one_sheet(before='<dimension ref="A1:C5"/>'),
    "dimension-wrong": lambda: one_sheet(before='<dimension ref="A1"/>'),
    "dimension-odd": lambda: one_sheet(before="<dimension ref='A1:C5'></dimension>"),
    "comments-and-cdata": lambda: one_sheet(_ASIDES, before="<!-- <sheetData/> -->"),
    "cells-of-every-kind": lambda: one_sheet(_KINDS),
    "strings-inline": lambda: one_sheet(_TEXTS),
    "strings-shared": _shared_strings,
    "strings-rich": lambda: one_sheet(_RICH),
    "cells-with-metadata": _metadata,
}
