"""Workbooks whose sheets have something around their cells: tables, filters, merged cells, protection, validations."""
# ruff: noqa: E501 - XML is read where it is written

from __future__ import annotations

from tests.workbooks.packing import HEADINGS, MAIN, ROWS, SHEETML, Book, one_sheet, row, worksheet

_TABLE = (
    f'<table xmlns="{MAIN}" id="1" name="Products" displayName="Products" ref="A1:C6" totalsRowCount="1">'
    '<autoFilter ref="A1:C5"/><tableColumns count="3"><tableColumn id="1" name="Record ID" totalsRowLabel="Total"/>'
    '<tableColumn id="2" name="Price" totalsRowFunction="sum"/><tableColumn id="3" name="Text"/></tableColumns>'
    '<tableStyleInfo name="TableStyleMedium2" showRowStripes="1"/></table>'
)
_TOTALS = (
    '<row r="6"><c r="A6" t="inlineStr"><is><t>Total</t></is></c>'
    '<c r="B6"><f>SUBTOTAL(109,Products[Price])</f><v>142</v></c></row>'
)


def _table() -> bytes:
    book = Book()
    part = book.sheet(worksheet(ROWS + _TOTALS, after='<tableParts count="1"><tablePart r:id="rId1"/></tableParts>'))
    book.add("xl/tables/table1.xml", _TABLE, f"{SHEETML}.table+xml", by=part, rel="table")
    return book.zipped()


_FILTERED = (
    '<autoFilter ref="A1:C5"><filterColumn colId="1"><customFilters><customFilter operator="greaterThan" val="30"/>'
    "</customFilters></filterColumn></autoFilter>"
    '<sortState ref="A2:C5"><sortCondition descending="1" ref="B2:B5"/></sortState>'
)
_HIDDEN_ROWS = HEADINGS + row(2, ' hidden="1"') + row(3, ' hidden="1"') + row(4) + row(5)
_MERGED = (
    f'{HEADINGS}<row r="2"><c r="A2"><v>1</v></c><c r="B2"/><c r="C2"><v>2</v></c></row>'
    '<row r="3"><c r="A3"/><c r="B3"/><c r="C3"><v>3</v></c></row>'
)
_PROTECTED = (
    '<sheetProtection algorithmName="SHA-512" hashValue="AAAA" saltValue="AAAA" spinCount="100000" sheet="1" objects="1"/>'
    '<protectedRanges><protectedRange sqref="C2:C5" name="Texts"/></protectedRanges>'
)
_CONDITIONS = (
    '<conditionalFormatting sqref="B2:B5"><cfRule type="cellIs" dxfId="0" priority="1" operator="lessThan">'
    "<formula>30</formula></cfRule></conditionalFormatting>"
    '<conditionalFormatting sqref="C2:C5"><cfRule type="expression" dxfId="0" priority="2"><formula>LEN(C2)&gt;9</formula>'
    "</cfRule></conditionalFormatting>"
)
_X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
_XM = "http://schemas.microsoft.com/office/excel/2006/main"
_VALIDATIONS = (
    '<dataValidations count="2"><dataValidation type="list" allowBlank="1" sqref="C2:C5"><formula1>"Generate,Skip"'
    '</formula1></dataValidation><dataValidation type="decimal" sqref="B2:B5"><formula1>0</formula1><formula2>9</formula2>'
    "</dataValidation></dataValidations>"
)
_X14_VALIDATIONS = (
    f'<extLst><ext uri="{{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}}" xmlns:x14="{_X14}">'
    f'<x14:dataValidations count="1" xmlns:xm="{_XM}"><x14:dataValidation type="list" allowBlank="1">'
    "<x14:formula1><xm:f>Lists!$A$1:$A$3</xm:f></x14:formula1><xm:sqref>C2:C5</xm:sqref></x14:dataValidation>"
    "</x14:dataValidations></ext></extLst>"
)
_SPARKLINES = (
    f'<extLst><ext uri="{{05C60535-1F16-4fd2-B633-F4F36F0B64E0}}" xmlns:x14="{_X14}"><x14:sparklineGroups xmlns:xm="{_XM}">'
    '<x14:sparklineGroup displayEmptyCellsAs="gap"><x14:colorSeries rgb="FF376092"/><x14:sparklines><x14:sparkline>'
    "<xm:f>Records!B2:B5</xm:f><xm:sqref>D2</xm:sqref></x14:sparkline></x14:sparklines></x14:sparklineGroup>"
    "</x14:sparklineGroups></ext></extLst>"
)
_VIEWS = (
    '<sheetPr filterMode="1"><tabColor rgb="FFFF0000"/><outlinePr summaryBelow="0"/></sheetPr><dimension ref="A1:C5"/>'
    '<sheetViews><sheetView tabSelected="1" workbookViewId="0" showGridLines="0"><pane xSplit="1" ySplit="1" topLeftCell="B2"'
    ' activePane="bottomRight" state="frozen"/><selection pane="bottomRight" activeCell="C2" sqref="C2"/></sheetView>'
    '</sheetViews><sheetFormatPr defaultRowHeight="15"/>'
)
_PRINTED = (
    '<printOptions gridLines="1"/><pageMargins left="1" right="1" top="1" bottom="1" header="0.3" footer="0.3"/>'
    '<pageSetup orientation="landscape"/><headerFooter><oddHeader>&amp;LLeft &lt;b&gt;</oddHeader></headerFooter>'
    '<rowBreaks count="1" manualBreakCount="1"><brk id="3" max="16383" man="1"/></rowBreaks>'
    '<ignoredErrors><ignoredError sqref="A2:A5" numberStoredAsText="1"/></ignoredErrors>'
)


def _links() -> bytes:
    """Links to the web, to a file, to mail and to a place in the workbook."""
    book = Book()
    links = '<hyperlinks><hyperlink ref="A2" r:id="rId1"/><hyperlink ref="A3" r:id="rId2" tooltip="a file"/>'
    links += '<hyperlink ref="A4" location="Records!B2" display="P004"/></hyperlinks>'
    part = book.sheet(worksheet(after=links))
    book.link(part, "hyperlink", "https://example.com/?a=1&b=2", outside=True)
    book.link(part, "hyperlink", "file:///C:/prices.xlsx", outside=True)
    return book.zipped()


def _states() -> bytes:
    """Make a hidden sheet, one that only macros can show, and one with quotes in its name."""
    book = Book(before='<bookViews><workbookView activeTab="0" firstSheet="0"/></bookViews>')
    book.sheet()
    book.sheet(worksheet(), "Lists", more=' state="hidden"')
    book.sheet(worksheet(), "_sync", more=' state="veryHidden"')
    book.sheet(worksheet(), 'O\'Neil & "Söhne" <1>')
    return book.zipped()


def _1904() -> bytes:
    book = Book(before='<workbookPr date1904="1"/>')
    book.sheet(worksheet(f'{HEADINGS}<row r="2"><c r="A2" s="3"><v>42735</v></c></row>'))
    return book.zipped()


def _listed() -> bytes:
    book = Book()
    book.sheet(worksheet(after=_X14_VALIDATIONS))
    words = "".join(f'<row r="{n}"><c r="A{n}" t="str"><v>w{n}</v></c></row>' for n in (1, 2, 3))
    book.sheet(worksheet(words), "Lists")
    return book.zipped()


BOOKS = {
    "sheet-with-table": _table,
    "sheet-filtered-and-sorted": lambda: one_sheet(_HIDDEN_ROWS, after=_FILTERED),
    "sheet-with-merged-cells": lambda: one_sheet(
        _MERGED, after='<mergeCells count="1"><mergeCell ref="A2:B3"/></mergeCells>'
    ),
    "sheet-protected": lambda: one_sheet(after=_PROTECTED),
    "sheet-with-conditional-formats": lambda: one_sheet(after=_CONDITIONS),
    "sheet-with-validations": lambda: one_sheet(after=_VALIDATIONS),
    "sheet-with-validations-from-a-list": _listed,
    "sheet-with-sparklines": lambda: one_sheet(after=_SPARKLINES),
    "sheet-with-views": lambda: one_sheet(before=_VIEWS),
    "sheet-with-page-settings": lambda: one_sheet(after=_PRINTED),
    "sheet-with-links": _links,
    "sheets-hidden": _states,
    "dates-from-1904": _1904,
}
