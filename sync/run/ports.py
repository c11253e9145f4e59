"""What a run needs from outside, as Protocols: the service, a place to remember, the time.

`sync.service.Service` and `sync.journal.Journal` fit; so may anything else that keeps the same promises.
"""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from sync.model import PriceList

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

    from sync.attempt import Attempt, GenerateRequest
    from sync.batch import Baseline, Batch, BatchState, Duplicate, ItemState, RunInfo
    from sync.model import (
        Address,
        Balance,
        Base,
        Delivery,
        Image,
        KeywordResult,
        Look,
        Lost,
        Optimization,
        OptimizationOrder,
        Picture,
        Record,
        RecordKey,
        RemoteText,
        RequestDetails,
        TextKey,
        TextUpdate,
        Upload,
        Uploaded,
    )
    from sync.run.events import Event


class Told(Protocol):
    """One row of what was done to texts."""

    @property
    def record_id(self) -> str: ...
    @property
    def text_type(self) -> str: ...
    @property
    def date(self) -> float | None:
        """Seconds since 1970, UTC, by the service's clock."""


class Images(Protocol):
    """The calls about images themselves; their alt texts are read, ordered and updated as other texts are."""

    def upload(self, image: Upload) -> Image:
        """Give the service an image; doing it twice changes nothing more."""


class Keywords(Protocol):
    """The calls about keyword optimizations. Only `start` costs credits."""

    def start(self, order: OptimizationOrder, *, before_send: Callable[[], None] | None = None) -> Attempt:
        """Start one, once; `before_send` is called last, and nothing is sent if it raises."""

    def body_sha256(self, order: OptimizationOrder) -> str:
        """Hash the bytes that an order will send."""

    def optimizations(
        self, type_: str, store: str, language: str, record_ids: Sequence[str] = ()
    ) -> Iterator[tuple[Optimization, ...]]:
        """Yield pages of how far the optimizations of some records are; those that have none are left out."""

    def result(self, key: RecordKey) -> KeywordResult | None:
        """Read what one has found; None: nothing."""


class Service(Protocol):
    """The calls of the service that a run makes. Only `generate`, and `keywords.start`, cost credits."""

    @property
    def keywords(self) -> Keywords: ...

    @property
    def server_time_offset(self) -> float | None:
        """Seconds by which the service's clock is ahead of ours; None when nothing is known."""

    @property
    def server_time(self) -> float | None:
        """The service's clock at its latest answer; None where that did not say."""

    @property
    def quickest(self) -> float | None:
        """How often the simulator lets itself be looked at, in seconds between looks; None from the service itself."""

    @property
    def account(self) -> str:
        """A name for the account, by which it is known again."""

    @property
    def images(self) -> Images:
        """The calls about images."""

    def generate(self, request: GenerateRequest, *, before_send: Callable[[], None] | None = None) -> Attempt:
        """Send one order, once; `before_send` is called last, and nothing is sent if it raises."""

    def body_sha256(self, request: GenerateRequest) -> str:
        """Hash the bytes that an order will send."""

    def active_requests(self) -> tuple[RequestDetails, ...]:
        """List the requests that are pending or running."""

    def request(self, request_id: str) -> RequestDetails:
        """Look at one request; raises NotFound."""

    def cancel(self, request_id: str) -> None:
        """Ask for a request to be stopped; raises NotFound."""

    def texts(
        self,
        type_: str,
        store: str,
        language: str,
        record_ids: Sequence[str],
        text_types: Sequence[str],
        *,
        history: int = 1,
    ) -> list[RemoteText]:
        """Read the texts of records, up to `history` of a kind, the newest first; records without any are left out."""

    def status_pages(
        self, type_: str, *, store: str = "", language: str = "", start: float | None = None, page_size: int = 100
    ) -> Iterator[tuple[Told, ...]]:
        """Yield pages of what was last done to which text, from `start` on; raises where not all can be read."""

    def balance(self) -> Balance:
        """Read the account's credits."""

    def update_texts(self, record: RecordKey, updates: Sequence[TextUpdate]) -> None:
        """Store texts of one record, or mark them; doing it twice changes nothing more."""

    def archive(self, type_: str, record_ids: Sequence[str]) -> None:
        """Take records out of the service's active lists."""


class Batches(Protocol):
    """The sending side of the journal; see `sync.journal.batches` for the promises."""

    def begin_run(self, run: RunInfo, plan_digest: str) -> None: ...
    def end_run(self, run_id: str, state: str, balance_after: float | None) -> None: ...
    def plan(self, batches: Iterable[Batch]) -> list[int]: ...
    def drop(self, numbers: Iterable[int], to: BatchState, reason: str) -> None: ...
    def intend(self, number: int, baseline: Baseline, body_sha256: str) -> None: ...
    def move(self, number: int, to: BatchState, *, request_id: str | None = None, reason: str = "") -> None: ...
    def inform(self, number: int, digests: Mapping[TextKey, str]) -> None: ...
    def batch(self, number: int) -> Batch | None: ...
    def batches(self, states: Collection[BatchState] = ()) -> list[Batch]: ...

    def runs_of(self, states: Collection[BatchState]) -> dict[int, str]: ...
    def open(self) -> list[Batch]: ...
    def open_count(self) -> int: ...
    def unknown(self) -> list[Batch]: ...
    def request_ids(self) -> set[str]: ...
    def asked_to_cancel(self) -> Sequence[tuple[int, str]]: ...
    def cancel_asked(self, number: int) -> None: ...


class Doubts(Protocol):
    """What the user gave up, in the journal."""

    def given_up(self) -> list[Batch]: ...
    def lost(self) -> Mapping[TextKey, Lost]: ...
    def seen(self, key: TextKey) -> set[str]: ...
    def made_since(self, number: int, keys: Collection[TextKey]) -> Mapping[TextKey, str]: ...
    def note_duplicates(self, duplicates: Iterable[Duplicate]) -> None: ...
    def duplicates(self) -> list[Duplicate]: ...


class Texts(Protocol):
    """The receiving side of the journal."""

    def deliveries(self) -> Sequence[Delivery]: ...

    def agree(self, bases: Iterable[tuple[TextKey, Base]]) -> None: ...


class Looks(Protocol):
    """What the service held at the last look, in the journal."""

    def known(self, account: str, address: Address) -> Look | None: ...
    def remember(self, account: str, address: Address, look: Look, gone: Iterable[str] | None = None) -> None: ...
    def forget(self, address: Address) -> None: ...
    def look_again(self, records: Iterable[RecordKey]) -> None: ...
    def in_doubt(self) -> set[RecordKey]: ...


class Uploads(Protocol):
    """Which images were uploaded, in the journal."""

    def known(self, store: str, image_id: str) -> Uploaded | None: ...
    def remember(self, store: str, image_id: str, uploaded: Uploaded) -> None: ...
    def forget(self, images: Iterable[tuple[str, str]]) -> None: ...


class Journal(Protocol):
    """A place to remember, on disk before anything depends on it."""

    @property
    def batches(self) -> Batches: ...
    @property
    def texts(self) -> Texts: ...
    @property
    def doubts(self) -> Doubts: ...
    @property
    def looks(self) -> Looks: ...
    @property
    def uploads(self) -> Uploads: ...
    def transaction(self) -> AbstractContextManager[None]: ...
    def collect(
        self,
        batch_id: int,
        texts: Iterable[RemoteText],
        deliveries: Iterable[Delivery],
        outcomes: Iterable[tuple[TextKey, ItemState, str, str]],
        charged: Mapping[TextKey, float] | None = None,
    ) -> None: ...
    def optimized(
        self, batch_id: int, result: KeywordResult, delivery: Delivery, charged: float, *, ended: bool = False
    ) -> None: ...
    def reopen(self, batch_id: int, request_id: str, keys: Iterable[TextKey]) -> None: ...
    def pull(self, texts: Iterable[RemoteText], deliveries: Iterable[Delivery]) -> None: ...
    def push(self, texts: Iterable[RemoteText], deliveries: Iterable[Delivery]) -> None: ...
    def end(
        self, batch_id: int, state: BatchState, outcomes: Iterable[tuple[TextKey, ItemState, str, str]]
    ) -> None: ...


class Clock(Protocol):
    """The time, and waiting."""

    def now(self) -> float:
        """Seconds since 1970, UTC."""

    def sleep(self, seconds: float) -> None:
        """Wait; may come back early when the user wants to stop."""


@dataclass(frozen=True, slots=True)
class Session:
    """Everything that a run works with.

    `as_cell` gives a text as a cell will hold it, `digests` the input digests of a record's texts by type. `stopping`
    says whether the user has asked to stop. `beat` leaves a
    sign of life. `spread` gives random numbers between 0 and 1.
    """

    service: Service
    journal: Journal
    clock: Clock
    run_id: str
    file: str = "FILE"
    """The workbook, as it has to be typed into a terminal."""
    records: Mapping[RecordKey, Record] = field(default_factory=dict)
    prices: PriceList = field(default_factory=PriceList)
    as_cell: Callable[[str], str] = str
    digests: Callable[[Record], Mapping[str, str]] = lambda _: {}
    stopping: Callable[[], bool] = bool
    beat: Callable[[], None] = lambda: None
    spread: Callable[[], float] = lambda: 0.5
    exclusive: Callable[[], AbstractContextManager[bool]] = lambda: nullcontext(enter_result=True)
    """Keeps other wtsyncs of the same account from sending between the look before an order and its answer. False: the
    user asked to stop while another one was sending."""
    elsewhere: Callable[[], float] = float
    """Gives the credits that other runs of the account on this computer have cost at most since this one began."""
    tell: Callable[[Event], None] = lambda _: None
    """Says at once what cannot wait until the call that is under way has returned."""
    pictures: Mapping[tuple[str, str], Picture] = field(default_factory=dict)
    """The images that the workbook names, by store and id."""
    picture_data: Callable[[Picture], bytes] = lambda _: b""
    """Gives what is in the file of a picture; raises UsageError."""
    receipt: Callable[[Mapping[str, object]], None] = lambda _: None
    """Takes down what the journal could not, when its disk is full: somewhere else, and on the screen."""
