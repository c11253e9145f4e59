"""Formulas that read our cells: calculated anew when the workbook is next opened, and not a byte more."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pytest

from sync.errors import NotAWorkbook
from sync.workbook.package.patch import patch
from sync.workbook.package.sheets import NewSheet
from sync.workbook.verify import compare
from tests.workbook.package import making, reading
from tests.workbook.package.making import SHEET_PART, by_hand, pack, parts, sheet

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sync.workbook.certificate import Certificate
    from sync.workbook.package.edits import Edits

WORKBOOK = "xl/workbook.xml"
FORMULA = sheet('<row r="1"><c r="A1"><v>1</v></c><c r="B1"><f>A1*2</f><v>2</v></c></row>')
PLAIN = sheet('<row r="1"><c r="A1"><v>1</v></c></row>')
EDITS: Edits = {"Records": {(1, 1): 5}}
SAID = "formulas will be recalculated when the file is next opened"


def calculated(
    tmp_path: Path, sheet_xml: str, workbook: str = making.WORKBOOK, extra: Mapping[str, str | bytes] | None = None
) -> tuple[str, Certificate]:
    """Write a cell; give the workbook part and the certificate."""
    source = by_hand(tmp_path / "a.xlsx", sheet_xml, {WORKBOOK: workbook, **(extra or {})})
    patch(source, tmp_path / "b.xlsx", EDITS)
    found = compare(source, tmp_path / "b.xlsx", EDITS)
    assert found.ok, found.unplanned
    differing = reading.differing(source, tmp_path / "b.xlsx")
    assert differing == ({SHEET_PART, WORKBOOK} if found.recalculated else {SHEET_PART})
    return reading.part(tmp_path / "b.xlsx", WORKBOOK).decode(), found


def with_calculation(spelled: str, before: str = "") -> str:
    return making.WORKBOOK.replace("</workbook>", f"{before}{spelled}</workbook>")


NAMES = "<definedNames><definedName name='a'>Records!$A$1</definedName></definedNames>"
BEHIND = '<oleSize ref="A1"/><extLst><ext uri="x"/></extLst>'
ASKED = '<calcPr fullCalcOnLoad="1"/>'
SPELLINGS = {
    "no calcPr": (making.WORKBOOK, with_calculation(ASKED)),
    "behind the names": (with_calculation("", NAMES + BEHIND), with_calculation(BEHIND, NAMES + ASKED)),
    "before what follows": (with_calculation(BEHIND), with_calculation(BEHIND, ASKED)),
    "an id": (with_calculation('<calcPr calcId="9" />'), with_calculation('<calcPr calcId="9" fullCalcOnLoad="1" />')),
    "no": (with_calculation('<calcPr fullCalcOnLoad="0"/>'), with_calculation(ASKED)),
    "no, in a word": (
        with_calculation("<calcPr fullCalcOnLoad = 'false' calcId='1'></calcPr>"),
        with_calculation("<calcPr fullCalcOnLoad = '1' calcId='1'></calcPr>"),
    ),
    "by hand": (
        with_calculation('<calcPr calcMode="manual" calcCompleted="0"/>'),
        with_calculation('<calcPr calcMode="manual" calcCompleted="0" fullCalcOnLoad="1"/>'),
    ),
}


@pytest.mark.parametrize(("workbook", "expected"), SPELLINGS.values(), ids=SPELLINGS)
def test_the_request_is_put_in_and_every_other_byte_stays(tmp_path: Path, workbook: str, expected: str) -> None:
    found, certificate = calculated(tmp_path, FORMULA, workbook)
    assert found == expected
    assert certificate.recalculated
    assert certificate.line().endswith(f"3 other parts untouched, 1 formula kept, {SAID}")


@pytest.mark.parametrize("value", ["1", "true"])
def test_a_request_that_is_there_is_enough(tmp_path: Path, value: str) -> None:
    workbook = with_calculation(f"<calcPr fullCalcOnLoad='{value}'/>")
    assert calculated(tmp_path, FORMULA, workbook)[0] == workbook
    assert SAID not in calculated(tmp_path, FORMULA, workbook)[1].line()


def test_without_formulas_the_workbook_part_stays(tmp_path: Path) -> None:
    fake = sheet('<row r="1"><c r="A1"/><c r="B1" t="str"><v>&lt;f></v></c></row>', after="<foo/>")
    for workbook in (making.WORKBOOK, with_calculation('<calcPr calcId="1"/>')):
        for xml in (PLAIN, fake):
            assert calculated(tmp_path, xml, workbook)[0] == workbook


def two_sheets(path: Path, second: str, more: Mapping[str, str | bytes] | None = None) -> Path:
    content = parts(PLAIN, more)
    content["xl/worksheets/sheet2.xml"] = second.encode()
    content[WORKBOOK] = making.WORKBOOK.replace(
        "</sheets>", '<sheet name="B" sheetId="2" r:id="rId2"/></sheets>'
    ).encode()
    content["xl/_rels/workbook.xml.rels"] = making.WORKBOOK_RELS.replace(
        "</Relationships>",
        f'<Relationship Id="rId2" Type="{making.OFFICE}/worksheet" Target="worksheets/sheet2.xml"/></Relationships>',
    ).encode()
    return pack(path, content)


OTHERS = {
    "plain": (FORMULA, True),
    "prefixed": (FORMULA.replace("<", "<x:").replace("<x:/", "</x:").replace("xmlns=", "xmlns:x="), True),
    "far down": (sheet("".join(f'<row r="{row}"><c r="A{row}"><v>1</v></c></row>' for row in range(1, 60_000))
                       + '<row r="60000"><c r="A60000"><f>A1</f></c></row>'), True),
    "none": (PLAIN, False),
}  # fmt: skip


@pytest.mark.parametrize(("second", "expected"), OTHERS.values(), ids=OTHERS)
def test_a_formula_on_another_sheet_counts(tmp_path: Path, second: str, expected: bool) -> None:
    source = two_sheets(tmp_path / "a.xlsx", second)
    patch(source, tmp_path / "b.xlsx", EDITS)
    found = compare(source, tmp_path / "b.xlsx", EDITS)
    assert found.ok
    assert found.recalculated is expected


def test_a_formula_in_a_sheet_in_utf_16_counts(tmp_path: Path) -> None:
    source = two_sheets(tmp_path / "a.xlsx", PLAIN)
    content = {name: reading.part(source, name) for name in reading.raw_entries(source)}
    content["xl/worksheets/sheet2.xml"] = FORMULA.encode("utf-16")
    patch(pack(source, content), tmp_path / "b.xlsx", EDITS)
    found = compare(source, tmp_path / "b.xlsx", EDITS)
    assert found.ok
    assert found.recalculated


def broken(path: Path, part: str) -> Path:
    """Let a byte of the part be another, which is noticed when somebody reads it to its end."""
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo(part)
    content[info.header_offset + 30 + len(part) + info.compress_size // 2] ^= 0xFF
    path.write_bytes(content)
    return path


def test_other_sheets_are_not_read_where_it_is_known_already(tmp_path: Path) -> None:
    """Reading them would cost as much as writing, in a workbook with many large sheets."""
    long = sheet(
        "".join(f'<row r="{row}"><c r="A{row}"><v>{row * 7919 % 997}</v></c></row>' for row in range(1, 9_000))
    )
    asked = two_sheets(tmp_path / "a.xlsx", long)
    content = {name: reading.part(asked, name) for name in reading.raw_entries(asked)}
    formula = pack(tmp_path / "d.xlsx", content | {SHEET_PART: FORMULA.encode()})
    workbook = content[WORKBOOK].replace(b"</workbook>", ASKED.encode() + b"</workbook>")
    known = pack(tmp_path / "e.xlsx", content | {WORKBOOK: workbook})
    for path in (formula, known):
        patch(broken(path, "xl/worksheets/sheet2.xml"), tmp_path / "b.xlsx", EDITS)
    with pytest.raises(NotAWorkbook, match="sheet2"):
        patch(broken(asked, "xl/worksheets/sheet2.xml"), tmp_path / "b.xlsx", EDITS)


def test_a_calculation_chain_is_taken_for_formulas_and_stays(tmp_path: Path) -> None:
    rels = making.WORKBOOK_RELS.replace(
        "</Relationships>",
        f'<Relationship Id="rId2" Type="{making.OFFICE}/calcChain" Target="calcChain.xml"/></Relationships>',
    )
    chain = f'<calcChain xmlns="{making.MAIN}"><c r="B1" i="1"/></calcChain>'
    extra = {"xl/_rels/workbook.xml.rels": rels, "xl/calcChain.xml": chain}
    assert calculated(tmp_path, PLAIN, extra=extra)[1].recalculated
    assert calculated(tmp_path, FORMULA, extra=extra)[1].formulas_kept == 1
    assert reading.part(tmp_path / "b.xlsx", SHEET_PART).count(b"<f>A1*2</f><v>2</v>") == 1


def test_a_new_sheet_alone_is_read_by_no_formula(tmp_path: Path) -> None:
    source = by_hand(tmp_path / "a.xlsx", FORMULA)
    ours = NewSheet("Keywords", (("Keyword",), ("a",)))
    patch(source, tmp_path / "b.xlsx", {}, [ours])
    assert b"calcPr" not in reading.part(tmp_path / "b.xlsx", WORKBOOK)
    assert compare(source, tmp_path / "b.xlsx", {}, [ours]).ok
    again = NewSheet("Keywords", (("Keyword",), ("b",)))
    patch(tmp_path / "b.xlsx", tmp_path / "c.xlsx", {}, [again])
    found = compare(tmp_path / "b.xlsx", tmp_path / "c.xlsx", {}, [again])
    assert found.ok
    assert found.recalculated


BREACHES = {
    "it was not asked for": (ASKED, ""),
    "in another place": (f"{ASKED}|<sheets>", f"|{ASKED}<sheets>"),
    "with something else": (ASKED, '<calcPr fullCalcOnLoad="1" calcMode="manual"/>'),
    "and something besides": (ASKED, ASKED + "<oleSize ref='A1'/>"),
}


@pytest.mark.parametrize(("old", "new"), BREACHES.values(), ids=BREACHES)
def test_the_certificate_sees_a_request_that_is_not_as_planned(tmp_path: Path, old: str, new: str) -> None:
    source = by_hand(tmp_path / "a.xlsx", FORMULA)
    patch(source, tmp_path / "b.xlsx", EDITS)
    content = {name: reading.part(tmp_path / "b.xlsx", name) for name in reading.raw_entries(tmp_path / "b.xlsx")}
    xml = content[WORKBOOK].decode()
    for one, other in zip(old.split("|"), new.split("|"), strict=True):
        assert one in xml
        xml = xml.replace(one, other)
    assert compare(source, pack(tmp_path / "c.xlsx", content), EDITS).ok
    wrong = pack(tmp_path / "c.xlsx", content | {WORKBOOK: xml.encode()})
    assert not compare(source, wrong, EDITS).ok
