"""The values behind the dropdowns of a new workbook: the account's own, or those that the vendor documents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from sync.model import CATEGORY, IMAGE_ACTIONS, PRODUCT, Action, ChangedInputs, EditedCell, EmptiedCell
from sync.workbook.layout import LISTS, NO, YES
from sync.workbook.template_cells import new_sheet, styled
from sync.workbook.template_styles import Look, style

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from openpyxl import Workbook

    from sync.model import Choice, Reference

BUILT_IN_TONES = (
    "Blunt", "Confident", "Emotional", "Formal", "Friendly", "Informational", "Persuasive", "Professional", "Selling",
    "Technical", "Witty",
)  # fmt: skip
"""The tones that the service's documentation names; what an account offers may differ."""

STRICT = frozenset({"actions", "image actions", "types", "emptied", "changed", "yes or no"})
"""Lists that are ours: nothing else may be typed."""

SEVERAL = frozenset({"tones", "audiences"})
"""Lists of which several may be given, with commas."""


@dataclass(frozen=True, slots=True)
class Lists:
    """The values of each list by the name that `layout` calls it; a list without values has no dropdown."""

    values: Mapping[str, tuple[str, ...]]

    def __contains__(self, name: str) -> bool:
        """Tell whether the list has anything to choose from."""
        return bool(self.values.get(name))

    def dropdown(self, name: str) -> DataValidation:
        """Make the dropdown. It refuses other values only where a list is ours, and a single one is asked for."""
        strict = name in STRICT
        rule = DataValidation(type="list", formula1=_defined_name(name), allow_blank=True, showErrorMessage=strict)
        if strict:
            rule.errorTitle = "Not one of the list"
            rule.error = "Please take one of: " + ", ".join(self.values[name]) + ". Or leave the cell empty."
        return rule


def lists(reference: Reference | None) -> Lists:
    """Collect the lists, in the order of the account; without one, only the documented tones are known."""
    return Lists(
        {
            "actions": tuple(action.value for action in Action if action.value),
            "image actions": tuple(action.value for action in Action if action in IMAGE_ACTIONS),
            "types": (PRODUCT, CATEGORY),
            "tones": _names(reference.tones) if reference else BUILT_IN_TONES,
            "styles": _names(reference.styles) if reference else (),
            "audiences": _names(reference.audiences) if reference else (),
            "formal languages": _names(reference.formal_languages) if reference else (),
            "emptied": tuple(policy.value for policy in EmptiedCell),
            "edited": tuple(policy.value for policy in EditedCell),
            "changed": tuple(policy.value for policy in ChangedInputs),
            "yes or no": (NO, YES),
        },
    )


def write_lists(book: Workbook, known: Lists) -> None:
    """Write the hidden sheet, one list a column, and name each list's cells."""
    sheet = new_sheet(book, LISTS)
    sheet.sheet_state = "hidden"
    filled = [(name, values) for name, values in known.values.items() if values]
    heading, plain = style(sheet, Look(bold=True)), style(sheet, Look(format="@"))
    for column, (name, values) in enumerate(filled, start=1):
        letter = get_column_letter(column)
        sheet.column_dimensions[letter].width = 24
        area = f"{quote_sheetname(LISTS)}!${letter}$2:${letter}${len(values) + 1}"
        book.defined_names[_defined_name(name)] = DefinedName(_defined_name(name), attr_text=area)
    sheet.append([styled(sheet, name, heading) for name, _ in filled])
    for row in range(max(len(values) for _, values in filled)):
        sheet.append([styled(sheet, values[row], plain) if row < len(values) else None for _, values in filled])


def _names(choices: Sequence[Choice]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(choice.name for choice in choices if choice.name))


def _defined_name(name: str) -> str:
    return "list_" + name.replace(" ", "_")
