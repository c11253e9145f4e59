"""What became of every text, read from the journal: for the rows of the workbook, for receipts, for exit codes."""

from __future__ import annotations

from collections import Counter, defaultdict
from heapq import merge
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from sync.batch import ItemState, Outcome, Tally
from sync.journal.addresses import ADDRESS, Addresses
from sync.model import KEYWORDS, Origin

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from sync.journal.database import Database
    from sync.model import TextKey

_STATES = {state.value: state for state in ItemState}
_STATE = "CASE WHEN item.state = 'open' AND batch.state IN ('intent', 'unknown') THEN 'unknown' ELSE item.state END"
"""Of a text that is open in a batch of which nobody can say, nobody can say either."""

_OF_ITEM = "item.store, item.type, record_id, item.language, text_type"

_NEVER = Outcome()
"""Of a text that was never sent."""


def each_outcome(database: Database, service: str) -> Iterator[tuple[TextKey, Outcome]]:
    """Give the latest word about every text that was ever sent or fetched, record by record.

    Records come in the order of their addresses; of each, what was sent before what only came from elsewhere: so are
    they named in its row. To be read to the end before anything is changed.
    """
    said: dict[Outcome, Outcome] = {}
    """The same is said of all the texts of a batch: it is kept once."""
    # SQLite takes the other columns of a group from the row that holds the max().
    sent = database.each(
        "SELECT item.store, item.type, record_id, item.language, text_type, 'sent', changed_at, sum(item.credits),"
        f" coalesce(nullif(item.reason, ''), batch.reason), {_STATE}, max(item.batch_id)"
        " FROM item JOIN batch ON batch.id = item.batch_id"
        f" WHERE item.service = ? GROUP BY {_OF_ITEM} ORDER BY {_OF_ITEM}",
        (service,),
    )
    brought = database.each(
        f"SELECT {ADDRESS}, 'brought', state, origin, made_at, max(id) FROM delivery"
        f" WHERE service = ? GROUP BY {ADDRESS} ORDER BY {ADDRESS}",
        (service,),
    )
    # Both come in the order of the addresses, which is the same here as there: that of their characters.
    every = merge(sent, brought, key=itemgetter(slice(5)))
    for (store, type_, record_id, language), of_record in groupby(every, key=itemgetter(slice(4))):
        text, only_brought = Addresses().text, []
        for text_type, rows in groupby(of_record, key=itemgetter(4)):
            outcome = _NEVER
            for row in rows:
                outcome = _sent(*row[6:10]) if row[5] == "sent" else _brought(outcome, *row[6:9])
            found = text(store, type_, record_id, language, text_type), said.setdefault(outcome, outcome)
            if outcome.item is None:
                only_brought.append(found)
            else:
                yield found
        yield from only_brought


def _sent(at: float, spent: float, reason: str, state: str) -> Outcome:
    return Outcome(item=_STATES[state], reason=reason, at=at, credits=spent)


def _brought(sent: Outcome, state: str, origin: str, made_at: float) -> Outcome:
    at = max(sent.at, made_at) if sent.item is not ItemState.DONE else made_at
    return Outcome(sent.item, sent.reason, state, origin, at, sent.credits)


_ADDRESSES = f"(latest.{ADDRESS.replace(', ', ', latest.')})"
_OVERTAKEN = (
    f"latest.state IN ('{ItemState.NOT_SENT}', '{ItemState.CANCELLED}', '{ItemState.FAILED}', '{ItemState.EMPTY}')"
    f" AND (EXISTS (SELECT 1 FROM item WHERE item.held = 1 AND item.service = ? AND ({ADDRESS}) = {_ADDRESSES})"
    " OR EXISTS (SELECT 1 FROM delivery JOIN run ON run.id = delivery.run_id"
    f" WHERE delivery.service = ? AND ({ADDRESS}) = {_ADDRESSES} AND run.started_at > latest.started_at"
    f" AND delivery.origin IN ('{Origin.GENERATED}', '{Origin.PULLED}', '{Origin.KEYWORDS}')))"
)
"""Of a text that an order did not bring: a later one is to bring it, or a later run has. It takes the service twice."""


def tally(database: Database, service: str, run_ids: Collection[str]) -> Tally:
    """Count how the texts of some runs stand: each text once, by its last item in those runs.

    What an older of them did not bring and a later run did, or is to bring, is left out: it is not missing any more.
    """
    marks = ", ".join("?" * len(run_ids))
    counts, searches = Counter[ItemState](), Counter[ItemState]()
    low, high = defaultdict[ItemState, float](float), defaultdict[ItemState, float](float)
    for row in database.rows(
        "SELECT state, text_type = ? AS search, count(*) AS n, sum(price_min) AS low, sum(price_max) AS high FROM ("
        f" SELECT {_STATE} AS state, item.price_min AS price_min, item.price_max AS price_max, run.started_at,"
        " item.store, item.type, item.record_id, item.language, item.text_type, max(item.batch_id)"
        " FROM item JOIN batch ON batch.id = item.batch_id JOIN run ON run.id = batch.run_id"
        f" WHERE item.service = ? AND batch.run_id IN ({marks})"
        " GROUP BY item.store, item.type, item.record_id, item.language, item.text_type) AS latest"
        f" WHERE NOT ({_OVERTAKEN}) GROUP BY state, search",
        (KEYWORDS, service, *run_ids, service, service),
    ):
        state = ItemState(row["state"])
        counts[state] += row["n"]
        low[state] += row["low"]
        high[state] += row["high"]
        if row["search"]:
            searches[state] = row["n"]
    spent = database.rows(
        "SELECT sum(item.credits) AS spent FROM item JOIN batch ON batch.id = item.batch_id"
        f" WHERE item.service = ? AND batch.run_id IN ({marks})",
        (service, *run_ids),
    )
    stopped = (ItemState.CANCELLED, ItemState.NOT_SENT)
    return Tally(
        total=counts.total(),
        searches=searches,
        done=counts[ItemState.DONE],
        failed=counts[ItemState.FAILED],
        empty=counts[ItemState.EMPTY],
        cancelled=counts[ItemState.CANCELLED],
        unknown=counts[ItemState.UNKNOWN],
        open=counts[ItemState.OPEN],
        not_sent=counts[ItemState.NOT_SENT],
        credits=spent[0]["spent"] or 0.0,
        stopped_min=sum(low[state] for state in stopped),
        stopped_max=sum(high[state] for state in stopped),
        unknown_max=high[ItemState.UNKNOWN],
    )
