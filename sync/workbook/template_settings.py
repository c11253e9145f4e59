"""The Settings sheet of a new workbook: setting, value, what it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl.worksheet.datavalidation import DataValidation

from sync.model import TEXT_TYPES
from sync.workbook.layout import SETTINGS, SETTINGS_ROWS, SIZED_TEXTS, Role, setting_for, words_field
from sync.workbook.template_cells import A4, landscape, new_sheet, styled
from sync.workbook.template_rows import cleaned
from sync.workbook.template_styles import HEADER, INK, LINE, MIST, PAPER, QUIET, SAND, Look, style

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from openpyxl import Workbook

    from sync.workbook.layout import Setting
    from sync.workbook.template_lists import Lists

GROUPS = (
    ("What to write", ("store", "type", "language", "countries", "texts")),
    ("How it should sound", ("tones", "style", "audiences", "custom_tone", "custom_style", "custom_audience",
                             "formal_language", "special_instructions")),
    ("How long", tuple(words_field(text, end) for text in SIZED_TEXTS for end in ("min", "max"))),
    ("Which keywords", ("keywords_first", "keyword_country", "keyword_clusters", "flag_for_rewrite")),
    ("Your columns", ("not_sent", "column_names")),
    ("What a run may do", ("emptied_cell", "edited_cell", "changed_inputs", "budget", "budget_month",
                             "most_records")),
)  # fmt: skip
"""Settings that belong together, by field. A setting in none of them stands at the end."""

_AMOUNTS = frozenset({"budget", "budget_month"})
_LONG = frozenset({"special_instructions", "column_names"})


def values_of(given: Mapping[str, str]) -> dict[str, str]:
    """Give the value of every setting by field: what is given (by name, in any spelling, or field), or ours.

    Raises ValueError for a name that is no setting.
    """
    fields = {setting.field for setting in SETTINGS_ROWS}
    values = {setting.field: setting.value for setting in SETTINGS_ROWS}
    for name, value in given.items():
        known = setting_for(name)
        field = known.field if known else name
        if field not in fields:
            raise ValueError(f"there is no setting {name!r}")
        values[field] = value
    return values


def write_settings(book: Workbook, values: Mapping[str, str], lists: Lists) -> None:
    """Write the sheet; `values` are by field."""
    sheet = new_sheet(book, SETTINGS)
    sheet.sheet_properties.tabColor = HEADER[Role.INPUT]
    sheet.sheet_view.showGridLines = False
    sheet.freeze_panes = "A2"
    for letter, width in zip("ABC", (34, 34, 86), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.print_title_rows = "1:1"
    landscape(sheet, paper=A4, wide=1, high=1)

    heading = style(sheet, Look(color=PAPER, fill=HEADER[Role.IDENTITY], bold=True, vertical="center", indent=1))
    group = style(sheet, Look(color=HEADER[Role.IDENTITY], fill=MIST, size=12, bold=True, vertical="center", indent=1))
    name = style(sheet, Look(color=INK, bold=True, vertical="center", lines=LINE, indent=1))
    what = style(sheet, Look(color=QUIET, vertical="center", lines=LINE, wrap=True, indent=1))
    text = style(sheet, Look(fill=SAND, vertical="center", lines=LINE, wrap=True, indent=1, format="@"))
    number = style(sheet, Look(fill=SAND, vertical="center", lines=LINE, indent=1, format="0"))

    sheet.row_dimensions[1].height = 26
    sheet.append([styled(sheet, title, heading) for title in ("Setting", "Value", "What it does")])
    row = 1
    for title, settings in _grouped(_relevant(values["type"])):
        row += 1
        sheet.row_dimensions[row].height = 26
        sheet.append([styled(sheet, title, group), styled(sheet, None, group), styled(sheet, None, group)])
        for setting in settings:
            row += 1
            sheet.row_dimensions[row].height = 32 if setting.field in _LONG or len(setting.what) > 92 else 21
            value = cleaned(values[setting.field])
            shown: str | int = int(value) if value.isascii() and value.isdigit() and _is_number(setting) else value
            cells = (
                styled(sheet, setting.name, name),
                styled(sheet, shown, number if _is_number(setting) else text),
                styled(sheet, setting.what, what),
            )
            sheet.append(cells)
            if rule := _rule(setting, lists):
                rule.add(f"B{row}")
                sheet.data_validations.append(rule)


def _is_number(setting: Setting) -> bool:
    return setting.field in {*_AMOUNTS, "most_records", "keyword_clusters"} or setting.field.startswith("words_")


def _rule(setting: Setting, lists: Lists) -> DataValidation | None:
    """Make the check of a value: a dropdown, a number, or none."""
    if setting.choices in lists:
        return lists.dropdown(setting.choices)
    if not _is_number(setting):
        return None
    whole = setting.field not in _AMOUNTS
    what = "a whole number" if whole else "a number"
    rule = DataValidation(type="whole" if whole else "decimal", operator="greaterThanOrEqual", formula1="0")
    rule.allow_blank = True
    rule.showErrorMessage = True
    rule.errorTitle = "Not a number"
    rule.error = f"{setting.name} is {what}. Or leave the cell empty."
    return rule


def _relevant(record_type: str) -> dict[str, Setting]:
    """Give the settings by field, without the lengths of texts that this type of record does not have."""
    texts = TEXT_TYPES.get(record_type, ())
    foreign = {words_field(text, end) for text in SIZED_TEXTS if text not in texts for end in ("min", "max")}
    return {setting.field: setting for setting in SETTINGS_ROWS if setting.field not in foreign}


def _grouped(settings: dict[str, Setting]) -> Iterable[tuple[str, list[Setting]]]:
    for title, fields in GROUPS:
        if members := [settings.pop(field) for field in fields if field in settings]:
            yield title, members
    if settings:
        yield "More", list(settings.values())
