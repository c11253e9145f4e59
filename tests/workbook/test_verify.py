"""The certificate: it must see every difference that nobody planned, and every plan that was not carried out."""

from __future__ import annotations

import shutil
import zipfile
from typing import TYPE_CHECKING

import pytest

from sync.errors import NotAWorkbook
from sync.workbook.certificate import Certificate, Difference
from sync.workbook.differences import differences
from sync.workbook.package.edits import by_row
from sync.workbook.package.forecast import Counts, quick
from sync.workbook.package.patch import patch
from sync.workbook.verify import compare
from tests.workbook.package import making, reading
from tests.workbook.package.making import SHEET_PART, by_hand, pack, parts, sheet

if TYPE_CHECKING:
    from pathlib import Path

    from sync.workbook.package.edits import Edits

ROWS = (
    '<row r="1" ht="20"><c r="A1" s="1" t="s"><v>0</v></c><c r="B1"><f>A2*2</f><v>4</v></c></row>'
    '<row r="2"><c r="A2"><v>2</v></c><c r="C2" t="inlineStr"><is><r><t>rich</t></r></is></c></row>'
)
COLUMN = '<cols><col min="2" max="2" style="4"/></cols>'
AROUND = Difference(SHEET_PART, "something besides cells differs in this sheet")
PLAN: Edits = {"Records": {(2, 2): "new", (3, 1): 5, (2, 1): None}}
GOOD = (
    '<row r="1" ht="20"><c r="A1" s="1" t="s"><v>0</v></c><c r="B1"><f>A2*2</f><v>4</v></c></row>'
    '<row r="2"><c r="A2"/><c r="B2" t="inlineStr"><is><t xml:space="preserve">new</t></is></c>'
    '<c r="C2" t="inlineStr"><is><r><t>rich</t></r></is></c></row><row r="3"><c r="A3"><v>5</v></c></row>'
)


def judged(tmp_path: Path, data: str, planned: Edits | None = PLAN, around: str = "", comment: str = "") -> Certificate:
    asked = {"xl/workbook.xml": making.WORKBOOK.replace("</workbook>", '<calcPr fullCalcOnLoad="1"/></workbook>')}
    before = by_hand(tmp_path / "a.xlsx", sheet(comment + ROWS, '<dimension ref="A1:C2"/>'), asked)
    after = by_hand(tmp_path / "b.xlsx", sheet(data, '<dimension ref="A1:C3"/>', around), asked)
    return compare(before, after, planned)


@pytest.mark.parametrize("comment", ["", "<!-- which only the slow comparison reads -->"], ids=["quick", "slow"])
def test_what_was_planned_is_counted(tmp_path: Path, comment: str) -> None:
    found = judged(tmp_path, GOOD.replace("<row", comment + "<row", 1), comment=comment)
    assert found == Certificate(3, 4, (SHEET_PART,), 1, ())
    assert found.ok
    assert found.line() == "3 cells changed, 4 other parts untouched, 1 formula kept"


def test_without_a_plan_every_changed_cell_is_listed(tmp_path: Path) -> None:
    found = judged(tmp_path, GOOD, None)
    assert [difference.where for difference in found.unplanned] == ["Records!A2", "Records!B2", "Records!A3"]
    assert found.cells_changed == 3


BREACHES = {
    "another cell's value": ("<v>0</v>", "<v>1</v>", "Records!A1"),
    "another cell's style": ('s="1"', 's="2"', "Records!A1"),
    "another cell's type": ('s="1" t="s"', 's="1"', "Records!A1"),
    "a formula": ("<f>A2*2</f>", "<f>A2*3</f>", "Records!B1"),
    "a formula gone": ("<f>A2*2</f>", "", "Records!B1"),
    "a cached value": ("<v>4</v>", "<v>5</v>", "Records!B1"),
    "rich text": ("<r><t>rich</t></r>", "<t>rich</t>", "Records!C2"),
    "a cell gone": ('<c r="A1" s="1" t="s"><v>0</v></c>', "", "Records!A1"),
    "a cell too many": ('<row r="3">', '<row r="3"><c r="B3"/>', "Records!B3"),
    "a row too many": ('<row r="3">', '<row r="4"><c r="A4"/></row><row r="3">', "Records!A4"),
    "the row's height": ('ht="20"', 'ht="21"', "Records!1"),
    "a new row's height": ('<row r="3">', '<row r="3" ht="3">', "Records!3"),
    "cells in another order": ('<c r="A2"/>', '<c r="D2"/>', "Records!A2"),
    "a planned text": (">new<", ">old<", "Records!B2"),
    "a planned text as a formula": (
        't="inlineStr"><is><t xml:space="preserve">new</t></is>',
        "><f>new</f>",
        "Records!B2",
    ),
    "a planned text twice": (">new</t>", ">new</t><t>new</t>", "Records!B2"),
    "a planned text that loses spaces": (' xml:space="preserve"', "", "Records!B2"),
    "a planned cell with properties": ('<c r="B2"', '<c r="B2" cm="1"', "Records!B2"),
    "a planned text in another look": ('<c r="B2"', '<c r="B2" s="1"', "Records!B2"),
    "a planned text in a look that is not there": ('<c r="B2"', '<c r="B2" s="999999"', "Records!B2"),
    "a planned number in a new row in another look": ('<c r="A3">', '<c r="A3" s="1">', "Records!A3"),
    "a planned number": ("<v>5</v>", "<v>6</v>", "Records!A3"),
    "a planned number as text": ('<c r="A3">', '<c r="A3" t="str">', "Records!A3"),
    "a planned row missing": ('<row r="3"><c r="A3"><v>5</v></c></row>', "", "Records!A3"),
    "not emptied": ('<c r="A2"/>', '<c r="A2"><v>2</v></c>', "Records!A2"),
    "a style lost": ('<c r="A2"/>', '<c r="A2" s="1"/>', "Records!A2"),
    "cell twice": ('<c r="A2"/>', '<c r="A2"/><c r="A2"/>', "Records!2"),
}


@pytest.mark.parametrize(("old", "new", "where"), BREACHES.values(), ids=BREACHES)
def test_a_breach_is_seen_and_named(tmp_path: Path, old: str, new: str, where: str) -> None:
    assert GOOD.count(old) == 1
    found = judged(tmp_path, GOOD.replace(old, new))
    assert not found.ok
    assert where in {difference.where for difference in found.unplanned}
    assert "UNPLANNED" in found.line()
    assert quickly(sheet(ROWS), sheet(GOOD.replace(old, new))) is None


def quickly(before: str, after: str, planned: Edits = PLAN) -> Counts | None:
    return quick([before.encode()], [after.encode()], by_row(planned["Records"]))


@pytest.mark.parametrize("comment", ["", "<!-- which only the slow comparison reads -->"], ids=["quick", "slow"])
def test_a_new_cell_without_the_look_of_its_column_is_seen_and_named(tmp_path: Path, comment: str) -> None:
    styled = f'<row r="1">{comment}<c r="A1"/></row>'
    before, right = (by_hand(tmp_path / name, sheet(styled, COLUMN)) for name in ("a.xlsx", "b.xlsx"))
    patch(before, right, {"Records": {(1, 2): "new"}})
    assert compare(before, right, {"Records": {(1, 2): "new"}}).ok
    wrong = reading.part(right, SHEET_PART).decode().replace(' s="4"', "")
    found = compare(before, by_hand(tmp_path / "c.xlsx", wrong), {"Records": {(1, 2): "new"}})
    assert [difference.where for difference in found.unplanned] == ["Records!B1"]


def test_the_quick_comparison_agrees_with_what_is_right() -> None:
    assert quickly(sheet(ROWS), sheet(GOOD)) == Counts(3, 1)


ODD = {
    "a byte between the rows": (ROWS.replace("</row><row", "</row> <row"), GOOD),
    "a byte in another cell": (ROWS, GOOD.replace("<v>4</v>", "<v>4 </v>")),
    "a comment": ("<!-- -->" + ROWS, "<!-- -->" + GOOD),
    "a bracket in an attribute": (
        ROWS.replace('<c r="A2">', '<c r="A2" x="/>">'),
        GOOD.replace('<c r="A2"/>', '<c r="A2" x="/"/>">'),
    ),
    "an end too many": (ROWS, GOOD.replace("</row>", "</c></row>")),
    "an entity": (ROWS, GOOD.replace(">new<", ">&#110;ew<")),
    "a bracket in a text": (ROWS, GOOD.replace(">new<", ">]]>new<")),
    "a control character": (ROWS, GOOD.replace(">new<", ">new\r<")),
    "rows without numbers": (ROWS.replace(' r="1"', ""), GOOD.replace(' r="1"', "")),
}


@pytest.mark.parametrize(("before", "after"), ODD.values(), ids=ODD)
def test_the_quick_comparison_does_not_judge_what_is_odd(before: str, after: str) -> None:
    assert quickly(sheet(before), sheet(after)) is None


def test_what_surrounds_the_rows_is_compared(tmp_path: Path) -> None:
    found = judged(tmp_path, GOOD, around='<pageMargins left="1"/>')
    assert found.unplanned == (AROUND,)


CHECKED = (
    '<dataValidations count="1"><dataValidation type="whole" sqref="B1:B9">'
    "<formula1>1</formula1><formula2>10</formula2></dataValidation></dataValidations>"
    "<headerFooter><oddHeader>&amp;LAB</oddHeader><oddFooter>C</oddFooter></headerFooter>"
)
MOVED = {
    "from one bound of a check to the other": ("1</formula1><formula2>10", "11</formula1><formula2>0"),
    "from the header to the footer": ("B</oddHeader><oddFooter>C", "</oddHeader><oddFooter>BC"),
    "out of its element": ("<oddFooter>C</oddFooter>", "<oddFooter></oddFooter>C"),
}


@pytest.mark.parametrize(("old", "new"), MOVED.values(), ids=MOVED)
def test_a_text_around_the_rows_has_to_stay_in_its_place(tmp_path: Path, old: str, new: str) -> None:
    assert CHECKED.count(old) == 1
    row = '<row r="1"><c r="A1"><v>1</v></c></row>'
    before = by_hand(tmp_path / "a.xlsx", sheet(row, after=CHECKED))
    after = by_hand(tmp_path / "b.xlsx", sheet(row, after=CHECKED.replace(old, new)))
    assert compare(before, after).unplanned == (AROUND,)
    assert not differences(before, after, most=1).only_values


@pytest.mark.parametrize("spelled", ["5_0", " 50 ", "0x32", "fifty", "inf", "5\u0660"])
def test_a_number_has_to_be_spelled_as_one(tmp_path: Path, spelled: str) -> None:
    plan: Edits = {"Records": {(1, 1): 50}}
    row = '<row r="1"><c r="A1"><v>{}</v></c></row>'
    before = by_hand(tmp_path / "a.xlsx", sheet(row.format(1)))
    assert compare(before, by_hand(tmp_path / "b.xlsx", sheet(row.format("5E1"))), plan).ok
    found = compare(before, by_hand(tmp_path / "c.xlsx", sheet(row.format(spelled))), plan)
    assert found.unplanned == (Difference("Records!A1", "does not hold the number"),)
    assert quickly(sheet(row.format(1)), sheet(row.format(spelled)), plan) is None


def test_a_truth_value_has_one_spelling(tmp_path: Path) -> None:
    plan: Edits = {"Records": {(1, 1): True}}
    old, new = (sheet(f'<row r="1"><c r="A1"{kind}</v></c></row>') for kind in ("><v>7", ' t="b"><v>1.0'))
    found = compare(by_hand(tmp_path / "a.xlsx", old), by_hand(tmp_path / "b.xlsx", new), plan)
    assert found.unplanned == (Difference("Records!A1", "does not hold the value"),)


def test_a_text_around_the_rows_is_the_same_however_long_it_is_and_wherever_the_parser_cuts_it(tmp_path: Path) -> None:
    long = f"<!-- only the slow comparison --><headerFooter><oddHeader>{'ab&amp;' * 60_000}</oddHeader></headerFooter>"
    before = by_hand(tmp_path / "a.xlsx", sheet(ROWS, after=long))
    patch(before, tmp_path / "b.xlsx", {"Records": {(1, 1): "a text that moves what follows"}})
    assert compare(before, tmp_path / "b.xlsx", {"Records": {(1, 1): "a text that moves what follows"}}).ok


NAMESPACE = "http://schemas.openxmlformats.org/markup-compatibility/2006"
DECLARED = f' xmlns:mc="{NAMESPACE}" mc:Ignorable="x14ac"'
AC = ' xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac"'


@pytest.mark.parametrize(
    ("tag", "where"),
    [("<worksheet", SHEET_PART), ("<sheetData", SHEET_PART), ('<row r="2"', "Records!2"), ('<c r="A2"', "Records!A2")],
)
def test_a_namespace_that_is_no_longer_declared_is_a_difference(tmp_path: Path, tag: str, where: str) -> None:
    xml = sheet(ROWS).replace("<worksheet", "<worksheet" + DECLARED)
    assert xml.count(tag) == 1
    before = by_hand(tmp_path / "a.xlsx", xml.replace(tag, tag + AC))
    found = compare(before, by_hand(tmp_path / "b.xlsx", xml))
    assert [difference.where for difference in found.unplanned] == [where]


def test_a_plan_that_was_not_carried_out_is_seen_though_no_byte_differs(tmp_path: Path) -> None:
    source = making.plain(tmp_path / "a.xlsx")
    shutil.copy(source, tmp_path / "b.xlsx")
    found = compare(source, tmp_path / "b.xlsx", {"Records": {(2, 2): "x", (99, 9): "y", (99, 10): None}})
    assert {difference.where for difference in found.unplanned} == {"Records!B2", "Records!I99"}


def test_the_same_file_twice_is_the_same(tmp_path: Path) -> None:
    source = making.rich(tmp_path / "a.xlsx")
    found = compare(source, source)
    assert found.ok
    assert found.parts_changed == ()
    assert found.formulas_kept == 11


@pytest.mark.parametrize("change", ["content", "missing", "added", "order", "date", "comment", "packing"])
def test_other_parts_must_be_the_same_to_the_byte(tmp_path: Path, change: str) -> None:
    content = parts(sheet(ROWS))
    before = pack(tmp_path / "a.xlsx", content)
    stored, comment = frozenset[str](), b""
    if change == "content":
        content["[Content_Types].xml"] += b" "
    elif change == "missing":
        content.pop("[Content_Types].xml")
    elif change == "added":
        content["docProps/app.xml"] = b"<a/>"
    elif change == "order":
        content = dict(reversed(content.items()))
    elif change == "comment":
        comment = b"hello"
    elif change == "packing":
        stored = frozenset({"[Content_Types].xml"})
    after = pack(tmp_path / "b.xlsx", content, comment, stored)
    if change == "date":
        after.write_bytes(after.read_bytes().replace(zipfile_date(before), b"\0\0\x21\0"))
    assert not compare(before, after).ok


def zipfile_date(path: Path) -> bytes:
    return path.read_bytes()[10:14]


def test_a_damaged_result_is_not_certified(tmp_path: Path) -> None:
    source = making.plain(tmp_path / "a.xlsx")
    patch(source, tmp_path / "b.xlsx", {"Records": {(2, 2): "x"}})
    content = bytearray((tmp_path / "b.xlsx").read_bytes())
    with zipfile.ZipFile(tmp_path / "b.xlsx") as archive:
        at = archive.getinfo(SHEET_PART).header_offset + 80
    content[at] ^= 0xFF
    (tmp_path / "b.xlsx").write_bytes(content)
    with pytest.raises(NotAWorkbook):
        compare(source, tmp_path / "b.xlsx", {"Records": {(2, 2): "x"}})


def test_a_result_that_is_no_xml_is_not_certified(tmp_path: Path) -> None:
    with pytest.raises(NotAWorkbook, match="parsed"):
        judged(tmp_path, GOOD.replace("</row>", ""))


def test_implicit_places_are_counted_alike(tmp_path: Path) -> None:
    bare = "<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>"
    before = by_hand(tmp_path / "a.xlsx", sheet(bare))
    patch(before, tmp_path / "b.xlsx", {"Records": {(1, 2): 7}})
    assert compare(before, tmp_path / "b.xlsx", {"Records": {(1, 2): 7}}).ok
    assert [difference.where for difference in compare(before, tmp_path / "b.xlsx").unplanned] == ["Records!B1"]


def test_long_texts_are_read_whole_where_blocks_meet(tmp_path: Path) -> None:
    before = making.plain(tmp_path / "a.xlsx")
    edits = {"Records": {(row, 3): f"{row} & " * 3000 for row in range(1, 120)}}
    patch(before, tmp_path / "b.xlsx", edits)
    assert compare(before, tmp_path / "b.xlsx", edits).ok
    assert len(reading.part(tmp_path / "b.xlsx", SHEET_PART)) > 1 << 21
