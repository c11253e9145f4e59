"""Where the key is kept, and who can read it."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

import pytest

from sync.errors import NotSignedIn, UsageError
from sync.service import Secret, api_url, find_key, forget_key, store_key
from tests.service.wires import KEY

if TYPE_CHECKING:
    from pathlib import Path

API = "https://api.writetext.ai"
LOCAL = {"WTSYNC_API_URL": "http://127.0.0.1:8000"}
posix = pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")


class Broken:
    """A keyring that has nowhere to keep anything."""

    def get_password(self, service_name: str, username: str) -> str | None:
        raise RuntimeError("locked", service_name, username)

    def set_password(self, service_name: str, username: str, password: str) -> None:
        raise RuntimeError("locked", service_name, username, password)

    def delete_password(self, service_name: str, username: str) -> None:
        raise RuntimeError("locked", service_name, username)


class Ring:
    """A keyring that works."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service_name: str, username: str) -> str | None:
        return self.kept.get((service_name, username))

    def set_password(self, service_name: str, username: str, password: str) -> None:
        self.kept[service_name, username] = password

    def delete_password(self, service_name: str, username: str) -> None:
        del self.kept[service_name, username]


def test_the_environment_comes_first(tmp_path: Path) -> None:
    ring = Ring()
    store_key({}, "from-ring", vault=ring, folder=tmp_path)
    found = find_key({"WTSYNC_API_KEY": f" {KEY}\n"}, vault=ring, folder=tmp_path)
    assert found is not None
    assert (found.secret.reveal(), found.source) == (KEY, "WTSYNC_API_KEY")
    assert KEY not in repr(found)


def test_a_keyring_keeps_keys_by_address(tmp_path: Path) -> None:
    ring = Ring()
    assert store_key({}, Secret(KEY), vault=ring, folder=tmp_path) == "keyring"
    assert list(ring.kept) == [("wtsync", API)]
    assert list(tmp_path.iterdir()) == []
    found = find_key({}, vault=ring, folder=tmp_path)
    assert found is not None
    assert found.source == "keyring"
    assert find_key(LOCAL, vault=ring, folder=tmp_path) is None, "a key is for one address only"
    assert forget_key({}, vault=ring, folder=tmp_path) == ("keyring",)
    assert find_key({}, vault=ring, folder=tmp_path) is None


def test_without_a_keyring_a_file_keeps_keys_by_address(tmp_path: Path) -> None:
    folder = tmp_path / "config" / "wtsync"
    where = store_key({}, KEY, vault=Broken(), folder=folder)
    store_key(LOCAL, "local-key", vault=Broken(), folder=folder)
    assert where == str(folder / "credentials.json")
    for env, key in (({}, KEY), (LOCAL, "local-key")):
        found = find_key(env, vault=Broken(), folder=folder)
        assert found is not None
        assert (found.secret.reveal(), found.source) == (key, where)
    assert forget_key({}, vault=Broken(), folder=folder) == (where,)
    assert find_key({}, vault=Broken(), folder=folder) is None
    assert forget_key({}, vault=Broken(), folder=folder) == ()
    assert forget_key(LOCAL, vault=Broken(), folder=folder) == (where,)
    assert list(folder.iterdir()) == []


@posix
def test_x09_only_the_owner_can_read_the_file(tmp_path: Path) -> None:
    folder = tmp_path / "wtsync"
    before = os.umask(0)
    try:
        path = folder / "credentials.json"
        store_key({}, KEY, vault=Broken(), folder=folder)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@posix
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_x09_a_file_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    store_key({}, KEY, vault=Broken(), folder=tmp_path)
    (tmp_path / "credentials.json").chmod(mode)
    for use in (find_key, forget_key):
        with pytest.raises(NotSignedIn, match="Other users") as caught:
            use({}, vault=Broken(), folder=tmp_path)
        assert "chmod 600" in caught.value.hint


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff", b"7"])
def test_a_damaged_file_is_said_to_be_damaged(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "credentials.json"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(NotSignedIn, match="cannot be read") as caught:
        find_key({}, vault=Broken(), folder=tmp_path)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


@pytest.mark.parametrize("key", ["", "two words", "a\nb", "schlüssel"])
def test_what_cannot_be_a_key_is_not_kept(tmp_path: Path, key: str) -> None:
    with pytest.raises(UsageError):
        store_key({}, key, vault=Broken(), folder=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_keyring_that_does_not_let_go_says_so(tmp_path: Path) -> None:
    ring = Ring()
    store_key({}, KEY, vault=ring, folder=tmp_path)
    ring.delete_password = Broken().delete_password  # type: ignore[method-assign]
    with pytest.raises(NotSignedIn, match="did not let go"):
        forget_key({}, vault=ring, folder=tmp_path)


def test_the_address_is_the_vendors_unless_the_environment_says_otherwise() -> None:
    assert api_url({}) == API
    assert api_url({"WTSYNC_API_URL": "  "}) == API
    assert api_url(LOCAL) == "http://127.0.0.1:8000"
    with pytest.raises(UsageError):
        api_url({"WTSYNC_API_URL": "http://example.com"})
