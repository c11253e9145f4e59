"""Read the file: find out its encoding, its separator, and which shop system it comes from."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from sync.errors import WorkbookError
from sync.exports import shopify, woocommerce
from sync.workbook.layout import folded

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import polars as pl

    from sync.workbook.template_rows import ProductTable

_SEPARATORS = ",;\t|"
_HINT = "In the shop's admin, export the products as CSV (all columns), and give that file to --from."
_MAGIC = (
    (b"PK\x03\x04", "an Excel workbook or a zip file"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls)"),
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "a compressed file (.gz)"),
)


def read_export(path: Path) -> ProductTable:
    """Read a product export of Shopify or WooCommerce.

    Raises WorkbookError when the file cannot be read, is no CSV, or comes from neither.
    """
    frame = _frame(_text(path), path.name)
    headings = {folded(name) for name in frame.columns}
    if shopify.recognises(headings):
        table = shopify.read(frame, path.name)
    elif woocommerce.recognises(headings):
        table = woocommerce.read(frame, path.name)
    else:
        raise WorkbookError(
            f"{path.name} is no product export of Shopify or WooCommerce; its headings are {_listed(frame.columns)}",
            f"Shopify's has {_listed(shopify.EXPECTED)}. WooCommerce's has {_listed(woocommerce.EXPECTED)}, when the "
            "admin is in English.",
        )
    if not table.rows:
        raise WorkbookError(f"{path.name} has the headings of a {table.kind} export, but no product", _HINT)
    return table


def _text(path: Path) -> str:
    """Read the file as text: UTF-8 or UTF-16 when it is that, else as Windows wrote it in western Europe."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise WorkbookError(f"there is no file {path}", _HINT) from None
    except IsADirectoryError:
        raise WorkbookError(f"{path} is a folder", _HINT) from None
    except OSError as error:
        raise WorkbookError(f"{path} cannot be read: {error.strerror or error}") from None
    if not data.strip():
        raise WorkbookError(f"{path.name} is empty", _HINT)
    for magic, what in _MAGIC:
        if data.startswith(magic):
            raise WorkbookError(f"{path.name} is {what}, not a CSV file", _HINT)
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return data.decode("utf-16", errors="replace")
    if b"\0" in data:
        raise WorkbookError(f"{path.name} is a binary file, not a CSV file", _HINT)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _frame(text: str, name: str) -> pl.DataFrame:
    """Read the text as columns of strings; nothing is taken for a number."""
    import polars as pl  # noqa: PLC0415 - a tenth of a second that no other command should wait for

    try:
        return pl.read_csv(
            io.BytesIO(text.encode()),
            separator=_separator(text),
            infer_schema=False,
        )
    except pl.exceptions.PolarsError as error:
        raise WorkbookError(
            f"{name} is no well-formed CSV file: {str(error).splitlines()[0]}",
            "A row may have more cells than there are headings, or a quote that is never closed. " + _HINT,
        ) from None


def _separator(text: str) -> str:
    """Find the separator: the one that cuts the line of headings into most pieces."""
    first = text[: text.find("\n")] if "\n" in text else text
    pieces = {mark: len(next(csv.reader([first], delimiter=mark), [])) for mark in _SEPARATORS}
    return max(pieces, key=lambda mark: pieces[mark])


def _listed(names: Sequence[str]) -> str:
    shown = [name.strip()[:40] for name in names[:8] if name.strip()]
    return ", ".join(shown) + (f" and {len(names) - 8} more" if len(names) > 8 else "")
