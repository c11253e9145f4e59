"""A secret that does not show itself."""

from __future__ import annotations

import hmac
from typing import NoReturn


class Secret:
    """A key or token. Printing, formatting, logging or pickling it never gives it away; `reveal` does."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the secret itself. For the header that needs it, and the file that keeps it."""
        return self._value

    def hide(self, text: str) -> str:
        """Return `text` with every occurrence of the secret replaced."""
        return text.replace(self._value, "***") if self._value else text

    def name(self, purpose: bytes) -> str:
        """Return 16 hexadecimal digits by which the same secret is known again, for one purpose."""
        return hmac.digest(self._value.encode(), purpose, "sha256").hex()[:16]

    def __bool__(self) -> bool:
        return bool(self._value)

    def __repr__(self) -> str:
        return "Secret(***)"

    def __str__(self) -> str:
        return "***"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self._value.encode(), other._value.encode())

    def __hash__(self) -> int:
        return hash((Secret, self._value))

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not to be pickled")


def is_plain(value: str) -> bool:
    """Tell whether a key or token can stand in a header: visible ASCII, no spaces, not empty, not endless."""
    return 0 < len(value) <= 16_384 and all("!" <= letter <= "~" for letter in value)
