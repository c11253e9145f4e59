"""What became of every text, read from the journal: for the rows of the workbook, for receipts, for exit codes."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from sync.batch import ItemState, Outcome, Tally
from sync.journal.addresses import ADDRESS, Addresses
from sync.model import KEYWORDS, Origin

if TYPE_CHECKING:
    from collections.abc import Collection

    from sync.journal.database import Database
    from sync.model import TextKey

_STATES = {state.value: state for state in ItemState}
_STATE = "CASE WHEN item.state = 'open' AND batch.state IN ('intent', 'unknown') THEN 'unknown' ELSE item.state END"
"""Of a text that is open in a batch of which nobody can say, nobody can say either."""

_NEVER = Outcome()
"""Of a text that was never sent."""


def outcomes(database: Database, service: str) -> dict[TextKey, Outcome]:
    """Give the latest word about every text that was ever sent or fetched."""
    found: dict[TextKey, Outcome] = {}
    text = Addresses().text
    said: dict[Outcome, Outcome] = {}
    """The same is said of all the texts of a batch: it is kept once."""
    # SQLite takes the other columns of a group from the row that holds the max().
    for *place, at, spent, reason, state, _ in database.each(
        "SELECT item.store, item.type, record_id, item.language, text_type, changed_at, sum(item.credits),"
        f" coalesce(nullif(item.reason, ''), batch.reason), {_STATE}, max(item.batch_id)"
        " FROM item JOIN batch ON batch.id = item.batch_id"
        " WHERE item.service = ? GROUP BY item.store, item.type, record_id, item.language, text_type",
        (service,),
    ):
        outcome = Outcome(item=_STATES[state], reason=reason, at=at, credits=spent)
        found[text(*place)] = said.setdefault(outcome, outcome)
    for *place, state, origin, made_at, _ in database.each(
        f"SELECT {ADDRESS}, state, origin, made_at, max(id) FROM delivery WHERE service = ? GROUP BY {ADDRESS}",
        (service,),
    ):
        key = text(*place)
        known = found.get(key, _NEVER)
        at = max(known.at, made_at) if known.item is not ItemState.DONE else made_at
        outcome = Outcome(known.item, known.reason, state, origin, at, known.credits)
        found[key] = said.setdefault(outcome, outcome)
    return found


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
