"""The texts that exist, and everything that was done to each of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

GENERATED, EDITED, REVIEWED, TRANSFERRED = "Generated", "Edited", "Reviewed", "Transferred"
STATUSES = (GENERATED, EDITED, REVIEWED, TRANSFERRED)


class Key(NamedTuple):
    """What a text is of: one text type of one record, in one store and language."""

    type: str
    store_id: str
    language: str
    record_id: str
    field: str


@dataclass(frozen=True, slots=True)
class Action:
    """Something done to a text. `number` counts all actions from 1; `time` in seconds since the epoch."""

    number: int
    time: float
    action: str
    value: str
    editor: str
    publish: bool
    reviewed: bool


@dataclass(slots=True)
class Text:
    """One generated text: its present value, the alternatives, and its actions, oldest first."""

    id: str
    key: Key
    value: str
    outputs: tuple[str, ...]
    request_id: str
    time: float
    actions: list[Action] = field(default_factory=list)


@dataclass
class Shelf:
    """All texts by key (oldest first), by id, and all actions in order."""

    texts: dict[Key, list[Text]] = field(default_factory=dict)
    by_id: dict[str, Text] = field(default_factory=dict)
    by_record: dict[tuple[str, str], list[Key]] = field(default_factory=dict)
    actions: list[tuple[Action, Text]] = field(default_factory=list)
    archived: set[tuple[str, str]] = field(default_factory=set)
    values: set[tuple[str, str]] = field(default_factory=set)

    def put(self, text: Text) -> None:
        """Place a text that is newer than all others of its key."""
        if text.key not in self.texts:
            self.texts[text.key] = []
            self.by_record.setdefault((text.key.type, text.key.record_id), []).append(text.key)
        self.texts[text.key].append(text)
        self.by_id[text.id] = text
        self.archived.discard((text.key.type, text.key.record_id))  # assumed
        self.values.update((text.key.field, output) for output in text.outputs)

    def act(self, text: Text, action: str, time: float, editor: str, *, publish: bool, reviewed: bool) -> None:
        """Note that something was done to a text."""
        number = len(self.actions) + 1
        done = Action(number, time, action, text.value, editor, publish, reviewed)
        text.actions.append(done)
        self.actions.append((done, text))

    def generations(self, key: Key) -> int:
        """Return how many texts exist for a key."""
        return len(self.texts.get(key, ()))
