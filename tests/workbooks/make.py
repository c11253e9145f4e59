"""Makes the workbooks of this folder: `python -m tests.workbooks.make`.

Those written by hand, byte by byte, are kept beside this file, so that they can be opened and looked at. Those that
XlsxWriter and openpyxl write change with their versions: they are made for each run of the tests.
"""

from __future__ import annotations

from pathlib import Path

from tests.workbooks import (
    books_of_archives,
    books_of_cells,
    books_of_drawings,
    books_of_formulas,
    books_of_others,
    books_of_packages,
    books_of_sheets,
)

HERE = Path(__file__).parent
BY_HAND = {
    name if "." in name else f"{name}.xlsx": make
    for module in (
        books_of_cells,
        books_of_formulas,
        books_of_sheets,
        books_of_packages,
        books_of_drawings,
        books_of_archives,
    )
    for name, make in module.BOOKS.items()
}
BY_OTHERS = (*books_of_others.BY_XLSXWRITER, "by-openpyxl.xlsx", "huge.xlsx")
NAMES = (*BY_HAND, *BY_OTHERS)


def kept() -> list[Path]:
    """List the workbooks beside this file."""
    return sorted(path for path in HERE.iterdir() if path.suffix in {".xlsx", ".xlsm", ".xltx", ".xltm"})


def by_others(folder: Path) -> None:
    """Make those of XlsxWriter and openpyxl."""
    for name in books_of_others.BY_XLSXWRITER:
        books_of_others.by_xlsxwriter(folder / name, name)
    books_of_others.by_openpyxl(folder / "by-openpyxl.xlsx")
    books_of_others.huge(folder / "huge.xlsx")


if __name__ == "__main__":
    for old in kept():
        old.unlink()
    for file, content in BY_HAND.items():
        (HERE / file).write_bytes(content())
