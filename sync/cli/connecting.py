"""Signs in to the account that the user has named, at once or while something else is done."""

from __future__ import annotations

import os
import threading
import time
from concurrent.futures import Future
from typing import TYPE_CHECKING, TypeVar
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


def meanwhile(asked: Callable[[], Answer]) -> Callable[[], Answer]:
    """Begin to ask while something else is done; what is given waits for the answer, or raises what came of it.

    Where the other thing fails first, nobody waits.
    """
    found: Future[Answer] = Future()

    def ask() -> None:
        try:
            found.set_result(asked())
        except BaseException as error:  # noqa: BLE001 - whatever it is, it belongs to who waits for the answer
            found.set_exception(error)

    def answer() -> Answer:
        while True:
            try:
                return found.result(timeout=0.2)  # in short pieces: on Windows an endless wait does not hear Ctrl-C
            except TimeoutError:
                if found.done():
                    raise

    threading.Thread(target=ask, daemon=True).start()
    return answer
