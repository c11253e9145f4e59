#!/bin/sh
# Makes docs/pictures/keywords.png: the sheet Keywords after two looks at what the simulated service has found.
# Needs LibreOffice (soffice), poppler (pdftoppm), and wtsync itself (PYTHON=... names the interpreter).
set -eu

here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'kill "$service" 2>/dev/null || true; rm -rf "$work"' EXIT INT TERM
cd "$here/.."
cp samples/conflict/workbook.xlsx "$work"
port=${PORT:-8772}
"${PYTHON:-python}" -m sync simulate --port "$port" >/dev/null 2>&1 &
service=$!
sleep 5
export WTSYNC_API_URL="http://127.0.0.1:$port" WTSYNC_API_KEY=sim-0000-local WTSYNC_STATE_DIR="$work/journal"

look() {  # with the ranks that are given, by keyword
    "${PYTHON:-python}" - "$work/workbook.xlsx" "$WTSYNC_API_URL" "$1" <<'PYTHON'
import json
import sys
from pathlib import Path

import httpx

from sync.records import to_workbook
from sync.workbook.read import read

for record in to_workbook(read(Path(sys.argv[1])), None).records[:3]:
    key = record.key
    given = {"type": key.type, "storeId": key.store, "languageCode": key.language, "recordId": key.record_id}
    ranks = {word: rank + len(record.inputs.name) % 5 for word, rank in json.loads(sys.argv[3]).items()}
    found = {**given, "name": "wooden stool", "seedKeywords": ["wooden stool"], "status": "Completed", "ranks": ranks}
    httpx.post(f"{sys.argv[2]}/_simulator/keywords", json=found, trust_env=False).raise_for_status()
PYTHON
    "${PYTHON:-python}" -m sync keywords "$work/workbook.xlsx"
}
look '{"wooden stool": 21, "wooden stool shop": 8, "buy wooden stool": 12, "best wooden stool": 30}'
look '{"wooden stool": 9, "wooden stool shop": 14, "buy wooden stool": 11, "best wooden stool": 30}'

"${PYTHON:-python}" - "$work/workbook.xlsx" "$work/shown.xlsx" <<'PYTHON'
import sys

from openpyxl import load_workbook
from openpyxl.worksheet.properties import PageSetupProperties

book = load_workbook(sys.argv[1], rich_text=True)
for sheet in book:
    sheet.sheet_state = "visible" if sheet.title == "Keywords" else "hidden"
sheet = book["Keywords"]
book.active = sheet
sheet.delete_cols(17, 9)
sheet.page_setup.orientation = "landscape"
sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
sheet.print_options.gridLines = sheet.print_options.headings = True
for row in range(1, sheet.max_row + 1):  # openpyxl fixes the height, and LibreOffice keeps to it
    sheet.row_dimensions[row].height = 32
sheet.print_area = "A1:P18"
book.save(sys.argv[2])
PYTHON

soffice "-env:UserInstallation=file://$work/profile" --headless --convert-to pdf --outdir "$work" "$work/shown.xlsx" \
    >/dev/null 2>&1
pdftoppm -png -singlefile -r "${DPI:-170}" -x 90 -y 100 -W "${WIDTH:-1690}" -H "${HEIGHT:-560}" "$work/shown.pdf" "$here/pictures/keywords"
ls -l "$here/pictures/keywords.png"
