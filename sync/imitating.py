"""Decides how a record imitates another one: with which text, and when its own is better left for later. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.estimate import longest_rewrite
from sync.model import Kind, TextKey, normal
from sync.verdict import Verdict

if TYPE_CHECKING:
    from sync.model import PriceList, Record, RemoteState


def imitated(verdict: Verdict, record: Record, text_type: str, remote: RemoteState, prices: PriceList) -> Verdict:
    """Give a text that is to be made the one that it imitates, or leave it, with the reason.

    What stands in the other row's cell counts; where that is empty, what the service holds. Nothing is made, and paid
    for, that would not be as the row asks. A text to be rewritten imitates nothing: the service takes only one.
    """
    other = record.inputs.reference_record
    if not other or verdict.kind is not Kind.GENERATE or verdict.rewrite:
        return verdict
    kinds, most = prices.rules.imitated, _most(text_type, prices)
    if kinds is not None and text_type not in kinds:
        return _left("the service does not imitate texts of this kind; empty Reference record to have it made")
    theirs = remote.texts.get(TextKey(record.key._replace(record_id=other), text_type))
    cell = record.patterns.get(text_type, "")
    pattern = cell if normal(cell) else theirs.value if theirs is not None else ""
    if not normal(pattern):
        return _left(f"{other}, which it is to imitate, has no such text yet; run again when it has")
    if len(pattern) > most:
        return _left(
            f"the text of {other} is too long to be imitated: {len(pattern):,} characters, and the service takes"
            f" {most:,}"
        )
    return verdict._replace(reference=pattern)


def _left(reason: str) -> Verdict:
    return Verdict(Kind.LEFT, reason)


def _most(text_type: str, prices: PriceList) -> int:
    """Give the characters of the longest text that can be imitated; 250 and 400 are the vendor's client's own."""
    rules = prices.rules
    kind = text_type.removeprefix("category ")
    if kind == "page title":
        return rules.max_reference_title_length or 250
    if kind == "page description":
        return rules.max_reference_description_length or 400
    return longest_rewrite(prices)
