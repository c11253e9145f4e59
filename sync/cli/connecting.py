"""Signs in to the account that the user has named, at once or while something else is done."""

from __future__ import annotations

import os
import threading
import time
from concurrent.futures import Future
from typing import TYPE_CHECKING, Generic, TypeVar
from urllib.parse import urlsplit

from sync.errors import NotSignedIn, WtsyncError

if TYPE_CHECKING:
    from collections.abc import Callable

    from sync.model import Reference
    from sync.service import Cached, Service

Answer = TypeVar("Answer")


def connect(sleep: Callable[[float], None] = time.sleep, lists: dict[str, Cached] | None = None) -> Service:
    """Make the client for the account that the environment, the keyring or the key file names.

    `lists` are those that were kept. Raises NotSignedIn when there is no key.
    """
    from sync.cli.remembered import TRUSTED
    from sync.service import Patience, Service, api_url, find_key
    from sync.service.hosts import is_loopback

    url, key = api_url(os.environ), find_key(os.environ)
    if key is None:
        raise NotSignedIn(
            f"There is no API key for {url}.",
            "Run `wtsync login`, or set WTSYNC_API_KEY; to try without an account: `wtsync demo`, `wtsync simulate`.",
        )
    sure = os.environ.get("WTSYNC_ASSUMED_DELETES", "").strip().casefold() in {"yes", "1", "true"}
    # Nothing is in between here and a simulator on this computer that would come back after half a minute.
    patience = Patience(pause=0.05) if is_loopback(urlsplit(url).hostname or "") else Patience()
    return Service(
        url, key.secret, sleep=sleep, assumed_deletes=sure, patience=patience, cache=lists, lists_for=TRUSTED
    )


def reference_or_none() -> Reference | None:
    """Get the account's lists, or None where there is no key or no answer."""
    try:
        with connect() as service:
            return service.reference()
    except WtsyncError:
        return None


class Meanwhile(Generic[Answer]):
    """A question that is asked while something else is done."""

    def __init__(self, asked: Callable[[], Answer]) -> None:
        self._found: Future[Answer] = Future()
        threading.Thread(target=self._ask, args=(asked,), daemon=True).start()

    def _ask(self, asked: Callable[[], Answer]) -> None:
        try:
            self._found.set_result(asked())
        except BaseException as error:  # noqa: BLE001 - whatever it is, it belongs to who waits for the answer
            self._found.set_exception(error)

    def answer(self) -> Answer:
        """Wait for the answer, or raise what came of the question."""
        while True:
            try:
                return self._found.result(timeout=0.2)  # in short pieces: on Windows an endless wait hears no Ctrl-C
            except TimeoutError:
                if self._found.done():
                    return self._found.result()

    def afterwards(self, done: Callable[[], None]) -> None:
        """Do something once the question is answered, without waiting: at once where it is already."""
        self._found.add_done_callback(lambda _: done())
