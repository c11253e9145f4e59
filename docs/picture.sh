#!/bin/sh
# Makes docs/pictures/workbook.png: the Records sheet of a workbook after a run, without the columns of lesser interest.
# Needs LibreOffice (soffice), poppler (pdftoppm), the font Carlito, and wtsync itself (PYTHON=... names the interpreter).
set -eu

here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
cd "$here/.."

"${PYTHON:-python}" - "$work/workbook.xlsx" <<'PYTHON'
import sys
from pathlib import Path

from openpyxl import load_workbook

from sync.workbook.layout import HEADINGS, RECORDS
from sync.workbook.template import ProductTable, make
from sync.workbook.template_rows import attribute_column, known_column

path = Path(sys.argv[1])
known = {heading.field: heading for heading in HEADINGS}
fields = ("action", "record_id", "name", "tones", "Material", "Colour", "page title", "page description",
          "product description", "status", "updated", "credits")
when = "2026-03-02 06:14"
rows = (
    ("", "linen-shirt-sand", "Linen Shirt Lagos", "", "Washed linen", "Sand; Ink", "Linen Shirt Lagos in Sand and Ink",
     "A washed linen shirt that stays cool from the first coffee to the last train.",
     "Lagos is cut from washed linen that breathes when the day does not. Corozo buttons, a soft collar and a "
     "straight hem make it a shirt for the office and for the evening after it.", "Done", when, "3"),
    ("", "oak-stool-40", "Oak Stool Ida", "", "Solid oak", "Natural", "Oak Stool Ida, 40 cm, solid oak",
     "Three legs, one piece of oak for the seat, and a place in every room.",
     "Ida stands on three legs and never wobbles. The seat is turned from one piece of oak and oiled by hand, so "
     "that every stool has a grain of its own.", "Done", when, "3"),
    ("", "wool-throw-gingham", "Wool Throw Elin", "Friendly", "Lambswool", "Moss; Cream", "Wool Throw Elin in gingham",
     "Soft lambswool in a quiet check, woven for long evenings.",
     "Pull Elin over your knees and the evening can be as long as it likes. Lambswool keeps warm without weight, "
     "and the gingham goes with the sofa you already have.", "Done", when, "3"),
    ("Regenerate", "glass-carafe-1l", "Carafe Nord", "Confident", "Borosilicate glass", "Clear",
     "Carafe Nord, one litre, mouth-blown", "Mouth-blown glass for water, juice or a small bunch of tulips.",
     "Nord is blown by mouth, which you see in the light and feel in the hand. One litre, dishwasher safe.",
     "Being made", "", ""),
    ("", "beeswax-candle-3", "Candles Trio", "", "Beeswax", "Honey", "", "", "", "", "", ""),
    ("Skip", "gift-card", "Gift Card", "", "", "", "", "", "", "", "", ""),
    ("", "cotton-tote", "Tote Market", "Witty", "Organic cotton", "Ecru", "Tote Market, organic cotton",
     "Carries more than it looks like, and looks better than it has to.",
     "Twelve apples, two bottles, one baguette: Market takes them all and folds flat afterwards.", "Done", when, "3"),
)
columns = tuple(known_column(known[f]) if f in known else attribute_column(f, [r[i] for r in rows]) for i, f in enumerate(fields))
make(path, workbook_id="", rows=ProductTable("Shopify", "export.csv", columns, rows))

book = load_workbook(path)
for sheet in book:
    sheet.sheet_state = "visible" if sheet.title == RECORDS else "hidden"
sheet = book[RECORDS]
book.active = sheet
shown = {column.name for column in columns}
for cell in sheet[1]:
    cell.comment = None
    sheet.column_dimensions[cell.column_letter].hidden = cell.value not in shown
sheet.page_setup.fitToWidth = 1
sheet.oddFooter.left.text = sheet.oddFooter.center.text = sheet.oddFooter.right.text = None
sheet.print_title_cols = None
book.save(path)
PYTHON

mkdir -p "$here/pictures"
soffice "-env:UserInstallation=file://$work/profile" --headless --convert-to pdf --outdir "$work" "$work/workbook.xlsx" \
    >/dev/null 2>&1
pdftoppm -png -singlefile -r "${DPI:-130}" -x 40 -y 55 -W 2070 -H "${HEIGHT:-640}" "$work/workbook.pdf" "$here/pictures/workbook"
ls -l "$here/pictures/workbook.png"
