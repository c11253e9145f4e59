"""wtsync from Python: what docs/library.md shows is run, and what it says is looked at."""

from __future__ import annotations

import gc
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

from sync.errors import NotSignedIn, UsageError, WorkbookError
from sync.library import RunEnded, check, plan, run, write
from sync.selection import Selection
from sync.simulator import DEFAULT_KEY, Simulator, running
from tests.cli.shop import make_workbook

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = Path(__file__).parents[1] / "docs" / "library.md"
PIECES = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


@pytest.fixture
def service() -> Iterator[Simulator]:
    simulator = Simulator(seed=7, capacity=50, seconds_per_record=0.01)
    with running(simulator) as url, pytest.MonkeyPatch.context() as environment:
        environment.setenv("WTSYNC_API_URL", url)
        environment.setenv("WTSYNC_API_KEY", DEFAULT_KEY)
        yield simulator


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WTSYNC_STATE_DIR", str(tmp_path / "state"))
    make_workbook(tmp_path / "shop.xlsx", 4)
    return tmp_path / "shop.xlsx"


def titles(file: Path) -> list[object]:
    sheet = load_workbook(file)["Records"]
    heading = next(cell.column for cell in sheet[1] if cell.value == "Page title")
    return [row[heading - 1].value for row in sheet.iter_rows(min_row=2)]


@pytest.mark.usefixtures("service")
def test_the_pieces_of_the_page_run_one_after_the_other(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    space: dict[str, object] = {}
    for piece in PIECES:
        exec(piece, space)  # noqa: S102 - the page is ours
    said = capsys.readouterr().out
    assert len(PIECES) == 5
    assert "{'generate': 4" in said
    assert "4 texts for" in said
    assert "1 cell changed" in said
    assert [bool(title) for title in titles(shop)] == [True, True, False, False]
    assert load_workbook(shop)["Records"]["B2"].value == "Oak stool, oiled"
    assert [one.suffix for one in (shop.parent / "backups").iterdir()] == [".xlsx"]


def test_a_check_gives_what_is_wrong_as_data_and_needs_no_account(shop: Path) -> None:
    write(shop, {"Records": {"A3": "00001"}})
    problem = next(one for one in check(shop).problems if not one.warning)
    assert problem.where.startswith("Records!A")
    assert problem.value == "00001"


def test_what_a_check_has_read_is_gone_when_nobody_holds_it_any_more(shop: Path) -> None:
    """A process that reads workbooks all day must not wait for the garbage collector, which looks seldom."""
    check(shop)
    gc.collect()
    gc.disable()
    try:
        check(shop)
        assert gc.collect() < 50
    finally:
        gc.enable()


def test_a_plan_leaves_workbook_and_service_alone(shop: Path, service: Simulator) -> None:
    before = shop.read_bytes()
    planned = plan(shop, selection=Selection(("00001",)))
    assert {change.key.record.record_id for change in planned.plan.changes} == {"00001"}
    assert not planned.problems
    assert not planned.guards
    assert shop.read_bytes() == before
    assert not service.account.ledger
    with pytest.raises(UsageError):
        plan(shop, selection=Selection(("nobody",)))


def test_a_run_that_is_refused_says_so_at_its_end(shop: Path, service: Simulator) -> None:
    with pytest.raises(RunEnded) as ended:
        list(run(shop, "--budget", "1"))
    assert ended.value.code == 5
    assert not service.account.ledger


def test_a_run_that_nobody_listens_to_any_more_is_stopped_and_the_next_one_goes_on(
    shop: Path, service: Simulator
) -> None:
    events = run(shop)
    assert next(events)["event"] == "plan"
    events.close()  # type: ignore[attr-defined]  # a generator
    last = list(run(shop))[-1]
    assert last["event"] == "done"
    assert all(titles(shop))
    assert len(service.account.ledger) == len({(one.record_id, one.field) for one in service.account.ledger})


def test_an_account_is_asked_for_where_there_is_none(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WTSYNC_API_KEY", raising=False)
    monkeypatch.setenv("WTSYNC_API_URL", "http://127.0.0.1:1")
    with pytest.raises(NotSignedIn):
        plan(shop)


@pytest.mark.parametrize("where", ["Name", "B7:C9", "", "7"])
def test_what_is_no_cell_is_not_written(shop: Path, where: str) -> None:
    before = shop.read_bytes()
    with pytest.raises(UsageError, match="is no address of a cell"):
        write(shop, {"Records": {where: "words"}})
    assert shop.read_bytes() == before


def test_what_must_not_be_written_leaves_the_file_as_it_was(shop: Path) -> None:
    before = shop.read_bytes()
    for sheet, where in (("Nowhere", "B2"), ("Records", "A0"), ("Records", "A1")):
        with pytest.raises(WorkbookError):
            write(shop, {sheet: {where: "words"}})
    assert shop.read_bytes() == before
