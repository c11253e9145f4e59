"""Doing the work on one record: its texts are written, put on the shelf and charged in the same moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.simulator.account import Charge
from sync.simulator.catalogue import price
from sync.simulator.compose import compose
from sync.simulator.imaging import write_alts
from sync.simulator.shelf import GENERATED, Key, Shelf, Text
from sync.simulator.wire import words

if TYPE_CHECKING:
    from sync.simulator.orders import Order, Record, Wanted
    from sync.simulator.service import Simulator
    from sync.simulator.work import Item

MOST_TRIES = 40


def write(simulator: Simulator, item: Item, now: float) -> list[Text]:
    """Write and charge the texts of one record; a failed record has none and costs nothing (assumed).

    Alternatives of one text are not charged extra (assumed).
    """
    if item.fails:
        return []
    order, record, shelf = item.request.order, item.record, simulator.shelf
    written = []
    for wanted in record.wanted:
        key = Key(order.type, order.store_id, order.language, record.id, wanted.field)
        outputs = ("",) if item.empty else _outputs(shelf, order, record, wanted, seed=simulator.seed)
        value = outputs[0] if order.queue or record.autoselect else ""
        request_id = item.request.id if order.queue else ""
        text = Text(simulator.identity("text"), key, value, outputs, request_id, now)
        shelf.put(text)
        shelf.act(text, GENERATED, now, simulator.user, publish=False, reviewed=False)
        cost = price(wanted.field, words(outputs[0]), wanted.imitated)
        simulator.account.charge(Charge(text.id, request_id, *key, cost, now))
        written.append(text)
    write_alts(simulator, item, now)
    return written


def _outputs(shelf: Shelf, order: Order, record: Record, wanted: Wanted, *, seed: int) -> tuple[str, ...]:
    """Compose as many alternatives as asked for, none of which any record has had before."""
    key = Key(order.type, order.store_id, order.language, record.id, wanted.field)
    first = salt = shelf.generations(key) * record.options
    outputs: list[str] = []
    while len(outputs) < record.options:
        text = compose(order, record, wanted, seed=seed, salt=salt)
        salt += 1
        known = text in outputs or (wanted.field, text) in shelf.values
        if not known or salt > first + MOST_TRIES:
            outputs.append(text)
    return tuple(outputs)
