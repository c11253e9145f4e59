#!/bin/sh
# Makes docs/pictures/workbook.png: the Records sheet after a real run of the demo, less some columns and most rows.
# Needs LibreOffice (soffice), poppler (pdftoppm), the font Carlito, and wtsync itself (PYTHON=... names the interpreter).
set -eu

here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
cd "$here/.."

"${PYTHON:-python}" -m sync demo --seconds-per-record 0.1 "$work/demo" 2>/dev/null

"${PYTHON:-python}" - "$work/demo/workbook.xlsx" "$work/workbook.xlsx" <<'PYTHON'
import sys

from openpyxl import load_workbook

SHOWN = {"Record ID", "Name", "Tones", "Material", "Colour", "Page title", "Page description", "Excerpt", "Status", "Message",
         "Credits"}
ROWS = {2, 4, 7, 11, 17, 25, 28}

book = load_workbook(sys.argv[1])
for sheet in book:
    sheet.sheet_state = "visible" if sheet.title == "Records" else "hidden"
sheet = book["Records"]
book.active = sheet
for cell in sheet[1]:
    cell.comment = None
    sheet.column_dimensions[cell.column_letter].hidden = cell.value not in SHOWN
for row in range(2, sheet.max_row + 1):
    sheet.row_dimensions[row].hidden = row not in ROWS
sheet.page_setup.fitToWidth = 1
sheet.oddFooter.left.text = sheet.oddFooter.center.text = sheet.oddFooter.right.text = None
sheet.print_title_cols = None
book.save(sys.argv[2])
PYTHON

mkdir -p "$here/pictures"
soffice "-env:UserInstallation=file://$work/profile" --headless --convert-to pdf --outdir "$work" "$work/workbook.xlsx" \
    >/dev/null 2>&1
pdftoppm -png -singlefile -r "${DPI:-130}" -x 40 -y 55 -W 2070 -H "${HEIGHT:-640}" "$work/workbook.pdf" "$here/pictures/workbook"
ls -l "$here/pictures/workbook.png"
