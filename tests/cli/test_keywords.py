"""Keywords from the workbook: `wtsync keywords` shows what was found, carries out decisions, and writes the sheets."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook

from sync.workbook.layout import RECORDS
from sync.workbook.save import sha256_of
from tests.cli.shop import save_as_excel, visit

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.shop import Shop


def stage(shop: Shop, record_id: str, **more: Any) -> None:
    """Let the service have found keywords for a record, or set its ranks."""
    place = {"type": "Product", "storeId": "shop", "languageCode": "en", "recordId": record_id}
    given = {**place, "name": "Oak stool", "seedKeywords": ["oak stool"], "countryCode": "GB", **more}
    with visit(shop.url) as client:
        client.post("/_simulator/keywords", json=given).raise_for_status()


def rows(shop: Shop, name: str = "Keywords") -> list[dict[str, Any]]:
    header, *below = shop.grid(name)
    return [dict(zip(map(str, header), row, strict=True)) for row in below]


def fill(shop: Shop, name: str, row: int, **cells: str) -> None:
    """Do as a person does in Excel; underscores stand for spaces in headings, and two of them for a question mark."""
    book = load_workbook(shop.file)
    sheet = book[name]
    at = {str(cell.value): int(cell.column or 0) for cell in sheet[1]}
    for heading, text in cells.items():
        sheet.cell(row, at[heading.replace("__", "?").replace("_", " ")], text)
    save_as_excel(book, shop.file)


def pipeline(shop: Shop, row: int = 0) -> dict[str, Any]:
    return rows(shop, "Pipelines")[row]


@pytest.fixture
def found(opened: Callable[..., Shop]) -> Shop:
    """Three records, for two of which the service has found the same keywords; the sheets were written."""
    shop = opened(records=3)
    for record_id in ("00001", "00002"):
        stage(shop, record_id, status="Completed")
    shop.here("keywords", "shop.xlsx")
    return shop


def test_what_the_service_has_found_comes_into_the_workbook_and_costs_nothing(found: Shop) -> None:
    known = rows(found)
    assert {row["Record ID"] for row in known} == {"00001", "00002"}
    assert all(isinstance(row["Search volume"], int | None) for row in known)
    assert "00002" in {row["Also targeted by"] for row in known if row["Record ID"] == "00001"}
    assert [row["Status"] for row in rows(found, "Keyword runs")] == ["Completed", "Completed"]
    assert {row["Locked?"] for row in rows(found, "Pipelines")} == {"no"}
    assert load_workbook(found.file)["Manual keywords"].max_row == 1
    assert found.ledger() == []


def test_a_second_look_at_the_same_leaves_the_file_as_it_is(found: Shop) -> None:
    before = sha256_of(found.file)
    said = found.here("keywords", "shop.xlsx").stdout
    assert sha256_of(found.file) == before
    assert said.startswith("2 records (2 Completed)")


def test_places_won_and_lost_since_the_last_look_are_shown(found: Shop) -> None:
    word = rows(found)[0]["Keyword"]
    stage(found, "00001", ranks={word: 30}, status="Completed")
    found.here("keywords", "shop.xlsx")
    stage(found, "00001", ranks={word: 12}, status="Completed")
    found.here("keywords", "shop.xlsx")
    (row,) = [row for row in rows(found) if (row["Record ID"], row["Keyword"]) == ("00001", word)]
    assert (row["Rank now"], row["Rank before"], row["Change"]) == (12, 30, 18)


def test_decisions_are_asked_about_carried_out_and_noted(found: Shop) -> None:
    fill(found, "Pipelines", 2, Decision="lock")
    refused = found.here("keywords", "shop.xlsx", code=None)
    assert refused.returncode != 0
    assert "Nothing was carried out." in refused.stderr
    assert pipeline(found)["Locked?"] == "no"
    assert pipeline(found)["Decision"] == "lock"
    said = found.here("keywords", "shop.xlsx", "--yes").stdout
    assert "locked: the service is not to change this pipeline of 00001" in said
    assert "Workbook: " in said
    assert (pipeline(found)["Locked?"], pipeline(found)["Decision"]) == ("yes", None)
    assert str(pipeline(found)["Done"]).endswith(" lock")


def test_what_is_so_already_needs_nothing_and_is_taken_out(found: Shop) -> None:
    fill(found, "Pipelines", 2, Decision="unlock")
    found.here("keywords", "shop.xlsx", "--yes")
    assert (pipeline(found)["Decision"], pipeline(found)["Message"]) == (None, "It is not locked.")


def test_a_keyword_that_is_to_be_used_comes_into_its_cell(
    opened: Callable[..., Shop],
) -> None:
    shop = opened(records=2)
    fill(shop, RECORDS, 2, Keywords="Oak; old word")
    stage(shop, "00001", status="Completed")
    shop.here("keywords", "shop.xlsx")
    listed = rows(shop)
    at = {row["Keyword"]: number for number, row in enumerate(listed, 2)}
    word = next(row["Keyword"] for row in listed if len(row["Keyword"]) < 30)
    fill(shop, "Keywords", at[word], Decision="use")
    shop.here("keywords", "shop.xlsx", "--yes")
    assert shop.column("Keywords") == [f"Oak; old word, {word}", None]
    (row,) = [row for row in rows(shop) if row["Keyword"] == word]
    assert (row["Decision"], str(row["Done"])[-4:]) == (None, " use")
    assert shop.ledger() == []


def test_without_a_column_for_keywords_the_decision_stays_and_says_why(found: Shop) -> None:
    fill(found, "Keywords", 2, Decision="use")
    book = load_workbook(found.file)
    next(cell for cell in book[RECORDS][1] if cell.value == "Keywords").value = "Words"
    save_as_excel(book, found.file)
    found.here("keywords", "shop.xlsx", "--yes", code=3)
    assert rows(found)[0]["Decision"] == "use"
    assert "no column Keywords" in rows(found)[0]["Message"]


def test_a_call_that_takes_away_through_an_assumed_address_needs_to_be_switched_on(found: Shop) -> None:
    fill(found, "Pipelines", 2, Decision="delete")
    found.here("keywords", "shop.xlsx", "--yes", code=3)
    assert "WTSYNC_ASSUMED_DELETES" in pipeline(found)["Message"]
    assert (pipeline(found)["Deleted?"], pipeline(found)["Decision"]) == ("no", "delete")
    found.here("keywords", "shop.xlsx", "--yes", WTSYNC_ASSUMED_DELETES="yes")
    gone = [row for row in rows(found, "Pipelines") if row["Deleted?"] == "yes"]
    assert [row["Record ID"] for row in gone] == ["00001"]
    number = 2 + rows(found, "Pipelines").index(gone[0])
    fill(found, "Pipelines", number, Decision="restore")
    found.here("keywords", "shop.xlsx", "--yes")
    assert {row["Deleted?"] for row in rows(found, "Pipelines")} == {"no"}


def test_a_trigger_flags_and_one_that_rewrites_needs_a_second_yes(found: Shop) -> None:
    watch = {"Trigger_condition": "Ranking", "Trigger_value": "10"}
    fill(found, "Pipelines", 2, Decision="trigger", **watch)
    found.here("keywords", "shop.xlsx", "--yes")
    assert pipeline(found)["Trigger action"] == "FlagForRewrite"
    fill(found, "Pipelines", 2, Decision="trigger automatic", Trigger_value="20")
    said = found.here("keywords", "shop.xlsx", "--yes", code=3).stdout
    assert "rewrite this record's texts by itself" in said
    assert (pipeline(found)["Trigger action"], pipeline(found)["Decision"]) == ("FlagForRewrite", "trigger automatic")
    found.here("keywords", "shop.xlsx", "--yes", "--automatic")
    assert "Automatic" in pipeline(found)["Trigger action"]


def test_a_record_that_a_trigger_has_flagged_needs_a_person_and_status_tells(found: Shop) -> None:
    assert "asked for a rewrite" not in found.here("status", "shop.xlsx").stdout
    fill(found, "Pipelines", 2, Decision="trigger", Trigger_condition="Days", Trigger_value="0")
    record = pipeline(found)["Record ID"]
    found.here("keywords", "shop.xlsx", "--yes")
    shown = found.here("keywords", "shop.xlsx").stdout
    assert f"The service asks for a rewrite: 1 record ({record})." in shown
    needed = {row["Record ID"]: str(row["Needs a person"] or "") for row in rows(found, "Keyword runs")}
    assert [one for one, why in needed.items() if "the service asks for a rewrite" in why] == [record]
    assert f"1 record ({record}). Choose Rewrite on Records" in found.here("status", "shop.xlsx").stdout
    (flagged,) = json.loads(found.here("status", "shop.xlsx", "--json").stdout)["workbook"]["flaggedForRewrite"]
    assert flagged["recordId"] == record


def test_a_snapshot_is_taken_and_put_back(found: Shop) -> None:
    fill(found, "Pipelines", 2, Decision="snapshot")
    found.here("keywords", "shop.xlsx", "--yes")
    name = pipeline(found)["Snapshot id"]
    assert name in pipeline(found)["Message"]
    fill(found, "Pipelines", 2, Decision="restore snapshot")
    said = found.here("keywords", "shop.xlsx", "--yes", code=None)
    assert said.returncode == 0, said.stdout
    assert str(pipeline(found)["Done"]).endswith(" restore snapshot")


def test_keywords_that_are_typed_in_are_given_to_the_service_once_and_taken_away(found: Shop) -> None:
    for row, word in ((2, "Beech Stool"), (3, "beech  stool"), (4, "Oak stool 1")):
        fill(found, "Manual keywords", row, Record_ID="00001", Keyword=word, Add_or_remove="add")
    found.here("keywords", "shop.xlsx", "--yes")
    told = rows(found, "Manual keywords")
    assert all(row["Done?"] for row in told)
    assert ["asked for in row 2" in str(row["Message"]) for row in told] == [False, True, False]
    assert "product's own name" in told[2]["Message"]
    fill(found, "Manual keywords", 5, Record_ID="00001", Keyword="beech stool", Add_or_remove="remove")
    found.here("keywords", "shop.xlsx", "--yes")
    assert rows(found, "Manual keywords")[3]["Done?"]
    assert "beech stool" not in {row["Keyword"] for row in rows(found) if row["Group"] == "manual"}


def test_nothing_is_carried_out_that_could_not_be_noted(found: Shop) -> None:
    fill(found, "Pipelines", 2, Decision="lock")
    lock = found.file.with_name(".~lock.shop.xlsx#")
    lock.write_text(",ana,machine,29.11.2026 01:00,file:///home/ana;", encoding="utf-8")
    refused = found.here("keywords", "shop.xlsx", "--yes", code=None)
    assert refused.returncode != 0
    assert "Nothing was carried out." in refused.stderr
    lock.unlink()
    assert found.here("keywords", "shop.xlsx", "--yes").stdout.count("locked: the service") == 1
    assert pipeline(found)["Locked?"] == "yes"


def test_a_row_that_is_wrong_stops_none_of_the_others(found: Shop) -> None:
    fill(found, "Pipelines", 2, Decision="lokc")
    fill(found, "Pipelines", 3, Decision="lock")
    said = found.here("keywords", "shop.xlsx", "--yes", code=3).stdout
    assert "Pipelines!J2 'lokc'" in said
    assert "Did you mean lock?" in said
    assert [pipeline(found, row)["Locked?"] for row in (0, 1)] == ["no", "yes"]
    assert pipeline(found)["Decision"] == "lokc"


def test_the_result_is_there_as_data(found: Shop) -> None:
    fill(found, "Pipelines", 2, Decision="lock")
    data = json.loads(found.here("keywords", "shop.xlsx", "--yes", "--json").stdout)
    (one,) = data["decisions"]
    assert (one["cell"], one["decision"], one["recordId"], one["outcome"]) == ("Pipelines!J2", "lock", "00001", "done")
    assert data["certificate"]["sheets_rewritten"] >= 1


def test_where_nothing_was_looked_for_it_says_how_to_begin(opened: Callable[..., Shop]) -> None:
    shop = opened(records=1)
    assert "Choose the Action Keywords" in shop.here("keywords", "shop.xlsx").stdout
    assert "Manual keywords" in load_workbook(shop.file).sheetnames
    assert "Keywords" not in load_workbook(shop.file).sheetnames


def test_a_run_that_looks_for_keywords_writes_their_sheets_and_a_second_leaves_the_file(
    opened: Callable[..., Shop],
) -> None:
    shop = opened(records=2)
    fill(shop, RECORDS, 2, Action="Keywords")
    said = shop.here("run", "shop.xlsx", "--yes").stdout
    assert "3 sheets added" in said
    (run,) = rows(shop, "Keyword runs")
    assert (run["Record ID"], run["Status"], run["Credits expected"]) == ("00001", "Completed", 6)
    assert run["Started at"] is not None
    assert shop.column("Keywords")[0]
    used = {word.strip() for word in shop.column("Keywords")[0].split(",")}
    assert used <= {row["Keyword"] for row in rows(shop)}
    shop.here("run", "shop.xlsx", "--yes")
    before = sha256_of(shop.file)
    said = shop.here("run", "shop.xlsx", "--yes").stdout
    shop.here("apply", "shop.xlsx")
    assert sha256_of(shop.file) == before, said


def test_status_tells_keywords_apart_from_texts(opened: Callable[..., Shop]) -> None:
    shop = opened(records=2)
    fill(shop, RECORDS, 2, Action="Keywords")
    shop.here("run", "shop.xlsx", "--yes")
    said = shop.here("status", "shop.xlsx").stdout
    assert "keywords of 1 record found and 2 texts made, of 3, " in said
    shop.faults("lost:on=keywords-start;lag:on=keywords-list,seconds=100")
    fill(shop, RECORDS, 3, Action="Keywords")
    shop.here("run", "shop.xlsx", "--yes", code=3)
    assert "The keywords of 1 record, up to 6 credits." in shop.here("status", "shop.xlsx").stdout
