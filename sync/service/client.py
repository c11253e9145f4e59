"""The client: one method a call, our nouns in and out.

It talks to one account over one `Line`, is not shared between threads, and decides nothing: what an answer means
for a run is the run's business. Apart from `generate`, every method raises a ServiceError when it cannot answer.
"""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from sync.errors import NotFound, Rejected, UsageError
from sync.model import IMAGE
from sync.service import alt_texts, body, generation, results, wire
from sync.service.hosts import check_api, is_loopback
from sync.service.images import Images
from sync.service.keywords import Keywords
from sync.service.probing import probes
from sync.service.reference import Lists
from sync.service.reviews import Reviews
from sync.service.secret import Secret
from sync.service.session import Session
from sync.service.signin import SignIn
from sync.service.suggestions import Suggesting
from sync.service.templates import Templates
from sync.service.texts import TextReader, pages, status_query
from sync.service.transport import Line
from sync.service.web import Web

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, MutableMapping, Sequence
    from types import TracebackType

    import httpx

    from sync.attempt import Attempt, GenerateRequest
    from sync.model import Balance, Probe, RecordKey, Reference, RemoteText, RequestDetails, TextUpdate
    from sync.service.message import Patience
    from sync.service.probing import Place
    from sync.service.reference import Cached
    from sync.service.rows import HistoryRow, StatusRow
    from sync.service.traffic import Traffic

_NOT_ENOUGH = frozenset({400, 402, 403, 422})


class Service:
    """The WriteText.ai service, or the simulator, as one account sees it.

    Nothing is sent before the first call, which signs in. `transport` stands in for the network; `sleep`, `clock`
    (seconds since 1970), `monotonic` and `dice` for the machine. `cache` keeps the lists between processes, and
    for `lists_for` seconds they are not asked for again.
    A read is tried `attempts` times at most, each with `patience`. `assumed_deletes` allows calls that delete something
    through an address that nobody has seen.
    Raises UsageError for an address that may not be used, NotSignedIn for a key that cannot be one.
    """

    def __init__(
        self,
        api_url: str,
        api_key: str | Secret,
        *,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
        dice: random.Random | None = None,
        cache: MutableMapping[str, Cached] | None = None,
        lists_for: float = 0.0,
        attempts: int = 6,
        patience: Patience | None = None,
        assumed_deletes: bool = False,
    ) -> None:
        api = check_api(api_url)
        self._line = Line(
            sleep=sleep,
            clock=clock,
            dice=dice or random.Random(),  # noqa: S311 - spreads retries, guards nothing
            transport=transport,
            environment=not is_loopback(urlsplit(api).hostname or ""),
            attempts=attempts,
            patience=patience,
        )
        key = api_key if isinstance(api_key, Secret) else Secret(api_key.strip())
        self._sign_in = SignIn(self._line, api, key, clock=clock, monotonic=monotonic)
        self._session = Session(self._line, self._sign_in, assumed_deletes=assumed_deletes)
        self._lists = Lists(self._session, {} if cache is None else cache, clock=clock, trusted=lists_for)
        self._texts = TextReader(self._session)
        self.images = Images(self._session, local=is_loopback(urlsplit(api).hostname or ""))
        """Looking at images, uploading them, and their alt texts."""
        self.reviews = Reviews(self._session)
        """Editors' requests for change."""
        self.suggestions = Suggesting(self._session)
        """Audiences and keywords that the service thinks of."""
        self.templates = Templates(self._session)
        """Templates of texts; everything about them is assumed."""
        self.web = Web(self._session, monotonic)
        """What only the vendor's plugin was seen to call."""
        self.keywords = Keywords(self._session)
        """Keyword optimizations, pipelines, triggers, snapshots, and keywords that people typed."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Service({self.identity!r})"

    def close(self) -> None:
        """Close what connections are open."""
        self._line.close()

    # About the service

    @property
    def identity(self) -> str:
        """`simulator` and which one, or the host that answers; before the first sign-in, the host of the API."""
        return f"simulator {self._line.instance}".rstrip() if self.simulated else urlsplit(self._sign_in.region).netloc

    @property
    def simulated(self) -> bool:
        """Whether an answer so far came from the simulator."""
        return self._line.simulated

    @property
    def requests(self) -> int:
        """How many HTTP requests were sent, sign-ins and repeated reads included."""
        return self._line.traffic.requests

    @property
    def traffic(self) -> Traffic:
        """What went over the line so far."""
        return self._line.traffic

    @property
    def lists_age(self) -> float | None:
        """Seconds since the oldest of the lists came that was not asked for again; None where all were asked for."""
        return self._lists.age

    @property
    def server_time_offset(self) -> float | None:
        """Seconds by which the service's clock was ahead of ours at the latest answer; None before one."""
        return self._line.offset

    @property
    def server_time(self) -> float | None:
        """The service's clock at the latest answer, in seconds since 1970; None where that answer did not say."""
        return self._line.date

    @property
    def quickest(self) -> float | None:
        """How often the simulator lets itself be looked at, in seconds between looks; None from the service itself."""
        return self._line.quickest

    @property
    def account(self) -> str:
        """A name for the account behind the key: the same for the same key, and no way back to it."""
        return self._sign_in.account

    def sign_in(self) -> None:
        """Sign in now, unless a good token is at hand. Raises NotSignedIn when the key is not taken."""
        self._sign_in.token()

    def token_time(self) -> float | None:
        """Return the service's clock in seconds since 1970, UTC; None when its answer holds no time."""
        return wire.clock(self._session.get_json("token-time", "a time"))

    def probe(self, place: Place) -> Iterator[Probe]:
        """Call every free read once and compare its answer with what we take it to be. Raises NotSignedIn."""
        return probes(self._session, place)

    # Credits

    def balance(self) -> Balance:
        """Return the account's credits."""
        return wire.balance(self._session.get_json("credit", "the account's credits"))

    def is_available(self, credits_needed: float) -> bool:
        """Ask whether so many credits could be spent now."""
        try:
            answer = self._session.get("credit-available", path_id=f"{credits_needed:.10g}")
        except NotFound:
            raise
        except Rejected as error:
            if error.status in _NOT_ENOUGH:
                return False
            raise
        return not wire.denies(answer.body)

    # Lists

    def reference(self, *, sure: bool = False) -> Reference:
        """Return the account's lists and limits, fetching only what changed since the last time.

        With `sure`, it is asked what changed, however new the kept ones are.
        """
        return self._lists.reference(sure=sure)

    def text_types(self) -> tuple[str, ...]:
        """Return the text types that the service can write. The path is assumed: expect NotFound."""
        return wire.text_types(self._session.get_json("text-types", "a list of text types"))

    # Work

    def generate(self, request: GenerateRequest, *, before_send: Callable[[], None] | None = None) -> Attempt:
        """Send an order once, over a connection of its own, and tell what happened. This costs credits.

        `before_send` is called when all is ready, as the last thing before a connection is opened; what it raises
        passes through, and nothing is sent. Trouble with network or service is never raised but told in the
        Attempt; it takes up to five minutes to give up. Raises NotSignedIn, before `before_send`, without a token.
        """
        if request.type == IMAGE:
            return alt_texts.generate(self.images, request, before_send)
        return generation.generate(self._session, request, before_send)

    def body_sha256(self, request: GenerateRequest) -> str:
        """Return the SHA-256 of the bytes that `generate` would send."""
        return alt_texts.body_sha256(request) if request.type == IMAGE else body.body_sha256(request)

    def active_requests(self) -> tuple[RequestDetails, ...]:
        """Return the requests that are pending or running, as the service lists them."""
        return wire.request_list(self._session.get_json("active-requests", "a list of requests"))

    def request(self, request_id: str) -> RequestDetails:
        """Return one request. Raises NotFound, also for a finished one that the service has dropped."""
        expected = "the state of a request"
        return wire.request_details(self._session.get_json("request", expected, path_id=request_id), request_id)

    def cancel(self, request_id: str) -> None:
        """Ask the service to stop a request; records that it is working on are finished. Raises NotFound."""
        self._session.write("cancel", path_id=request_id)

    def retry(self, request_id: str) -> None:
        """Ask the service to go on with a request that timed out. This may cost credits; it is sent once."""
        self._session.write("retry", path_id=request_id)

    # Texts

    def texts(
        self,
        type_: str,
        store: str,
        language: str,
        record_ids: Sequence[str],
        text_types: Sequence[str] = (),
        *,
        history: int = 1,
    ) -> list[RemoteText]:
        """Return the current texts of records; records without any are left out.

        `text_types` empty means all. With `history`, up to so many texts of one kind, the newest first. An id with
        a comma in it is asked for alone; the service may take it for two ids, whose texts are then left out.
        """
        if type_ == IMAGE:
            return alt_texts.read(self.images, store, language, record_ids)
        return self._texts.read(
            results.Asked(type_, store, language, tuple(record_ids), tuple(text_types), max(1, history))
        )

    def status_pages(
        self,
        type_: str,
        *,
        store: str = "",
        language: str = "",
        start: float | None = None,
        end: float | None = None,
        fields: Sequence[str] = (),
        states: Sequence[str] = (),
        user: str = "",
        page_size: int = 100,
    ) -> Iterator[tuple[StatusRow, ...]]:
        """Yield pages of what was done to which text, from `start` (inclusive) to `end`, in seconds since 1970.

        Whoever asks builds on what is not told: an answer that cannot be read to its last row raises Unreachable, and
        NotFound is raised too, because nobody knows that it means that there is nothing.
        """
        if type_ == IMAGE:
            return iter(())  # the service tells nothing of alt texts
        query = status_query(
            type_, store, language, (start, end), fields=fields, states=states, user=user, page_size=page_size
        )
        return pages(self._session, "status", query, results.status_page)

    def history_pages(
        self,
        type_: str,
        store: str,
        *,
        record_ids: Sequence[str] = (),
        language: str = "",
        start: float | None = None,
        end: float | None = None,
        user: str = "",
        page_size: int = 100,
    ) -> Iterator[tuple[HistoryRow, ...]]:
        """Yield pages of the history, from `start` (inclusive) to `end`, in seconds since 1970."""
        query = [("type", type_), ("storeId", store), ("recordId", ",".join(record_ids)), ("language", language)]
        query += [("startDate", body.time(start)), ("endDate", body.time(end)), ("userName", user)]
        query.append(("pageSize", str(max(100, page_size))))
        return pages(self._session, "history", query, results.history_page, none=True)

    def update_texts(self, record: RecordKey, updates: Sequence[TextUpdate]) -> None:
        """Store edited texts of one record, or mark them. Raises NotFound for an unknown record or text id."""
        if record.type == IMAGE:
            alt_texts.update(self.images, record, updates)
            return
        self._session.write("update-texts", body=body.update_body(record, updates))

    def archive(self, type_: str, record_ids: Sequence[str]) -> None:
        """Take records out of the service's active lists. Raises UsageError for an id that would be read as two."""
        if any("," in one for one in record_ids):
            raise UsageError("A record id with a comma in it cannot be archived: the service would read two ids.")
        self._session.write("archive", body=body.archive_body(type_, record_ids))
