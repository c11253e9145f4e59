"""The images that were uploaded, their alt texts, and how both are shown.

An image can be used for 30 days (assumed: that it expires is known, when is not). An expired one is still shown, with
its alt texts; only the picture itself has to be uploaded again.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from sync.simulator.wire import Refusal, instant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sync.simulator.wire import Fields, Json

IMAGE_LIFE = 30 * 86_400.0
NO_STORE = "default"


@dataclass(slots=True)
class AltText:
    """One alt text of an image, in one language, and what was done to it, oldest first."""

    id: str
    language: str
    value: str
    actions: list[Json] = field(default_factory=list)

    def act(self, time: float, editor: str, *, publish: bool, reviewed: bool) -> None:
        """Note that something was done to it; `time` in seconds since the epoch."""
        done = {"time": time, "value": self.value, "publish": publish, "reviewed": reviewed, "editor": editor}
        self.actions.append(done)


@dataclass(slots=True)
class Picture:
    """One image of a store. `expires` in seconds since the epoch; alt texts by language, in lower case."""

    store_id: str
    id: str
    url: str
    expires: float
    alts: dict[str, AltText] = field(default_factory=dict)

    def alt(self, language: str) -> AltText | None:
        """Return the alt text in a language, or the first one when none is named (assumed)."""
        return self.alts.get(language.lower()) if language else next(iter(self.alts.values()), None)

    def shown(self, language: str, *, updates: bool) -> Json:
        """Show the image as the service does."""
        alt = self.alt(language)
        return {
            "storeId": self.store_id,
            "imageId": self.id,
            "url": self.url,
            "imageDataExpires": instant(self.expires),
            "altText": None if alt is None else _alt_shown(alt, updates=updates),
        }


def _alt_shown(alt: AltText, *, updates: bool) -> Json:
    shown: Json = {"id": alt.id, "language": alt.language, "value": alt.value}
    if updates:
        shown["history"] = [
            {**{name: value for name, value in one.items() if name != "time"}, "date": instant(one["time"])}
            for one in reversed(alt.actions)
        ]
    return shown


@dataclass
class Gallery:
    """All images, by store and id."""

    pictures: dict[tuple[str, str], Picture] = field(default_factory=dict)

    def find(self, store_id: str, identity: str) -> Picture:
        """Return an image, or raise Refusal (404)."""
        found = self.pictures.get((store_id, identity))
        if found is None:
            raise Refusal(404, f"There is no image {identity[:80]!r}")
        return found

    def usable(self, store_id: str, identity: str, now: float) -> bool:
        """Tell whether a picture is there to be looked at."""
        found = self.pictures.get((store_id, identity))
        return found is not None and now < found.expires

    def check(self, store_id: str, identities: Iterator[str], now: float) -> None:
        """Raise Refusal (400, assumed) for the first image that is not there, or no longer."""
        for identity in identities:
            if not self.usable(store_id, identity, now):
                raise Refusal(400, f"Image {identity[:80]!r} has not been uploaded, or has expired")

    def alts(self) -> int:
        """Return how many alt texts there are."""
        return sum(len(one.alts) for one in self.pictures.values())


def one_image(gallery: Gallery, query: Fields) -> Json:
    """Show one image, or raise Refusal (404)."""
    found = gallery.find(query.text("storeId") or NO_STORE, query.need("imageId"))
    return found.shown(query.text("language"), updates=query.flag("includeUpdateHistory"))


def images(gallery: Gallery, query: Fields) -> Json:
    """Show several images: the ones asked for that are there, or all of a store (assumed).

    Raises Refusal (404, assumed) when none of those asked for is there.
    """
    store, language = query.text("storeId") or NO_STORE, query.text("language")
    asked = query.many("images")
    every = {one.id: one for one in gallery.pictures.values() if one.store_id == store}
    found = [every[one] for one in dict.fromkeys(asked) if one in every] if asked else list(every.values())
    if asked and not found:
        raise Refusal(404, "There are no such images")
    return {"images": [one.shown(language, updates=query.flag("includeUpdateHistory")) for one in found]}


def document(gallery: Gallery) -> Json:
    """Write all images."""
    return {"images": [asdict(one) for one in gallery.pictures.values()]}


def restore(gallery: Gallery, document: Json, now: float) -> None:
    """Take over the images of a document, saved or written by hand; the latter were uploaded `now`."""
    for place, entry in enumerate(document.get("images", []), 1):
        if "imageId" in entry:
            one = _by_hand(entry, place, now)
            gallery.pictures[one.store_id, one.id] = one
            continue
        alts = {language: AltText(**alt) for language, alt in entry.get("alts", {}).items()}
        one = Picture(entry["store_id"], entry["id"], entry["url"], float(entry["expires"]), alts)
        gallery.pictures[one.store_id, one.id] = one


def _by_hand(entry: Json, place: int, now: float) -> Picture:
    identity = str(entry["imageId"])
    url = str(entry.get("url") or f"https://images.example.com/{place}")
    one = Picture(str(entry.get("storeId") or NO_STORE), identity, url, now + IMAGE_LIFE)
    if entry.get("altText"):
        language = str(entry.get("language") or "en")
        one.alts[language.lower()] = AltText(f"a-start-{place}", language, str(entry["altText"]))
    return one
