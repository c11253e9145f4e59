"""A catalogue, its simulator and a journal, for looks at the service one after another."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from sync.journal import Journal
from sync.model import PRODUCT, Action, Inputs, Record, RecordKey, RemoteState, TextKey, TextUpdate, Wanted
from sync.run.looks import Habits
from sync.run.remote import remote_state
from sync.service import Service
from sync.simulator import DEFAULT_KEY, Simulator, create_app, read_faults
from sync.simulator.shelf import EDITED, GENERATED, Key, Text
from tests.asgi import AsgiTransport
from tests.run.world import Clock

if TYPE_CHECKING:
    from pathlib import Path

STORE, LANGUAGE = "shop", "en"
TYPES = ("page title", "excerpt")
ONLY = Habits(checked=0)
"""Nothing is looked at besides: what is found is found by what the service tells."""


def record(record_id: str, types: tuple[str, ...] = TYPES) -> Record:
    """Make a record that wants texts of some types."""
    return Record(
        RecordKey(STORE, PRODUCT, record_id, LANGUAGE),
        row=2,
        action=Action.DECIDE,
        inputs=Inputs(name=f"Stool {record_id}"),
        wanted=tuple(Wanted(one) for one in types),
        texts={},
    )


def text_key(record_id: str, text_type: str = TYPES[0]) -> TextKey:
    return TextKey(RecordKey(STORE, PRODUCT, record_id, LANGUAGE), text_type)


class Catalogue:
    """Records on the service, and looks at them over one connection. `requests` counts what the last look sent."""

    def __init__(self, folder: Path, count: int, *, types: tuple[str, ...] = TYPES, written: bool = True) -> None:
        self.clock = Clock()
        self.simulator = Simulator(clock=self.clock, seed=1, seconds_per_record=0.01)
        self.types = types
        self.ids = [f"{number:06}" for number in range(count)]
        self.records = [record(one, types) for one in self.ids]
        self.requests = 0
        self._stack = ExitStack()
        self.client = self.connect()
        self.client.sign_in()
        self.client.balance()
        self.journal = self._stack.enter_context(Journal(folder / "journal.sqlite3", self.client.identity))
        for one in self.ids if written else ():
            for text_type in types:
                self.make(one, text_type)
        self.clock.time += 3600

    def connect(self, key: str = DEFAULT_KEY) -> Service:
        """Make a client of its own."""
        transport = self._stack.enter_context(AsgiTransport(create_app(self.simulator, sleep=self._late)))
        return self._stack.enter_context(
            Service(
                "https://api.writetext.ai",
                key,
                transport=transport,
                sleep=self.clock.sleep,
                clock=self.clock,
                monotonic=self.clock,
            )
        )

    async def _late(self, seconds: float) -> None:
        self.clock.time += seconds

    def close(self) -> None:
        self._stack.close()

    # ------------------------------------------------------------------ what others do

    def make(self, record_id: str, text_type: str = TYPES[0], value: str = "") -> None:
        """Let the service have a new text."""
        shelf = self.simulator.shelf
        key = Key(PRODUCT, STORE, LANGUAGE, record_id, text_type)
        identity = f"t-{record_id}-{text_type}-{len(shelf.by_id)}"
        value = value or f"{text_type} of {record_id}, number {len(shelf.by_id)}"
        text = Text(identity, key, value, (value,), "", self.clock.time)
        shelf.put(text)
        shelf.act(text, GENERATED, self.clock.time, "someone@example.com", publish=False, reviewed=False)

    def edit(self, record_id: str, value: str, text_type: str = TYPES[0], *, told: bool = True) -> None:
        """Let a person change a text on the service's screen; one that is not `told` leaves no trace in the lists."""
        text = self.simulator.shelf.texts[Key(PRODUCT, STORE, LANGUAGE, record_id, text_type)][-1]
        text.value = value
        if told:
            self.simulator.shelf.act(text, EDITED, self.clock.time, "anna@example.com", publish=False, reviewed=False)

    def push(self, record_id: str, value: str) -> None:
        """Send words back as a run does."""
        key = Key(PRODUCT, STORE, LANGUAGE, record_id, TYPES[0])
        text = self.simulator.shelf.texts[key][-1]
        self.client.update_texts(text_key(record_id).record, [TextUpdate(TYPES[0], text.id, value)])

    def faults(self, spec: str) -> None:
        self.simulator.faults.set(read_faults(spec))

    # ------------------------------------------------------------------ looks

    def look(self, *, full: bool = False, habits: Habits = ONLY, client: Service | None = None) -> RemoteState:
        """Look, and count the requests."""
        service = client or self.client
        before = service.requests
        state = remote_state(service, self.records, str, self.journal.looks, full=full, habits=habits)
        self.requests = service.requests - before
        return state

    def truth(self) -> dict[TextKey, tuple[str, str]]:
        """Give what the service holds, without asking it."""
        found = {}
        for one in self.records:
            for wanted in one.wanted:
                key = Key(PRODUCT, STORE, LANGUAGE, one.key.record_id, wanted.text_type)
                for text in self.simulator.shelf.texts.get(key, [])[-1:]:
                    found[TextKey(one.key, wanted.text_type)] = (text.id, text.value)
        return found


def held(state: RemoteState) -> dict[TextKey, tuple[str, str]]:
    """Give what a look has found, to be compared with the truth."""
    return {key: (text.text_id, text.value) for key, text in state.texts.items()}
