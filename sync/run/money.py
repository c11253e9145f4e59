"""What a run may cost: what is at stake already, and when the next order would be too dear. Decides, sends nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sync.batch import ItemState
from sync.counts import counted, number

if TYPE_CHECKING:
    from sync.model import Price
    from sync.run.ports import Session

TOLERANCE = 1.05
"""A run stops sending when it has cost this many times what was approved."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What the user agreed to spend at most, the balance before the run, and what earlier runs may still cost."""

    approved: float
    balance: float | None
    earlier: float
    elsewhere: float = 0.0
    """What other runs of the account on this computer have been charged since, or may still be."""


def at_stake(session: Session) -> float:
    """Add up what the texts that are being made, or that nobody can say about, may cost."""
    batches = session.journal.batches
    items = [item for batch in (*batches.open(), *batches.unknown()) if not batch.found for item in batch.items]
    return sum(item.price.max for item in items if item.state in {ItemState.OPEN, ItemState.UNKNOWN})


def too_dear(price: Price, balance: float | None, allowance: Allowance) -> str:
    """Say why a batch must not go out for the sake of money, or nothing. `balance` is what the account has now."""
    if balance is None:
        return ""
    if balance < price.min:
        left = counted(balance, "credit")
        return f"the account has {left} left, and the next batch costs {number(price.min)} or more"
    spent = (allowance.balance or balance) - balance
    if spent > allowance.approved * TOLERANCE + allowance.earlier + allowance.elsewhere:
        return (
            f"the account has {counted(spent, 'credit')} less than before; approved: {number(allowance.approved)}"
            " (somebody else may be spending too)"
        )
    return ""
