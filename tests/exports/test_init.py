from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from sync.cli.init import command
from sync.errors import UsageError, WorkbookError
from sync.workbook.layout import RECORDS, SETTINGS, SYNC

FILES = Path(__file__).parent / "files"


@pytest.fixture(autouse=True)
def _no_account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep away from the account of whoever runs the tests."""
    for name in ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    monkeypatch.delenv("WTSYNC_API_KEY", raising=False)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")


def init(*words: str | Path) -> str:
    """Run the command and give what it says; errors come through."""
    result = CliRunner().invoke(command, [str(word) for word in words], catch_exceptions=False, standalone_mode=False)
    assert result.exit_code == 0
    assert result.stdout == ""
    return result.stderr


def test_a_blank_workbook_is_made_with_an_id_of_its_own(tmp_path: Path) -> None:
    said = init(tmp_path / "one.xlsx")
    init(tmp_path / "two.xlsx")
    ids = [load_workbook(tmp_path / name)[SYNC]["B1"].value for name in ("one.xlsx", "two.xlsx")]
    assert ids[0] != ids[1]
    assert all(len(str(identity)) == 32 for identity in ids)
    assert "built-in lists" in said
    assert f"wtsync plan {tmp_path / 'one.xlsx'}" in said


def test_an_export_fills_it_and_says_what_was_folded(tmp_path: Path) -> None:
    said = init(tmp_path / "shop.xlsx", "--from", FILES / "shopify.csv")
    assert "3 products from shopify.csv" in said
    assert "2 variants folded into their product" in said
    assert load_workbook(tmp_path / "shop.xlsx")[RECORDS]["B2"].value == "linen-shirt"


def test_categories_have_a_workbook_of_their_own(tmp_path: Path) -> None:
    init(tmp_path / "categories.xlsx", "--categories")
    values = {row[0]: row[1] for row in load_workbook(tmp_path / "categories.xlsx")[SETTINGS].values}
    assert values["Type"] == "Category"


def test_a_file_that_is_there_is_kept_unless_forced(tmp_path: Path) -> None:
    path = tmp_path / "shop.xlsx"
    path.write_bytes(b"mine")
    with pytest.raises(UsageError, match="is there already") as caught:
        init(path)
    assert "--force" in caught.value.hint
    assert path.read_bytes() == b"mine"
    init(path, "--force")
    assert RECORDS in load_workbook(path).sheetnames


def test_a_bad_export_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "shop.xlsx"
    with pytest.raises(WorkbookError):
        init(path, "--from", tmp_path / "missing.csv")
    assert not path.exists()


@pytest.mark.parametrize("name", ["shop", "shop.xls", "shop.csv"])
def test_the_name_has_to_be_a_workbooks(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="no name for a workbook") as caught:
        init(tmp_path / name)
    assert "shop.xlsx" in caught.value.hint


def test_a_folder_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no folder"):
        init(tmp_path / "nowhere" / "shop.xlsx")


def test_categories_and_an_export_do_not_go_together(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--categories"):
        init(tmp_path / "shop.xlsx", "--categories", "--from", FILES / "shopify.csv")
