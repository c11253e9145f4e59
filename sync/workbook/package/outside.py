"""What in a workbook reaches beyond it: links to other files, to programs, to data elsewhere, and macros.

None of it is ever followed or run, and its bytes stay as they are. It is only named, so that the user knows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sync.workbook.package.container import Container

_BOOKS, _PROGRAMS = "links to other workbooks", "links to other programs (DDE or OLE)"
_KINDS = {"connections": "connections to data elsewhere", "vbaProject": "macros", "xlMacrosheet": "macros"}
_PROGRAM = (b"ddeLink", b"oleLink")


def outside(container: Container) -> tuple[str, ...]:
    """Name what there is, in the plural and without doubles; NotAWorkbook where a list of parts cannot be read."""
    found: dict[str, None] = {}
    for relation in container.relations(container.workbook_part):
        if relation.kind == "externalLink":
            link = _text(container, relation.target)
            found[_PROGRAMS if any(name in link for name in _PROGRAM) else _BOOKS] = None
        elif relation.kind in _KINDS:
            found[_KINDS[relation.kind]] = None
    return tuple(found)


def _text(container: Container, part: str) -> bytes:
    """Give a part as UTF-8, whatever its encoding; nothing where it is not there."""
    return b"".join(block.raw for block in container.blocks(part)) if container.has(part) else b""
