"""Images that the service looks at, and their alt texts."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class AltText:
    """The alt text of an image in one language. `value` is exactly what the service sent."""

    text_id: str
    value: str
    reviewed: bool | None = None
    """None: the service does not say."""
    published: bool | None = None


@dataclass(frozen=True, slots=True)
class Image:
    """An image as the service has it. Alt texts stay when the picture itself has expired."""

    store: str
    image_id: str
    url: str = ""
    expires: float | None = None
    """When the picture has to be uploaded again: seconds since 1970, by the service's clock. None: it does not say."""
    alt: AltText | None = None
    """The alt text in the language that was asked for."""

    def usable(self, now: float) -> bool:
        """Tell whether the service can still look at it; `now` is the service's clock."""
        return self.expires is None or now < self.expires


@dataclass(frozen=True, slots=True)
class Upload:
    """An image to be uploaded: its public address, or what is in its file."""

    store: str
    image_id: str
    url: str = ""
    data: bytes = field(default=b"", repr=False)
    overwrite: bool = False
    """Replace what the service has under this id."""


@dataclass(frozen=True, slots=True)
class Uploaded:
    """What was last uploaded under an id. `expires` in seconds since 1970, by the service's clock; None: unknown."""

    digest: str
    expires: float | None = None


@dataclass(frozen=True, slots=True)
class AltTextUpdate:
    """A new value for a stored alt text, and whether to mark it; None leaves a mark to the service."""

    image_id: str
    text_id: str
    value: str
    publish: bool | None = None
    reviewed: bool | None = None


@dataclass(frozen=True, slots=True)
class AltTextOrder:
    """What is sent to have alt texts written. It costs credits."""

    store: str
    language: str
    images: tuple[tuple[str, str], ...]
    """Ids of uploaded images, each with the alt text that it has now (may be empty)."""
    product_name: str = ""
    keywords: tuple[str, ...] = ()
