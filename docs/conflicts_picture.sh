#!/bin/sh
# Makes docs/pictures/conflicts.png: the sheet Conflicts after the second run of samples/conflict.
# Needs LibreOffice (soffice), poppler (pdftoppm), and wtsync itself (PYTHON=... names the interpreter).
set -eu

here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
cd "$here/.."
"${PYTHON:-python}" - "$work/story" <<'PYTHON'
import shutil
import sys
from pathlib import Path

from tests.samples.session import Player, play

folder, runs = Path(sys.argv[1]), 0
shutil.copytree("samples/conflict", folder)
with Player(folder) as player:
    for command, _ in play(player, (folder / "session.md").read_text(encoding="utf-8")):
        runs += command.words[:2] == ["wtsync", "run"]
        if runs == 2:
            break
PYTHON

"${PYTHON:-python}" - "$work/story/workbook.xlsx" "$work/shown.xlsx" <<'PYTHON'
import sys

from openpyxl import load_workbook
from openpyxl.worksheet.properties import PageSetupProperties

book = load_workbook(sys.argv[1], rich_text=True)
for sheet in book:
    sheet.sheet_state = "visible" if sheet.title == "Conflicts" else "hidden"
sheet = book["Conflicts"]
book.active = sheet
sheet.page_setup.orientation = "landscape"
sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
sheet.print_options.gridLines = sheet.print_options.headings = True
for row in range(1, sheet.max_row + 1):  # openpyxl fixes the height, and LibreOffice keeps to it
    sheet.row_dimensions[row].height = 32 if row == 1 else 66
book.save(sys.argv[2])
PYTHON

soffice "-env:UserInstallation=file://$work/profile" --headless --convert-to pdf --outdir "$work" "$work/shown.xlsx" \
    >/dev/null 2>&1
pdftoppm -png -singlefile -r "${DPI:-150}" -x 80 -y 90 -W "${WIDTH:-1480}" -H "${HEIGHT:-300}" "$work/shown.pdf" "$here/pictures/conflicts"
ls -l "$here/pictures/conflicts.png"
