"""Workbooks with what lies on top of cells, or is made from them: comments, controls, shapes, pivot tables, slicers."""
# ruff: noqa: E501 - XML is read where it is written

from __future__ import annotations

from tests.workbooks.packing import HEADINGS, MAIN, MS, OFFICE, SHEETML, Book, row, worksheet

_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
_VND = "application/vnd.openxmlformats-officedocument"
_MS_REL = "http://schemas.microsoft.com/office"
_X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
_MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360000002"
    "000001e221bc330000000049454e44ae426082"
)


def _vml(kind: str, name: str) -> str:
    """Spell the old drawing that every comment and every form control still needs."""
    return (
        '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
        ' xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/>'
        '</o:shapelayout><v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe"/>'
        f'<v:shape id="{name}" type="#_x0000_t202" style="position:absolute;margin-left:60pt;width:100pt;height:60pt">'
        f'<x:ClientData ObjectType="{kind}"><x:Anchor>2, 15, 1, 10, 4, 15, 4, 4</x:Anchor><x:Row>1</x:Row><x:Column>1</x:Column>'
        "</x:ClientData></v:shape></xml>"
    )


def _comments(book: Book, part: str, author: str = "Ada") -> None:
    xml = f'<comments xmlns="{MAIN}"><authors><author>{author}</author></authors><commentList><comment ref="B2" authorId="0">'
    xml += "<text><r><t>A note</t></r></text></comment></commentList></comments>"
    book.add("xl/drawings/vmlDrawing1.vml", _vml("Note", "_x0000_s1025"), by=part, rel="vmlDrawing")
    book.add("xl/comments1.xml", xml, f"{SHEETML}.comments+xml", by=part, rel="comments")


def _noted() -> bytes:
    book = Book()
    _comments(book, book.sheet(worksheet(after='<legacyDrawing r:id="rId1"/>')))
    return book.zipped()


def _discussed() -> bytes:
    """Threaded comments: persons, the thread, and the plain comment that stands for it in older programs."""
    space = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
    person, thread = "{00000000-0000-0000-0000-00000000000A}", "{00000000-0000-0000-0000-00000000000B}"
    book = Book()
    part = book.sheet(worksheet(after='<legacyDrawing r:id="rId1"/>'))
    _comments(book, part, f"tc={thread}")
    xml = f'<ThreadedComments xmlns="{space}"><threadedComment ref="B2" dT="2021-03-04T05:06:07.00" personId="{person}"'
    xml += f' id="{thread}"><text>Is this right?</text></threadedComment></ThreadedComments>'
    rel = f"{_MS_REL}/2017/10/relationships"
    book.add(
        "xl/threadedComments/threadedComment1.xml",
        xml,
        f"{MS}.threadedcomments+xml",
        by=part,
        rel=f"{rel}/threadedComment",
    )
    xml = f'<personList xmlns="{space}"><person displayName="Ada" id="{person}" userId="ada" providerId="None"/></personList>'
    book.add("xl/persons/person.xml", xml, f"{MS}.person+xml", by="xl/workbook.xml", rel=f"{rel}/person")
    return book.zipped()


def _controlled() -> bytes:
    """Make a form control: old drawing, new drawing, and its properties."""
    anchor = "<from><xdr:col>4</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>1</xdr:row><xdr:rowOff>0</xdr:rowOff></from>"
    anchor += anchor.replace("from>", "to>").replace(">4<", ">6<").replace(">1<", ">3<")
    control = (
        f'<mc:AlternateContent xmlns:mc="{_MC}"><mc:Choice Requires="x14"><controls><mc:AlternateContent><mc:Choice'
        ' Requires="x14"><control shapeId="1025" r:id="rId2" name="Check Box 1"><controlPr defaultSize="0" autoFill="0">'
        f'<anchor moveWithCells="1">{anchor}</anchor></controlPr></control></mc:Choice></mc:AlternateContent></controls>'
        "</mc:Choice></mc:AlternateContent>"
    )
    book = Book()
    spaces = f' xmlns:x14="{_X14}" xmlns:xdr="{_DRAWING}/spreadsheetDrawing"'
    part = book.sheet(worksheet(after=f'<legacyDrawing r:id="rId1"/>{control}', more=spaces))
    book.add("xl/drawings/vmlDrawing1.vml", _vml("Checkbox", "_x0000_s1025"), by=part, rel="vmlDrawing")
    xml = f'<formControlPr xmlns="{_X14}" objectType="CheckBox" checked="Checked" fmlaLink="$B$2" lockText="1"/>'
    book.add("xl/ctrlProps/ctrlProp1.xml", xml, f"{MS}.controlproperties+xml", by=part, rel="ctrlProp")
    return book.zipped()


def _drawn() -> bytes:
    """Make a shape with text that is fixed to our cells, and a picture."""
    xdr = f'xmlns:xdr="{_DRAWING}/spreadsheetDrawing" xmlns:a="{_DRAWING}/main" xmlns:r="{OFFICE}"'
    place = "<xdr:{0}><xdr:col>{1}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>{1}</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:{0}>"
    anchor = place.format("from", 2) + place.format("to", 4)
    box = '<xdr:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="9" cy="9"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/>'
    box += "</a:prstGeom></xdr:spPr>"
    shape = (
        '<xdr:sp macro="" textlink=""><xdr:nvSpPr><xdr:cNvPr id="2" name="Box 1"/><xdr:cNvSpPr/></xdr:nvSpPr>'
        f"{box}<xdr:txBody><a:bodyPr/><a:p><a:r><a:t>A shape</a:t></a:r></a:p></xdr:txBody></xdr:sp><xdr:clientData/>"
    )
    picture = (
        '<xdr:pic><xdr:nvPicPr><xdr:cNvPr id="3" name="Picture 1"/><xdr:cNvPicPr/></xdr:nvPicPr><xdr:blipFill>'
        f'<a:blip r:embed="rId1"/><a:stretch><a:fillRect/></a:stretch></xdr:blipFill>{box}</xdr:pic><xdr:clientData/>'
    )
    anchors = "".join(f"<xdr:twoCellAnchor>{anchor}{what}</xdr:twoCellAnchor>" for what in (shape, picture))
    book = Book()
    part = book.sheet(worksheet(after='<drawing r:id="rId1"/>'))
    drawing = "xl/drawings/drawing1.xml"
    book.add(drawing, f"<xdr:wsDr {xdr}>{anchors}</xdr:wsDr>", f"{_VND}.drawing+xml", by=part, rel="drawing")
    book.add("xl/media/image1.png", PNG, by=drawing, rel="image")
    return book.zipped()


def _embedded() -> bytes:
    """Embed an object of another program."""
    book = Book()
    objects = '<oleObjects><oleObject progId="Package" shapeId="1025" r:id="rId2"/></oleObjects>'
    part = book.sheet(worksheet(after=f'<legacyDrawing r:id="rId1"/>{objects}'))
    book.add("xl/drawings/vmlDrawing1.vml", _vml("Pict", "_x0000_s1025"), by=part, rel="vmlDrawing")
    content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    book.add("xl/embeddings/oleObject1.bin", content, f"{_VND}.oleObject", by=part, rel="oleObject")
    return book.zipped()


_SOURCE = HEADINGS.replace("</row>", '<c r="D1" t="inlineStr"><is><t>Kind</t></is></c></row>') + "".join(
    row(number).replace("</row>", f'<c r="D{number}" t="inlineStr"><is><t>kind {number % 2}</t></is></c></row>')
    for number in range(2, 6)
)
_OUTPUT = (
    '<row r="3"><c r="A3" t="inlineStr"><is><t>Row Labels</t></is></c><c r="B3" t="inlineStr"><is><t>Sum</t></is></c></row>'
    '<row r="4"><c r="A4" t="inlineStr"><is><t>kind 0</t></is></c><c r="B4"><v>61</v></c></row>'
    '<row r="5"><c r="A5" t="inlineStr"><is><t>kind 1</t></is></c><c r="B5"><v>81</v></c></row>'
    '<row r="6"><c r="A6" t="inlineStr"><is><t>Grand Total</t></is></c><c r="B6"><v>142</v></c></row>'
)


def _pivot(book: Book) -> None:
    """Add a pivot table on a sheet of its own, over the records."""
    fields = '<cacheField name="Record ID" numFmtId="0"><sharedItems/></cacheField>'
    fields += '<cacheField name="Price" numFmtId="0"><sharedItems containsSemiMixedTypes="0" containsString="0"'
    fields += ' containsNumber="1" minValue="20.5" maxValue="50.5"/></cacheField>'
    fields += '<cacheField name="Text" numFmtId="0"><sharedItems containsNonDate="0" containsString="0" containsBlank="1"/></cacheField>'
    fields += '<cacheField name="Kind" numFmtId="0"><sharedItems count="2"><s v="kind 0"/><s v="kind 1"/></sharedItems></cacheField>'
    cache, spaces = "xl/pivotCache/pivotCacheDefinition1.xml", f'xmlns="{MAIN}" xmlns:r="{OFFICE}"'
    source = '<cacheSource type="worksheet"><worksheetSource ref="A1:D5" sheet="Records"/></cacheSource>'
    xml = f'<pivotCacheDefinition {spaces} r:id="rId1" refreshedVersion="6" recordCount="4">{source}'
    xml += f'<cacheFields count="4">{fields}</cacheFields></pivotCacheDefinition>'
    kind = f"{SHEETML}.pivotCache"
    identity = book.add(cache, xml, f"{kind}Definition+xml", by="xl/workbook.xml", rel="pivotCacheDefinition")
    records = "".join(f'<r><s v="P{n:03}"/><n v="{n * 10}.5"/><m/><x v="{n % 2}"/></r>' for n in range(2, 6))
    xml = f'<pivotCacheRecords {spaces} count="4">{records}</pivotCacheRecords>'
    book.add("xl/pivotCache/pivotCacheRecords1.xml", xml, f"{kind}Records+xml", by=cache, rel="pivotCacheRecords")
    book.after += f'<pivotCaches><pivotCache cacheId="1" r:id="{identity}"/></pivotCaches>'
    part = book.sheet(worksheet(_OUTPUT), "Pivot")
    items = '<items count="3"><item x="0"/><item x="1"/><item t="default"/></items>'
    xml = (
        f'<pivotTableDefinition xmlns="{MAIN}" name="PivotTable1" cacheId="1" dataCaption="Values" updatedVersion="6">'
        '<location ref="A3:B6" firstHeaderRow="1" firstDataRow="1" firstDataCol="1"/><pivotFields count="4">'
        f'<pivotField showAll="0"/><pivotField dataField="1" showAll="0"/><pivotField showAll="0"/>'
        f'<pivotField axis="axisRow" showAll="0">{items}</pivotField></pivotFields><rowFields count="1"><field x="3"/></rowFields>'
        '<rowItems count="3"><i><x/></i><i><x v="1"/></i><i t="grand"><x/></i></rowItems><colItems count="1"><i/></colItems>'
        '<dataFields count="1"><dataField name="Sum" fld="1" baseField="0" baseItem="0"/></dataFields></pivotTableDefinition>'
    )
    table = "xl/pivotTables/pivotTable1.xml"
    book.add(table, xml, f"{SHEETML}.pivotTable+xml", by=part, rel="pivotTable")
    book.link(table, "pivotCacheDefinition", "../pivotCache/pivotCacheDefinition1.xml")


def _summed() -> bytes:
    book = Book()
    book.sheet(worksheet(_SOURCE))
    _pivot(book)
    return book.zipped()


def _sliced() -> bytes:
    """Add a slicer of the pivot table, which two extension lists and a drawing refer to."""
    book = Book()
    listed = f'<extLst><ext uri="{{A8765BA9-456A-4dab-B4F3-ACF838C121DE}}" xmlns:x14="{_X14}"><x14:slicerList>'
    listed += '<x14:slicer r:id="rId1"/></x14:slicerList></ext></extLst>'
    part = book.sheet(worksheet(_SOURCE, after=listed))
    rel = f"{_MS_REL}/2007/relationships"
    xml = (
        f'<slicers xmlns="{_X14}"><slicer name="Kind" cache="Slicer_Kind" caption="Kind" rowHeight="241300"/></slicers>'
    )
    book.add("xl/slicers/slicer1.xml", xml, f"{MS}.slicer+xml", by=part, rel=f"{rel}/slicer")
    xml = (
        f'<slicerCacheDefinition xmlns="{_X14}" name="Slicer_Kind" sourceName="Kind"><pivotTables><pivotTable tabId="2"'
    )
    xml += ' name="PivotTable1"/></pivotTables><data><tabular pivotCacheId="1"><items count="2"><i x="0" s="1"/><i x="1" s="1"/>'
    xml += "</items></tabular></data></slicerCacheDefinition>"
    identity = book.add(
        "xl/slicerCaches/slicerCache1.xml", xml, f"{MS}.slicerCache+xml", by="xl/workbook.xml", rel=f"{rel}/slicerCache"
    )
    _pivot(book)
    book.after += f'<extLst><ext uri="{{BBE1A952-AA13-448e-AADC-164F8A28A991}}" xmlns:x14="{_X14}"><x14:slicerCaches>'
    book.after += f'<x14:slicerCache r:id="{identity}"/></x14:slicerCaches></ext></extLst>'
    return book.zipped()


BOOKS = {
    "comments": _noted,
    "comments-in-threads": _discussed,
    "form-control": _controlled,
    "shape-and-picture": _drawn,
    "embedded-object": _embedded,
    "pivot-table": _summed,
    "slicer": _sliced,
}
