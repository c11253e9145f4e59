"""A disk for the journal that fails at will, and that forgets at a power cut whatever was not synchronised.

The product's own `Database`, statements and transactions run on it, over apsw in place of the standard library's
sqlite3: only apsw lets a test stand between SQLite and the file. `Connection` shows apsw as much like sqlite3 as
`sync.journal.database` needs. So what is tested is our use of SQLite and SQLite itself, of apsw's version; the standard
library's is met by the tests that limit the size of a file under the real command.

Each write and each synchronisation of the database and its write-ahead log is counted. Shared memory is not: it does
not survive a power cut, and holds nothing that has to.
"""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

import apsw

from sync.journal import database

if TYPE_CHECKING:
    import random
    from collections.abc import Iterable, Iterator, Sequence

NAME = "laboratory"
SECTOR = 512
"""Bytes that a disk writes whole or not at all."""


@dataclass
class Image:
    """What a file holds for certain, and what was written since without being synchronised: (offset, bytes)."""

    certain: bytearray = field(default_factory=bytearray)
    pending: list[tuple[int, bytes]] = field(default_factory=list)

    def sync(self) -> None:
        for offset, data in self.pending:
            _put(self.certain, offset, data)
        self.pending.clear()

    def after_power_cut(self, dice: random.Random | None) -> bytes:
        """Give the file after a power cut: without anything uncertain, or (`dice`) with some sectors of it."""
        left = bytearray(self.certain)
        for offset, data in self.pending if dice is not None else ():
            for start in range(0, len(data), SECTOR):
                if dice is not None and dice.random() < 0.5:
                    _put(left, offset + start, data[start : start + SECTOR])
        return bytes(left)


def _put(content: bytearray, offset: int, data: bytes) -> None:
    content.extend(b"\0" * (offset - len(content)))
    content[offset : offset + len(data)] = data


@dataclass
class Disk:
    """The state of the disk. `fail_at`: the operation, counted from 1, that fails (0: none)."""

    fail_at: int = 0
    error: type[Exception] = apsw.FullError
    for_good: bool = False
    """Whether everything after it fails too, until `mend`."""
    lying: bool = False
    """Says that it synchronises and does not: what leaving out fsync comes to."""
    done: list[str] = field(default_factory=list)
    """The operations so far: `write NAME` or `sync NAME`."""
    images: dict[str, Image] = field(default_factory=dict)
    struck: int = 0
    frozen: bool = False
    """After a power cut nothing reaches the disk; what the process still does on its way out is not part of it."""

    def operation(self, kind: str, name: str) -> None:
        """Count an operation, and fail if it is its turn."""
        self.done.append(f"{kind} {Path(name).name}")
        number = len(self.done)
        if self.fail_at and (number == self.fail_at or (self.for_good and number > self.fail_at)):
            self.struck += 1
            raise self.error("the laboratory's disk fails")

    def mend(self) -> None:
        """Let nothing fail from now on."""
        self.fail_at = 0

    def cut_power(self, folder: Path, dice: random.Random | None = None) -> None:
        """Put the files into a folder as they would be found after a power cut at this moment."""
        for name, image in self.images.items():
            content = image.after_power_cut(dice)
            target = folder / Path(name).name
            if content:
                target.write_bytes(content)
            else:
                target.unlink(missing_ok=True)
        for shared in folder.glob("*-shm"):
            shared.unlink()

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """Let the journal lie on this disk for a while."""
        vfs = _Vfs(self)
        try:
            with mock.patch.object(database, "sqlite3", Sqlite()):
                yield
        finally:
            vfs.unregister()


class _File(apsw.VFSFile):
    """A real file, with a shadow that knows what is certain of it."""

    def __init__(self, disk: Disk, name: Any, flags: list[int]) -> None:
        super().__init__("", name, flags)
        self._disk = disk
        self._name = name.filename() if isinstance(name, apsw.URIFilename) else str(name or "")
        self._kept = bool(flags[0] & (apsw.SQLITE_OPEN_MAIN_DB | apsw.SQLITE_OPEN_WAL))
        if self._kept and self._name not in disk.images:
            disk.images[self._name] = Image(bytearray(Path(self._name).read_bytes()))

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802 - SQLite's name
        if self._kept:
            self._disk.operation("write", self._name)
            if not self._disk.frozen:
                self._disk.images[self._name].pending.append((offset, bytes(data)))
        super().xWrite(data, offset)

    def xSync(self, flags: int) -> None:  # noqa: N802 - SQLite's name
        if self._kept:
            self._disk.operation("sync", self._name)
            if not (self._disk.lying or self._disk.frozen):
                self._disk.images[self._name].sync()
        super().xSync(flags)

    def xTruncate(self, newsize: int) -> None:  # noqa: N802 - SQLite's name
        super().xTruncate(newsize)
        if self._kept and not self._disk.frozen:
            image = self._disk.images[self._name]
            image.sync()  # taken as certain at once, as what was written before it
            del image.certain[newsize:]


class _Vfs(apsw.VFS):
    def __init__(self, disk: Disk) -> None:
        self._disk = disk
        super().__init__(NAME, "")

    def xOpen(self, name: Any, flags: list[int]) -> apsw.VFSFile:  # noqa: N802 - SQLite's name
        return _File(self._disk, name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802 - SQLite's name
        super().xDelete(filename, syncdir)
        if not self._disk.frozen:
            self._disk.images.pop(filename, None)


# ------------------------------------------------------------------- apsw, looking like sqlite3


class Row(tuple[Any, ...]):
    """A row by place and by name."""

    __slots__ = ()
    names: dict[str, int] = {}  # noqa: RUF012 - set anew by a subclass for each statement

    def __getitem__(self, place: Any) -> Any:
        return super().__getitem__(self.names[place] if isinstance(place, str) else place)


class Cursor:
    def __init__(self, rows: list[Any], rowcount: int, lastrowid: int) -> None:
        self._rows = rows
        self.rowcount = rowcount
        self.lastrowid = lastrowid

    def fetchall(self) -> list[Any]:
        return self._rows

    def fetchone(self) -> Any:
        return self._rows[0] if self._rows else None

    def __iter__(self) -> Iterator[Any]:
        return iter(self._rows)


class Connection:
    """As much of `sqlite3.Connection` as the journal needs."""

    row_factory: Any = None

    def __init__(self, path: Path, timeout: float) -> None:
        with _translated():
            self._inner = apsw.Connection(str(path), vfs=NAME)
            self._inner.set_busy_timeout(round(timeout * 1000))

    @property
    def in_transaction(self) -> bool:
        return bool(self._inner.in_transaction)

    def cursor(self) -> Connection:
        """Stand for a cursor as well: all that the journal wants of one is plain rows, which ours are too."""
        return self

    def execute(self, statement: str, values: Sequence[Any] = ()) -> Cursor:
        with _translated():
            cursor = self._inner.cursor()
            cursor.row_trace = _row
            before = self._inner.total_changes()
            rows = list(cursor.execute(statement, [_plain(value) for value in values]))
            changed = self._inner.total_changes() - before
            return Cursor(rows, changed, self._inner.last_insert_rowid())

    def executemany(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        for values in rows:
            self.execute(statement, values)

    def close(self) -> None:
        with suppress(apsw.Error):  # of a last checkpoint, which SQLite itself passes over
            self._inner.close()


def _row(cursor: apsw.Cursor, values: tuple[Any, ...]) -> Row:
    names = {name: place for place, (name, *_) in enumerate(cursor.get_description())}
    row: Row = type("NamedRow", (Row,), {"names": names, "__slots__": ()})(values)
    return row


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, str) else value


@contextmanager
def _translated() -> Iterator[None]:
    """Raise what sqlite3 would raise."""
    kind: type[sqlite3.Error]
    try:
        yield
    except apsw.ConstraintError as error:
        kind, words = sqlite3.IntegrityError, str(error)
    except (apsw.FullError, apsw.IOError, apsw.BusyError, apsw.SQLError, apsw.ReadOnlyError) as error:
        kind, words = sqlite3.OperationalError, f"{type(error).__name__}: {error}"
    except apsw.Error as error:
        kind, words = sqlite3.DatabaseError, f"{type(error).__name__}: {error}"
    else:
        return
    raise kind(words)


class Sqlite:
    """The module sqlite3, with another `connect`."""

    def __getattr__(self, name: str) -> Any:
        return getattr(sqlite3, name)

    @staticmethod
    def connect(path: Path, timeout: float = 5.0, isolation_level: None = None) -> Connection:  # noqa: ARG004 - sqlite3's
        return Connection(path, timeout)


def batches_in(folder: Path) -> dict[int, tuple[str, frozenset[tuple[str, str]]]]:
    """Read a journal as it lies in a folder: its batches with state and texts, by number."""
    found: dict[int, tuple[str, frozenset[tuple[str, str]]]] = {}
    file = next(iter(folder.glob("*.sqlite3")), None)
    if file is None:
        return found
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA quick_check").fetchone() == ("ok",)
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'item'").fetchall():
            return found
        for number, state in connection.execute("SELECT id, state FROM batch").fetchall():
            items = connection.execute("SELECT record_id, text_type FROM item WHERE batch_id = ?", (number,))
            found[number] = (state, frozenset(items.fetchall()))
    return found


def available() -> bool:
    """Tell whether this system has what the laboratory needs."""
    return sys.platform != "win32"
