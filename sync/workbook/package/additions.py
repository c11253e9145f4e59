"""Which of the sheets asked for are new, and which are written anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sync.workbook.package.looks import add_looks
from sync.workbook.package.registry import Registry
from sync.workbook.package.relations import sheet_list
from sync.workbook.package.replacement import Replacement, not_ours
from sync.workbook.package.sheets import Looks, SheetWriter

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from sync.workbook.package.archive import Entry
    from sync.workbook.package.container import Container
    from sync.workbook.package.elements import Parts
    from sync.workbook.package.sheets import NewSheet


class Additions(NamedTuple):
    """What makes the parts of the sheets."""

    added: list[tuple[Entry, SheetWriter]]
    replaced: list[Replacement]


def add(container: Container, parts: Parts, sheets: Collection[NewSheet], edited: Iterable[str]) -> Additions:
    """Enter new sheets into the package's lists, and prepare the parts of all.

    WorkbookError when a name is taken by a sheet of the user's, or when the workbook lets no sheet be added. ValueError
    when a sheet is given twice, or is among those `edited`.
    """
    names = [name.casefold() for name in (*edited, *(sheet.name for sheet in sheets))]
    if len(set(names)) < len(names):
        raise ValueError("a sheet is given twice")
    known = {sheet.name.casefold(): sheet for sheet in container.sheets}
    replaced = [Replacement(container, known[key], one) for one in sheets if (key := one.name.casefold()) in known]
    new = [one for one in sheets if one.name.casefold() not in known]
    if not new:
        return Additions([], replaced)
    taken = {name.casefold() for name, _, _ in sheet_list(container.read(container.workbook_part))}
    for one in new:
        if one.name.casefold() in taken:  # by a sheet with nothing but a chart or a dialog
            raise not_ours(one.name)
    registry = Registry(container, parts)
    numbers = {number for one in new if one.headed for number in one.formats.values()}
    looks = add_looks(container, parts, numbers) if any(one.headed for one in new) else Looks()
    writers = [SheetWriter(one, registry.space, looks, viewed=registry.viewed) for one in new]
    added = list(zip(registry.enter(new), writers, strict=True))
    return Additions(added, replaced)
