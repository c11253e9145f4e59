"""What is about to be sent: a batch of the journal, and the request that it makes; and before that, a part of the plan.

Values, no behaviour.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sync.attempt import GenerateRequest
    from sync.batch import Batch
    from sync.model import Change, OptimizationOrder, TextKey


R_co = TypeVar("R_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Draft:
    """The changes that one order will carry out, record by record; the order is made of them when it is sent.

    Records that wait their turn cost the decisions about them, and no request.
    """

    changes: tuple[Change, ...]

    @property
    def records(self) -> frozenset[str]:
        """The ids of the records that it orders texts of."""
        return frozenset(change.key.record.record_id for change in self.changes)


@dataclass(frozen=True, slots=True)
class Order(Generic[R_co]):
    """A batch that has not been sent yet, and the request that it makes."""

    batch: Batch
    request: R_co
    seen: Mapping[TextKey, str] = field(default_factory=dict)
    """What the service had in place of the texts to be made, as cells hold it, when the plan was made."""


if TYPE_CHECKING:
    AnyOrder = Order[GenerateRequest | OptimizationOrder]
