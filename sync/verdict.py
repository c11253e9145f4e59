"""The decision about one text, as the truth table gives it: the noun that `diff` and `pushes` share."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sync.model import Kind

EMPTY_TEXT = "the service made an empty text, and charged for it; choose Generate for a new one"
EMPTY_HERE = "the service's newest text is empty; the one here stays"


class Verdict(NamedTuple):
    """The decision about one text, before it is priced. `now` is what will stand there, where that is known."""

    kind: Kind
    reason: str
    now: str = ""
    text_id: str = ""
    request_id: str = ""
    instead_of: str | None = None
    """What the text takes the place of, where that is not simply what stands in the cell."""
    rewrite: bool = False
    reference: str = ""
    """The text of another record that is imitated; empty: none."""
