"""Tells orders of texts what was found since they were planned: the keywords of their records."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sync.keywording import informed, waits_for_keywords
from sync.model import Origin, TextKey

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sync.attempt import GenerateRequest
    from sync.model import Change, Record, RecordKey
    from sync.run.order import Draft, Order
    from sync.run.ports import Session

WAITS = "the keywords are not here yet; run again, and the texts are made with them"


@dataclass(frozen=True, slots=True)
class Found:
    """What is known of keywords once they were looked for."""

    records: Mapping[RecordKey, Record] = field(default_factory=dict)
    """Records that have keywords now which no cell of the workbook holds yet, and images of such."""
    waiting: frozenset[RecordKey] = frozenset()
    """Records whose keywords are still to come, or could not be found, and images of such: their texts wait."""

    def late(self, draft: Draft) -> frozenset[str]:
        """Give the records of a draft whose texts wait."""
        if not self.waiting:
            return frozenset()
        return frozenset(one.key.record.record_id for one in draft.changes if one.key.record in self.waiting)

    def told(self, session: Session, number: int, order: Order[GenerateRequest]) -> Order[GenerateRequest]:
        """Put the keywords into an order that was not sent yet, and into what the journal knows of its inputs."""
        of_order = {item.key.record.record_id: item.key.record for item in order.batch.items}
        known = {one: self.records[key] for one, key in of_order.items() if key in self.records}
        if not known:
            return order
        digests = {
            TextKey(of_order[one], text_type): digest
            for one, record in known.items()
            for text_type, digest in session.digests(record).items()
        }
        items = tuple(
            replace(item, input_digest=digests.get(item.key, item.input_digest)) for item in order.batch.items
        )
        session.journal.batches.inform(number, {item.key: item.input_digest for item in items})
        records = tuple(
            replace(one, inputs=known[one.record_id].inputs) if one.record_id in known else one
            for one in order.request.records
        )
        return replace(order, batch=replace(order.batch, items=items), request=replace(order.request, records=records))


def found(session: Session, changes: Iterable[Change]) -> Found:
    """Look up in the journal which keywords have come; `changes` are all that a plan says of the records."""
    here = {
        item.key.record: item.value for item in session.journal.texts.deliveries() if item.origin is Origin.KEYWORDS
    }
    late = frozenset(waits_for_keywords(changes)) - here.keys()
    if not (here or late):
        return Found()
    records = session.records.values()
    return Found(
        {one.key: informed(one, here[of]) for one in records if (of := one.shown or one.key) in here},
        late | {one.key for one in records if one.shown in late},
    )
