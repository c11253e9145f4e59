"""Decides what Rewrite does: the service gets what stands in the cell, and is asked to write it better. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.estimate import longest_rewrite
from sync.model import Kind, normal, same
from sync.verdict import Verdict

if TYPE_CHECKING:
    from sync.model import PriceList, RemoteText


def rewritten(cell: str, text_type: str, theirs: RemoteText | None, prices: PriceList) -> Verdict:
    """Have what stands in the cell rewritten: a person's words as well as a text of ours."""
    kinds, most = prices.rules.rewritten, longest_rewrite(prices)
    if not normal(cell):
        return Verdict(Kind.LEFT, "the Action says Rewrite, but the cell is empty; choose Generate to have it made")
    if kinds is not None and text_type not in kinds:
        return Verdict(Kind.LEFT, "the Action says Rewrite, but the service does not rewrite texts of this kind")
    if len(cell) > most:
        return Verdict(
            Kind.LEFT, f"it is too long to be rewritten: {len(cell):,} characters, and the service takes {most:,}"
        )
    generated = theirs is not None and same(cell, theirs.value)
    text_id = theirs.text_id if generated and theirs else ""
    return Verdict(Kind.GENERATE, "the Action says Rewrite", text_id=text_id, rewrite=True)
