"""Saving: the whole new file or the whole old one, whoever else is at the file and whatever fails."""

from __future__ import annotations

import errno
import os
import stat
import struct
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from sync.errors import NotAWorkbook, WorkbookBusy, WorkbookError
from sync.workbook.package.busy import Lock, verdict
from sync.workbook.save import ChangedMeanwhile, SaveReport, busy_reason, put_back, save, sha256_of
from sync.workbook.verify import compare
from tests.workbook.package import making, reading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sync.workbook.package.edits import Edits

posix = pytest.mark.skipif(os.name == "nt", reason="POSIX only")
EDITS: Edits = {"Records": {(2, 2): "new", (9, 3): "text"}}


@pytest.fixture
def book(tmp_path: Path) -> Path:
    folder = tmp_path / "folder"
    folder.mkdir()
    return making.plain(folder / "Products.xlsx")


@pytest.fixture
def untouched(book: Path) -> Iterator[Path]:
    """Give the workbook, which must be as it was in the end, alone in its folder but for lock files."""
    before = book.read_bytes()
    yield book
    assert book.read_bytes() == before
    assert [beside.name for beside in book.parent.iterdir() if not beside.name.startswith(("~$", ".~lock"))] == [
        "Products.xlsx"
    ]


def owner_file(book: Path, name: str = "Ada Lovelace") -> Path:
    """Make what Excel puts beside a workbook that is open."""
    lock = book.with_name(f"~${book.name}")
    lock.write_bytes(bytes([len(name)]) + name.encode().ljust(54) + bytes([len(name), 0]) + name.encode("utf-16-le"))
    return lock


def test_a_save_writes_the_cells_and_says_so(book: Path, tmp_path: Path) -> None:
    old = sha256_of(book)
    original = book.read_bytes()
    told: list[tuple[str, str]] = []
    report = save(
        book,
        EDITS,
        expected_sha256=old,
        backup_dir=tmp_path / "backups",
        before_replace=lambda one, other: told.append((one, other)),
    )
    assert isinstance(report, SaveReport)
    assert report.certificate.ok
    assert report.certificate.cells_changed == 2
    assert (report.old_sha256, report.new_sha256) == (old, sha256_of(book)) == told[0]
    assert reading.by_openpyxl(book)[9, 3] == "text"
    assert report.backup is not None
    assert report.backup.read_bytes() == original
    assert [beside.name for beside in book.parent.iterdir()] == ["Products.xlsx"]


def test_the_same_content_is_backed_up_once(book: Path, tmp_path: Path) -> None:
    original = book.read_bytes()
    first = save(book, EDITS, backup_dir=tmp_path / "backups")
    assert first.backup is not None
    os.utime(first.backup, (1, 1))
    book.write_bytes(original)
    second = save(book, EDITS, backup_dir=tmp_path / "backups")
    assert first.backup == second.backup
    assert first.new_sha256 == second.new_sha256
    assert len(list((tmp_path / "backups").iterdir())) == 1
    assert first.backup.stat().st_mtime > 1, "it is the newest again, and not the first to go"


def test_the_hash_is_known_before_the_file_is_replaced(book: Path) -> None:
    seen = []
    save(book, EDITS, before_replace=lambda old, _: seen.append(sha256_of(book) == old))
    assert seen == [True]


def test_a_hook_that_fails_stops_the_save(untouched: Path) -> None:
    def fail(*_: str) -> None:
        raise RuntimeError("no journal")

    with pytest.raises(RuntimeError, match="no journal"):
        save(untouched, EDITS, before_replace=fail)


def test_another_workbook_than_expected_is_left_alone(untouched: Path) -> None:
    with pytest.raises(ChangedMeanwhile, match="changed meanwhile"):
        save(untouched, EDITS, expected_sha256="0" * 64)


def test_a_workbook_saved_by_somebody_during_the_save_is_left_alone(book: Path, tmp_path: Path) -> None:
    theirs = making.rich(tmp_path / "theirs.xlsx").read_bytes()

    def overwrite(*_: str) -> None:
        book.write_bytes(theirs)

    with pytest.raises(ChangedMeanwhile):
        save(book, EDITS, before_replace=overwrite)
    assert book.read_bytes() == theirs
    assert [beside.name for beside in book.parent.iterdir()] == ["Products.xlsx"]


def test_w09_a_workbook_open_in_excel_is_left_alone_and_its_user_named(untouched: Path) -> None:
    owner_file(untouched)
    assert busy_reason(untouched) == "open in Excel by Ada Lovelace"
    with pytest.raises(WorkbookBusy, match="open in Excel by Ada Lovelace"):
        save(untouched, EDITS)


def test_w10_a_workbook_open_in_libreoffice_is_left_alone(untouched: Path) -> None:
    lock = untouched.with_name(f".~lock.{untouched.name}#")
    lock.write_text(",ada,machine,23.11.2026 10:00,file:///home/ada;")
    with pytest.raises(WorkbookBusy, match="open in LibreOffice by ada"):
        save(untouched, EDITS)


def test_w11_an_old_lock_file_is_a_warning(book: Path) -> None:
    lock = owner_file(book)
    os.utime(lock, (time.time() - 90_000,) * 2)
    assert busy_reason(book) is None
    assert "taken for a leftover" in save(book, EDITS).warnings[0]


@pytest.mark.parametrize(
    ("fresh", "held", "busy"),
    [
        (True, None, "open in Excel by Ada"),
        (False, None, None),
        (True, False, None),
        (False, False, None),
        (True, True, "open in Excel by Ada"),
        (False, True, "open in another program"),
    ],
)
def test_w09_w11_where_the_system_says_who_holds_a_file_its_word_counts_and_elsewhere_the_fresh_lock(
    book: Path, fresh: bool, held: bool | None, busy: str | None
) -> None:
    assert verdict([Lock(book, "Excel", "Ada", fresh)], held=held) == busy


def test_w10_a_workbook_that_is_opened_during_the_save_is_left_alone(untouched: Path, tmp_path: Path) -> None:
    def open_it(*_: str) -> None:
        owner_file(untouched, "Ada")

    with pytest.raises(WorkbookBusy, match="open in Excel by Ada"):
        save(untouched, EDITS, backup_dir=tmp_path / "backups", before_replace=open_it)


def test_a_broken_owner_file_still_locks(untouched: Path) -> None:
    untouched.with_name("~$Products.xlsx").write_bytes(b"")
    assert busy_reason(untouched) == "open in Excel"


def test_w22_a_read_only_workbook_is_left_alone(untouched: Path) -> None:
    untouched.chmod(0o444)
    with pytest.raises(WorkbookError, match="read-only"):
        save(untouched, EDITS)
    untouched.chmod(0o644)


def test_a_missing_workbook_and_a_text_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(NotAWorkbook, match="no file"):
        save(tmp_path / "none.xlsx", EDITS)
    (tmp_path / "a.xlsx").write_text("id,name")
    with pytest.raises(NotAWorkbook, match="text file"):
        save(tmp_path / "a.xlsx", EDITS)
    with pytest.raises(NotAWorkbook, match="folder"):
        save(tmp_path, EDITS)


def test_a_cell_that_must_not_be_written_stops_the_save(tmp_path: Path) -> None:
    book = making.rich(tmp_path / "a.xlsx")
    before = book.read_bytes()
    with pytest.raises(WorkbookError, match="F2 holds a formula"):
        save(book, {"Records": {(2, 6): "x"}})
    assert book.read_bytes() == before


@posix
def test_w20_the_mode_stays_and_a_link_leads_to_the_new_file(book: Path, tmp_path: Path) -> None:
    book.chmod(0o640)
    link = tmp_path / "link.xlsx"
    link.symlink_to(book)
    save(link, EDITS)
    assert link.is_symlink()
    assert stat.S_IMODE(book.stat().st_mode) == 0o640
    assert reading.by_openpyxl(book)[2, 2] == "new"


@posix
def test_w20_owner_and_access_list_stay_where_the_system_lets_us(book: Path) -> None:
    allowed = {}
    if os.geteuid() == 0:
        os.chown(book, 12345, 12345)
    for name, value in (("user.kept", b"yes"), ("system.posix_acl_access", acl_of(book, 4321))):
        try:
            os.setxattr(book, name, value)
        except (OSError, AttributeError):
            continue  # this disk keeps none
        allowed[name] = value
    known = book.stat()
    save(book, EDITS)
    now = book.stat()
    assert (now.st_uid, now.st_gid, now.st_mode) == (known.st_uid, known.st_gid, known.st_mode)
    assert {name: os.getxattr(book, name) for name in allowed} == allowed


def acl_of(path: Path, user: int) -> bytes:
    """Spell an access list that lets one more user read: version, then kind, rights and who of each entry."""
    nobody = 0xFFFFFFFF
    entries = [(1, 6, nobody), (2, 4, user), (4, 4, nobody), (16, 4, nobody), (32, 4, nobody)]
    return struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *entry) for entry in entries)


# ------------------------------------------------------------------------------- what is written

HOSTILE = {
    "w02": ("a\ud800b\uffff", "a\ufffdb\ufffd"),
    "w03": ("a\x07b\x00", "a\x07b\x00"),
    "w05": ('=HYPERLINK("https://elsewhere.example")', '=HYPERLINK("https://elsewhere.example")'),
    "w06": ("#N/A", "#N/A"),
    "w07": ("_x000D_ and _x0041_", "_x000D_ and _x0041_"),
    "w08": ("one\r\ntwo", "one\ntwo"),
}


@pytest.mark.parametrize(("text", "read"), HOSTILE.values(), ids=HOSTILE)
def test_a_text_arrives_as_a_text_and_the_workbook_opens(book: Path, text: str, read: str) -> None:
    save(book, {"Records": {(2, 2): text}})
    assert reading.by_calamine(book)[2, 2] == read
    cell = openpyxl.load_workbook(book)["Records"]["B2"]
    assert cell.data_type == "s"


def test_w04_a_text_that_is_too_long_is_cut_with_a_mark_and_told(book: Path) -> None:
    report = save(book, {"Records": {(2, 2): "\U0001f600" * 20_000}})
    shown = str(reading.by_calamine(book)[2, 2])
    assert shown.endswith("… [cut]")
    assert len(shown.encode("utf-16-le")) // 2 <= 32_767
    assert "the text has 40,000" in str(report.notes[0])


def test_w21_what_other_libraries_would_lose_is_the_same_to_the_byte(tmp_path: Path) -> None:
    book = making.rich(tmp_path / "a.xlsm")
    before = tmp_path / "before.xlsm"
    before.write_bytes(book.read_bytes())
    report = save(book, {"Records": {(2, 4): "Oak"}})
    assert reading.differing(before, book) == {"xl/worksheets/sheet1.xml"}
    assert report.certificate.formulas_kept == 11


# -------------------------------------------------------------------------------- putting a copy back


def put(book: Path, copy: Path, folder: Path, **more: Any) -> Path | None:
    return put_back(book, copy, backup_dir=folder, **more)[0]


def test_a_copy_takes_the_place_of_the_workbook_which_is_kept(book: Path, tmp_path: Path) -> None:
    original = book.read_bytes()
    copy = making.rich(tmp_path / "copy.xlsx")
    book.chmod(0o640)
    told: list[tuple[str, str]] = []
    kept = put(book, copy, tmp_path / "backups", before_replace=lambda *hashes: told.append(hashes))
    assert book.read_bytes() == copy.read_bytes()
    assert kept is not None
    assert kept.read_bytes() == original
    assert told == [(sha256_of(kept), sha256_of(copy))]
    assert stat.S_IMODE(book.stat().st_mode) == (0o640 if os.name != "nt" else 0o666)
    assert [beside.name for beside in book.parent.iterdir()] == [book.name]


def test_a_workbook_that_is_gone_is_made_again(book: Path, tmp_path: Path) -> None:
    copy = making.rich(tmp_path / "copy.xlsx")
    book.unlink()
    assert put(book, copy, tmp_path / "backups") is None
    assert book.read_bytes() == copy.read_bytes()


def test_what_is_no_workbook_and_what_is_open_are_not_put_back(untouched: Path, tmp_path: Path) -> None:
    copy = making.rich(tmp_path / "copy.xlsx")
    (tmp_path / "text.xlsx").write_text("id,name")
    with pytest.raises(NotAWorkbook):
        put(untouched, tmp_path / "text.xlsx", tmp_path / "backups")
    owner_file(untouched)
    with pytest.raises(WorkbookBusy):
        put(untouched, copy, tmp_path / "backups")


def test_w12_a_workbook_that_is_saved_or_opened_while_a_copy_is_put_back_stays(book: Path, tmp_path: Path) -> None:
    copy = making.rich(tmp_path / "copy.xlsx")
    with pytest.raises(ChangedMeanwhile):
        put(book, copy, tmp_path / "backups", before_replace=lambda *_: book.write_bytes(b"PK theirs"))
    assert book.read_bytes() == b"PK theirs"
    with pytest.raises(WorkbookBusy, match="open in Excel"):
        put(book, copy, tmp_path / "backups", before_replace=lambda *_: owner_file(book))
    assert book.read_bytes() == b"PK theirs"


@pytest.mark.parametrize("name", ["open", "fsync", "chmod", "replace"])
def test_w01_whatever_call_fails_the_copy_is_there_whole_or_not_at_all(
    book: Path, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = book.read_bytes()
    copy = making.rich(tmp_path / "copy.xlsx")
    failures = 0
    for turn in range(1, 20):
        fault = _Fault(getattr(os, name), turn, errno.ENOSPC)
        with monkeypatch.context() as patched:
            patched.setattr(os, name, fault)
            try:
                put(book, copy, tmp_path / "backups")
            except WorkbookError:
                failures += 1
                assert book.read_bytes() == original
            else:
                assert book.read_bytes() == copy.read_bytes()
                book.write_bytes(original)
        assert [beside.name for beside in book.parent.iterdir()] == [book.name]
        if fault.calls < turn:
            break
    assert failures


def test_what_a_killed_save_left_is_swept_but_nothing_else(book: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path; from sync.workbook.save import save\n"
        "save(Path(sys.argv[1]), {'Records': {(2, 2): 'x'}}, before_replace=lambda *_: os.kill(os.getpid(), 9))"
    )
    before = book.read_bytes()
    subprocess.run([sys.executable, "-c", code, str(book)], check=False, cwd=Path.cwd())
    assert book.read_bytes() == before
    left = [beside for beside in book.parent.iterdir() if beside.suffix == ".tmp"]
    assert len(left) == 1
    foreign = book.with_name(".wtsync-0000000000-000000-1-00000000.tmp")
    foreign.write_bytes(b"of another workbook")
    ours = left[0].with_name(left[0].name.replace(left[0].name.split("-")[3], str(os.getpid())))
    ours.write_bytes(b"of a save that is under way")
    save(book, EDITS)
    assert {beside.name for beside in book.parent.iterdir()} == {book.name, foreign.name, ours.name}


OS_CALLS = ["open", "close", "fsync", "chmod", "replace", "stat", "rename"]


class _Fault:
    """Makes one call of a function of the system fail."""

    def __init__(self, real: Callable[..., Any], turn: int, number: int) -> None:
        self.real = real
        self.turn = turn
        self.number = number
        self.calls = 0

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        self.calls += 1
        if self.calls == self.turn:
            raise OSError(self.number, os.strerror(self.number))
        return self.real(*args, **kwargs)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EACCES], ids=errno.errorcode.get)
@pytest.mark.parametrize("name", OS_CALLS)
def test_w01_whatever_call_fails_the_file_is_old_or_new_and_nothing_is_left(
    book: Path, tmp_path: Path, name: str, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = book.read_bytes()
    failures = 0
    for turn in range(1, 30):
        fault = _Fault(getattr(os, name), turn, number)
        raised: BaseException | None = None
        with monkeypatch.context() as patched:
            patched.setattr(os, name, fault)
            try:
                save(book, EDITS, backup_dir=tmp_path / "backups")
            except WorkbookError as error:
                raised = error
        now = book.read_bytes()
        if raised is not None:
            failures += 1
            assert now == original
        else:
            assert reading.by_openpyxl(book)[2, 2] == "new"
            book.write_bytes(original)
        assert [beside.name for beside in book.parent.iterdir()] == [book.name]
        if fault.calls < turn:
            break
    if name in {"open", "fsync", "chmod", "replace"}:
        assert failures


@posix
@pytest.mark.parametrize("share", [0.0, 0.3, 0.9])
def test_w01_a_full_disk_leaves_the_old_file(untouched: Path, share: float) -> None:
    edits: Edits = {"Records": {(row, 3): os.urandom(200).hex() for row in range(1, 500)}}
    resource = pytest.importorskip("resource")
    limit = int(100_000 * share)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        with pytest.raises(WorkbookError, match="not enough room"):
            save(untouched, edits)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@posix
@pytest.mark.skipif(os.name != "nt" and os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_is_named(untouched: Path) -> None:
    untouched.parent.chmod(0o555)
    try:
        with pytest.raises(WorkbookError, match="cannot be written to"):
            save(untouched, EDITS)
    finally:
        untouched.parent.chmod(0o755)


def test_an_interrupted_save_can_simply_be_repeated(book: Path) -> None:
    original = book.with_name("original.xlsx")
    original.write_bytes(book.read_bytes())

    def interrupt(*_: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        save(book, EDITS, before_replace=interrupt)
    save(book, EDITS)
    again = save(book, EDITS)
    assert again.old_sha256 == again.new_sha256
    assert compare(original, book, EDITS).ok
