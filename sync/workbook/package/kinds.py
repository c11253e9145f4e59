"""What a file is when it is not the workbook it is named to be, in words that help."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, BinaryIO

from sync.errors import NotAWorkbook

if TYPE_CHECKING:
    from pathlib import Path

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_AS_XLSX = "Open it in Excel and save it as .xlsx (Excel Workbook)."
_WINDOW = 1 << 20


def open_file(path: Path) -> BinaryIO:
    """Open for reading, or say why not; what comes back looks like a zip archive."""
    try:
        if not stat.S_ISREG(path.stat().st_mode) and not path.is_dir():  # a pipe would keep us waiting for ever
            raise NotAWorkbook(f"{path} is no file.", "Name the workbook.")
        file = path.open("rb")
    except FileNotFoundError:
        raise NotAWorkbook(f"There is no file {path}.", "Check the name and the folder.") from None
    except (IsADirectoryError, PermissionError):  # Windows says the second of a folder, too
        if os.path.isdir(path):  # noqa: PTH112 - Path.is_dir lets errors through
            raise NotAWorkbook(f"{path} is a folder.", "Name the workbook inside it.") from None
        hint = "Check who may read it, or close the program that has it open."
        raise NotAWorkbook(f"{path} may not be read.", hint) from None
    except (OSError, ValueError) as error:
        raise NotAWorkbook(f"{path} cannot be read: {error}.", "Check the disk or the network drive.") from error
    try:
        trouble = _trouble(path, file)
    except BaseException:
        file.close()
        raise
    if trouble is not None:
        file.close()
        raise trouble
    return file


def _trouble(path: Path, file: BinaryIO) -> NotAWorkbook | None:
    start = file.read(4096)
    return None if start.startswith(b"PK") or _ends_like_a_zip(file) else _not_a_zip(path, file, start)


def _ends_like_a_zip(file: BinaryIO) -> bool:
    """Whether an archive follows some other bytes."""
    length = file.seek(0, 2)
    file.seek(max(0, length - 0xFFFF))
    return b"PK\x05\x06" in file.read()


def _not_a_zip(path: Path, file: BinaryIO, start: bytes) -> NotAWorkbook:
    if not start:
        return NotAWorkbook(f"{path} is empty (0 bytes).", "Fetch it again; the folder may still be loading it.")
    if start.startswith(_OLE):
        return _old_or_encrypted(path, file)
    text = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith((b"<!doctype html", b"<html")) or b"<table" in text:
        return NotAWorkbook(f"{path} is a web page named like a workbook.", _AS_XLSX)
    if text.startswith(b"<?xml"):
        return NotAWorkbook(f"{path} is an XML file, not an .xlsx workbook.", _AS_XLSX)
    if not start.strip(b"\0"):
        return NotAWorkbook(f"{path} holds nothing but zeros: it was not copied completely.", "Fetch it again.")
    if b"\0" not in start:
        return NotAWorkbook(f"{path} is a text file (CSV?), not an .xlsx workbook.", _AS_XLSX)
    return NotAWorkbook(f"{path} is not an .xlsx workbook.", _AS_XLSX)


def _old_or_encrypted(path: Path, file: BinaryIO) -> NotAWorkbook:
    """Tell the two apart by the names of the streams inside."""
    file.seek(0)
    mark, kept = "EncryptedPackage".encode("utf-16-le"), b""
    while chunk := file.read(_WINDOW):
        if mark in kept + chunk:
            return NotAWorkbook(
                f"{path} is protected by a password.",
                "Open it in Excel, remove the password (File > Info > Protect Workbook), and save it.",
            )
        kept = chunk[-len(mark) :]
    return NotAWorkbook(f"{path} is a workbook of the old .xls kind.", _AS_XLSX)


def not_a_workbook(path: Path, names: set[str], mimetype: bytes) -> NotAWorkbook:
    """Say what a zip archive is that holds no workbook; `names` are casefolded."""
    if b"opendocument.spreadsheet" in mimetype:
        return NotAWorkbook(f"{path} is an OpenDocument spreadsheet (.ods).", "Save it as .xlsx.")
    if any(name.endswith("workbook.bin") for name in names):
        return NotAWorkbook(f"{path} is a binary workbook (.xlsb).", _AS_XLSX)
    for folder, what in (("word/", "a Word document"), ("ppt/", "a presentation")):
        if any(name.startswith(folder) for name in names):
            return NotAWorkbook(f"{path} is {what}, not a workbook.", "Name the workbook.")
    return NotAWorkbook(f"{path} is a zip archive, not a workbook.", "Unpack it and name the workbook inside.")
