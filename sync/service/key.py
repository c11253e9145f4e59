"""Where the API key is kept: the environment, the system's keyring, or a file that only its owner can read.

Keys are kept by the address of the API, so that a key for the simulator never goes to the real service.
"""

from __future__ import annotations

import json
import os
import stat
import sys
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from sync.errors import NotSignedIn, UsageError
from sync.service.hosts import DEFAULT_API, check_api
from sync.service.secret import Secret, is_plain

if TYPE_CHECKING:
    from collections.abc import Mapping

KEY_VARIABLE = "WTSYNC_API_KEY"
URL_VARIABLE = "WTSYNC_API_URL"
_FILE = "credentials.json"
_SERVICE = "wtsync"


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key, and where it was found."""

    secret: Secret
    source: str


class Vault(Protocol):
    """What we use of the `keyring` package."""

    def get_password(self, service_name: str, username: str) -> str | None:
        """Return what is kept, or None."""

    def set_password(self, service_name: str, username: str, password: str) -> None:
        """Keep it."""

    def delete_password(self, service_name: str, username: str) -> None:
        """Drop it."""


def api_url(env: Mapping[str, str]) -> str:
    """Return the address of the API: WTSYNC_API_URL, or the vendor's own. Raises UsageError for an unusable one."""
    return check_api(env.get(URL_VARIABLE, "").strip() or DEFAULT_API)


def find_key(env: Mapping[str, str], *, vault: Vault | None = None, folder: Path | None = None) -> ApiKey | None:
    """Return the key for the API that `env` names, or None; the environment comes before the keyring and the file.

    `vault` and `folder` stand in for the keyring and for the user's configuration folder. Raises NotSignedIn when
    the file could be read by other users of the machine, or is damaged.
    """
    given = env.get(KEY_VARIABLE, "").strip()
    if given:
        return ApiKey(Secret(given), KEY_VARIABLE)
    url = api_url(env)
    kept = _from_vault(vault or _keyring(), url)
    if kept:
        return ApiKey(Secret(kept), "keyring")
    path = _path(folder)
    found = _load(path).get(url, "")
    return ApiKey(Secret(found), str(path)) if found else None


def store_key(
    env: Mapping[str, str], key: str | Secret, *, vault: Vault | None = None, folder: Path | None = None
) -> str:
    """Keep a key for the API that `env` names; return where: `keyring`, or the path of the file."""
    value = key.reveal() if isinstance(key, Secret) else key.strip()
    if not is_plain(value):
        raise UsageError("This is not an API key: keys are one word of plain letters, digits and signs.")
    url = api_url(env)
    keyring = vault or _keyring()
    if keyring is not None:
        try:
            keyring.set_password(_SERVICE, url, value)
            if keyring.get_password(_SERVICE, url) == value:
                return "keyring"
        except Exception:  # noqa: BLE001, S110 - a keyring may fail in any way of its own; the file is next
            pass
    path = _path(folder)
    _save(path, {**_load(path), url: value})
    return str(path)


def forget_key(env: Mapping[str, str], *, vault: Vault | None = None, folder: Path | None = None) -> tuple[str, ...]:
    """Drop the kept key for the API that `env` names; return where one was: `keyring`, the path of the file."""
    url = api_url(env)
    dropped = []
    keyring = vault or _keyring()
    if keyring is not None and _from_vault(keyring, url):
        try:
            keyring.delete_password(_SERVICE, url)
        except Exception as error:  # noqa: BLE001 - a keyring may fail in any way of its own
            raise NotSignedIn(
                f"The keyring did not let go of the key ({type(error).__name__}).",
                "Remove the entry called wtsync in the system's own password manager.",
            ) from None
        dropped.append("keyring")
    path = _path(folder)
    kept = _load(path)
    if url in kept:
        del kept[url]
        _save(path, kept)
        dropped.append(str(path))
    return tuple(dropped)


def _keyring() -> Vault | None:
    """Return the keyring package when it is installed and has somewhere to keep things."""
    try:
        return cast("Vault", import_module("keyring"))
    except Exception:  # noqa: BLE001 - not installed, or broken in any way of its own: then there is none
        return None


def _from_vault(vault: Vault | None, url: str) -> str:
    if vault is None:
        return ""
    try:
        return (vault.get_password(_SERVICE, url) or "").strip()
    except Exception:  # noqa: BLE001 - locked, or no backend: as good as empty
        return ""


def _path(folder: Path | None) -> Path:
    if folder is not None:
        return folder / _FILE
    from platformdirs import user_config_dir  # noqa: PLC0415 - only needed without a key in the environment

    return Path(user_config_dir("wtsync", appauthor=False)) / _FILE


def _load(path: Path) -> dict[str, str]:
    """Read the file, first making sure, on the open file itself, that nobody else can."""
    try:
        with path.open("rb") as file:
            _refuse_readable_by_others(path, os.fstat(file.fileno()).st_mode)
            data = json.loads(file.read(1_000_000))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        raise NotSignedIn(f"The file that keeps the API key cannot be read: {path}", "Delete it, then `wtsync login`.")
    return {str(name): value for name, value in data.items() if isinstance(value, str)}


def _refuse_readable_by_others(path: Path, mode: int) -> None:
    if sys.platform != "win32" and mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise NotSignedIn(
            f"Other users of this machine can read the file that keeps the API key: {path}",
            f"Run `chmod 600 {path}`; better still, get a new key and `wtsync login`.",
        )


def _save(path: Path, keys: dict[str, str]) -> None:
    """Write the file whole or not at all, readable by its owner from its first byte on."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not keys:
        path.unlink(missing_ok=True)
        return
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(keys, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
