#!/bin/sh
# Shows what a workbook looks like: render.sh WORKBOOK.xlsx FOLDER puts one PNG a printed page into FOLDER.
# Needs LibreOffice (soffice) and poppler (pdftoppm). DPI=150 sets the resolution.
set -eu

workbook=${1:?usage: render.sh WORKBOOK.xlsx FOLDER}
folder=${2:?usage: render.sh WORKBOOK.xlsx FOLDER}
name=$(basename "$workbook" .xlsx)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM

mkdir -p "$folder"
# A profile of its own, so that a LibreOffice that is open already does not take the job over.
soffice "-env:UserInstallation=file://$work/profile" --headless --convert-to pdf --outdir "$work" "$workbook" >/dev/null 2>&1
pdftoppm -png -r "${DPI:-90}" "$work/$name.pdf" "$folder/$name"
ls "$folder/$name"*.png
