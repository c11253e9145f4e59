#!/bin/sh
# Makes docs/pictures/season-images.png and season-keywords.png: two sheets as they stand in the story of samples/season.
# Needs LibreOffice (soffice), poppler (pdftoppm), and wtsync itself (PYTHON=... names the interpreter).
set -eu

here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
cd "$here/.."
"${PYTHON:-python}" - "$work" <<'PYTHON'
import shutil
import sys
from pathlib import Path

from tests.samples.session import Player, play

work = Path(sys.argv[1])
folder = work / "story"
shutil.copytree("samples/season", folder)
with Player(folder) as player:
    for command, _ in play(player, (folder / "session.md").read_text(encoding="utf-8")):
        if command.words[:2] == ["wtsync", "run"] and command.part.startswith("Texts"):
            shutil.copy(folder / "workbook.xlsx", work / "Images.xlsx")
        if command.words[:2] == ["wtsync", "keywords"] and command.part == "A month later":
            shutil.copy(folder / "workbook.xlsx", work / "Keywords.xlsx")
            break
PYTHON

picture() {  # of a sheet: its columns, its last row, the picture's name, and what is cut out of the page: x y width height
    "${PYTHON:-python}" - "$work/$1.xlsx" "$work/shown.xlsx" "$@" <<'PYTHON'
import sys

from openpyxl import load_workbook
from openpyxl.worksheet.properties import PageSetupProperties

source, target, name, columns, last = sys.argv[1:6]
book = load_workbook(source, rich_text=True)
for sheet in book:
    sheet.sheet_state = "visible" if sheet.title == name else "hidden"
sheet = book[name]
book.active = sheet
sheet.freeze_panes = None
for cell in sheet[1]:
    cell.comment = None
    sheet.column_dimensions[cell.column_letter].hidden = cell.value not in columns.split(", ")
sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
sheet.print_title_rows = sheet.print_title_cols = None
sheet.oddFooter.left.text = sheet.oddFooter.center.text = sheet.oddFooter.right.text = None
for row in range(1, int(last) + 1):  # openpyxl fixes the height, and LibreOffice keeps to it
    sheet.row_dimensions[row].height = 32
sheet.print_area = f"A1:{sheet.cell(int(last), sheet.max_column).coordinate}"
book.save(target)
PYTHON
    soffice "-env:UserInstallation=file://$work/profile" --headless --convert-to pdf --outdir "$work" \
        "$work/shown.xlsx" >/dev/null 2>&1
    pdftoppm -png -singlefile -r "${DPI:-150}" -x "$5" -y "$6" -W "$7" -H "$8" "$work/shown.pdf" "$here/pictures/$4"
    ls -l "$here/pictures/$4.png"
}
picture Images "Image ID, Record ID, URL or file, Alt text, Status" 9 season-images 40 60 1690 400
picture Keywords "Needs a person, Record ID, Name, Keyword, Search volume, Rank now, Rank before, Change, State, In current text?, Also targeted by" \
    20 season-keywords 60 70 1560 700
