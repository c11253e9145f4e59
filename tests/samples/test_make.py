from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from sync.model import Reference, Rules
from sync.records import to_workbook
from sync.workbook.read import read

SAMPLES = Path(__file__).parents[2] / "samples"
STORIES = ("first-generation", "second-night", "bad-cells", "conflict", "season")


def make(folder: Path) -> Path:
    """Make all workbooks below a folder, as its docstring says to."""
    subprocess.run([sys.executable, SAMPLES / "make.py", folder], check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("samples"))


def cells(path: Path) -> dict[str, Any]:
    book = load_workbook(path)
    found = {
        f"{sheet.title}!{cell.coordinate}": (cell.value, cell.style_id if cell.has_style else 0, cell.number_format)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }
    book.close()
    return found


@pytest.mark.parametrize("story", STORIES)
def test_the_workbooks_are_as_a_fresh_make_makes_them(story: str, fresh: Path) -> None:
    name = f"{story}/workbook.xlsx"
    assert cells(SAMPLES / name) == cells(fresh / name), "run: python samples/make.py"


def test_two_makes_give_the_same_bytes(fresh: Path, tmp_path: Path) -> None:
    again = make(tmp_path)
    for story in STORIES:
        name = f"{story}/workbook.xlsx"
        assert (again / name).read_bytes() == (fresh / name).read_bytes()


def test_no_two_stories_share_a_workbook_id() -> None:
    assert len({read(SAMPLES / story / "workbook.xlsx").workbook_id for story in STORIES}) == len(STORIES)


@pytest.mark.parametrize("story", ["first-generation", "second-night", "season"])
def test_the_good_workbooks_have_no_problem_even_by_strict_limits(story: str) -> None:
    limits = Rules(max_name_length=60, max_keywords=5, max_keyword_length=35, max_other_details_length=200,
                   max_attributes=12, max_attribute_value_length=80)  # fmt: skip
    tables = read(SAMPLES / story / "workbook.xlsx")
    workbook = to_workbook(tables, Reference(limits, (), (), ()))
    assert workbook.problems == ()
    assert len(workbook.records) == {"first-generation": 40, "second-night": 43, "season": 40 + 44}[story]
    assert all(record.key.record_id.startswith("00") for record in workbook.records)


def test_second_night_begins_with_workbook_and_service_in_agreement_but_for_what_the_story_tells() -> None:
    service = {
        (text["recordId"], text["field"]): text["value"]
        for text in json.loads((SAMPLES / "second-night" / "service.json").read_text(encoding="utf-8"))["texts"]
    }
    records = to_workbook(read(SAMPLES / "second-night" / "workbook.xlsx"), None).records
    here = {(record.key.record_id, kind): text for record in records for kind, text in record.texts.items()}
    differing = {key for key, text in here.items() if service.get(key, "") != text}
    with (SAMPLES / "second-night" / "differs.csv").open(encoding="utf-8", newline="") as file:
        told = {(row["Where"], row["Column"].lower()) for row in csv.DictReader(file)}
    assert differing == told
    assert set(service) <= set(here)


def test_the_spoilt_cells_are_found_as_the_kinds_they_were_spoilt_to_be() -> None:
    with (SAMPLES / "bad-cells" / "cells.csv").open(encoding="utf-8", newline="") as file:
        meant = Counter(row["Kind"] for row in csv.DictReader(file) if row["Kind"])
    assert meant.total() == 30
    assert len(meant) >= 12
    workbook = to_workbook(read(SAMPLES / "bad-cells" / "workbook.xlsx"), None)
    found = Counter(problem.kind for problem in workbook.problems)
    offline = {kind: count for kind, count in meant.items() if kind in found}
    assert len(offline) >= 12, "the others show only beside the lists and limits of the service"
    assert {kind: found[kind] for kind in offline} == offline
    assert set(found) <= set(meant)
