"""Plans that a run has begun, signed or approved row by row: what its first part has brought about has not moved them.

Keywords that such a plan has found stand in cells now, and shape texts. The texts that were signed along with them are
made all the same; those that nobody signed, and searches that were paid for already, are left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.cli.console import say
from sync.model import KEYWORDS, Kind

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from typing import Any

    from sync.cli.wiring import Checked
    from sync.journal import Journal
    from sync.model import Plan, RecordKey, TextKey

SIGN_ANEW = "make and sign a new plan"


def former_inputs(seen: Checked, journal: Journal, looked_for: Collection[RecordKey]) -> dict[TextKey, str]:
    """Give the digests that texts had before the keywords of their records, or of what an image shows, were found."""
    from sync.keywording import uninformed
    from sync.model import TextKey
    from sync.records import input_digests

    if not looked_for:
        return {}
    found = {key: item for key, item in journal.texts.keywords().items() if key in looked_for}
    former: dict[TextKey, str] = {}
    for record in seen.workbook.records:
        item = found.get(record.shown or record.key)
        if item is not None:
            digests = input_digests(uninformed(record, item))
            former |= {TextKey(record.key, text_type): digest for text_type, digest in digests.items()}
    return former


def rest_of(plan: Plan, signed: Mapping[str, Any], journal: Journal) -> Plan:
    """Leave out of the plan that goes on with a signed one what nobody has signed, and what was paid for already."""
    from sync.planfile import following, searched

    began = journal.batches.began(signed["digest"])
    if began is None:
        return plan
    plan = without(plan, following(plan, signed))
    return without_paid(plan, dict.fromkeys(searched(signed), began), journal, SIGN_ANEW)


def without_paid(plan: Plan, begun: Mapping[RecordKey, int], journal: Journal, anew: str) -> Plan:
    """Leave out searches for keywords that were ordered and ended since a run of the plan began, and say so.

    `begun` are the records whose keywords the plan looks for, each with the number of the last batch from before that.
    A search that failed is one, and one that was taken for lost: it may be paid for again, but not by the same yes.
    `anew` says how another is given.
    """
    asked = {change.key.record for change in plan.changes if change.kind is Kind.KEYWORDS} & begun.keys()
    searched = journal.optimizations.searched() if asked else {}
    paid = {key for key in asked if key in searched and searched[key].batch > begun[key]}
    for key in sorted(paid):
        say(
            f"wtsync: the keywords of {key.record_id} were looked for under this plan already, and are not paid for"
            f" again. For another try, {anew}."
        )
    return without(plan, {one.key for one in plan.changes if one.key.record in paid and one.key.text_type == KEYWORDS})


def without(plan: Plan, left: Collection[TextKey]) -> Plan:
    """Leave some texts out of a plan."""
    from sync.approval import narrowed

    return narrowed(plan, {change.key for change in plan.changes} - {*left}) if left else plan
