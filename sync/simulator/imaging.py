"""What can be done with images: uploaded, described, and their alt texts edited, reviewed, published.

Each act is checked first, then written down as a change, then made; a change is made again when a state file is read.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import random
import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sync.simulator.account import Charge
from sync.simulator.catalogue import RULES, alt_price
from sync.simulator.gallery import IMAGE_LIFE, NO_STORE, AltText, Picture
from sync.simulator.voices import clip
from sync.simulator.wire import Fields, Json, Refusal, bare

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sync.simulator.service import Simulator
    from sync.simulator.work import Item

ALT_TEXT = "alt text"
LONGEST_ALT = 125
MEDIA_TYPES = frozenset({"image/jpg", "image/jpeg", "image/png", "image/gif", "image/svg+xml", "image/webp"})
_DATA = re.compile(r"data:([a-z]+/[a-z0-9.+-]+);base64,(.*)", re.IGNORECASE | re.DOTALL)
_VIEWS = MappingProxyType(
    {
        "en": ("{name}, seen from the front", "{name}, in close-up", "{name} in use", "{name}, seen from the side"),
        "de": ("{name}, von vorn gesehen", "{name} in Nahaufnahme", "{name} im Einsatz", "{name}, von der Seite"),
        "fr": ("{name}, vue de face", "{name} en gros plan", "{name} en situation", "{name}, vue de côté"),
        "es": ("{name}, vista frontal", "{name} en primer plano", "{name} en uso", "{name}, vista lateral"),
        "it": ("{name}, vista frontale", "{name} in primo piano", "{name} in uso", "{name}, vista laterale"),
        "nl": ("{name}, van voren gezien", "{name} in close-up", "{name} in gebruik", "{name}, van opzij"),
    }
)


def upload(simulator: Simulator, body: object) -> Json:
    """Take an image, or raise Refusal: 400 for a bad call, a format that is not known, or an id that is taken.

    An id that is taken is refused unless `overwrite` is given; that of an expired image is free (assumed). Alt texts
    stay with the id (assumed). Nothing is fetched from a `url`.
    """
    now = simulator.look()
    given = _object(body)
    store, identity = given.need("storeId"), given.need("imageId")
    given.need("ipAddress")
    url = given.text("url").strip()
    if given.text("imageData"):
        _check_data(given)
        mark = hashlib.blake2b(repr((store, identity)).encode(), digest_size=6).hexdigest()
        url = url or f"https://images.example.com/{mark}"
    elif not re.match(r"https?://[^\s/]+", url, re.IGNORECASE):
        raise given.refuse("url or imageData is required")
    if simulator.gallery.usable(store, identity, now) and not given.flag("overwrite"):
        raise Refusal(400, f"Image {identity[:80]!r} exists already; send overwrite to replace it")
    simulator.change({"do": "image", "storeId": store, "imageId": identity, "url": url})
    return simulator.gallery.find(store, identity).shown("", updates=False)


def _check_data(given: Fields) -> None:
    found = _DATA.fullmatch(given.text("imageData").strip())
    if found is None or found[1].lower() not in MEDIA_TYPES:
        raise given.refuse(f"imageData must be a data URI with base64, of {', '.join(sorted(MEDIA_TYPES))}")
    try:
        content = base64.b64decode(found[2], validate=True)
    except (binascii.Error, ValueError):
        content = b""
    if not content:
        raise given.refuse("imageData holds no base64")


def edit_alt_text(simulator: Simulator, body: object) -> None:
    """Store one alt text, or mark it; without a `value` it keeps the one it has (assumed)."""
    simulator.look()
    _edit(simulator, [_object(body)])


def edit_alt_texts(simulator: Simulator, body: object) -> None:
    """Store several, all or (assumed) none: 404 when an image or a text is not there."""
    simulator.look()
    given = _object(body).objects("images")
    if not given:
        raise Refusal(400, "images is required")
    for place, one in enumerate(given, 1):
        one.where = f"Image {place}"
        if one.get("value") is None:
            raise one.refuse("value is required")
    _edit(simulator, given)


def _edit(simulator: Simulator, given: Sequence[Fields]) -> None:
    edits = []
    for one in given:
        store, language, identity, text_id = map(one.need, ("storeId", "language", "imageId", "textId"))
        alt = simulator.gallery.find(store, identity).alt(language)
        if alt is None or alt.id != text_id:
            raise Refusal(404, f"There is no such alt text of image {identity[:80]!r}")
        value = alt.value if one.get("value") is None else one.text("value")
        marks = {"publish": one.flag("publish"), "reviewed": one.flag("reviewed")}
        edits.append({"storeId": store, "imageId": identity, "language": language, "value": value, **marks})
    simulator.change({"do": "alt", "edits": edits})


def describe(simulator: Simulator, body: object) -> Json:
    """Write alt texts, store them and charge for the request; raise Refusal: 400 for a bad call, 402 without credits.

    An image that cannot be looked at, or fails, is missing from the answer, and the request is charged all the same
    unless all of them are (assumed).
    """
    now = simulator.look()
    given = _object(body)
    store, language = given.text("storeId") or NO_STORE, given.text("language") or "en"
    wanted = [one.need("imageId") for one in given.objects("images")]
    most = RULES["maxImageAltTextPerRequest"]
    if not 1 <= len(wanted) <= most:
        raise given.refuse(f"images must hold 1 to {most} images, not {len(wanted)}")
    simulator.account.check(alt_price(len(wanted)), simulator.reserved())
    fails = [one for one in wanted if simulator.faults.work("fail") or not simulator.gallery.usable(store, one, now)]
    name = given.text("productName")
    change = {
        "do": "describe",
        "storeId": store,
        "language": language,
        "name": name,
        "keywords": given.many("keywords"),
        "images": wanted,
        "fails": wanted if "[fail]" in name.lower() else fails,
        "empty": [one for one in wanted if simulator.faults.work("empty")],
    }
    answer: Json = simulator.change(change)
    return answer


def write_alts(simulator: Simulator, item: Item, now: float) -> None:
    """Write and charge the alt texts that an order asks for beside a record's texts; none when the record fails."""
    order, record = item.request.order, item.record
    if item.fails or not record.alt_texts:
        return
    usable = [one for one in record.alt_texts if simulator.gallery.usable(order.store_id, one, now)]
    ids = [
        _write(
            simulator,
            order.store_id,
            one,
            order.language,
            _words(simulator, order.store_id, record.name, one, order.language),
            now,
        )
        for one in usable
    ]
    _charge(simulator, (order.type, order.store_id, order.language, record.id), usable, ids, now, item.request.id)


def _take(simulator: Simulator, change: Json, now: float) -> None:
    store, identity = change["storeId"], change["imageId"]
    known = simulator.gallery.pictures.get((store, identity))
    alts = {} if known is None else known.alts
    simulator.gallery.pictures[store, identity] = Picture(store, identity, change["url"], now + IMAGE_LIFE, alts)


def _store(simulator: Simulator, change: Json, now: float) -> None:
    for one in change["edits"]:
        alt = simulator.gallery.find(one["storeId"], one["imageId"]).alt(one["language"])
        if alt is not None:
            alt.value = one["value"]
            alt.act(now, simulator.user, publish=one["publish"], reviewed=one["reviewed"])


def _describe(simulator: Simulator, change: Json, now: float) -> Json:
    store, language = change["storeId"], change["language"]
    done = [one for one in dict.fromkeys(change["images"]) if one not in change["fails"]]
    texts = []
    for one in done:
        keywords = change["keywords"][:1]
        value = "" if one in change["empty"] else _words(simulator, store, change["name"], one, language, *keywords)
        identity = _write(simulator, store, one, language, value, now)
        texts.append({"id": identity, "imageId": one, "field": ALT_TEXT, "outputs": [value]})
    _charge(simulator, ("Product", store, language, ""), done, [one["id"] for one in texts], now)
    return {"texts": texts}


def _write(simulator: Simulator, store: str, identity: str, language: str, value: str, now: float) -> str:
    """Put a new alt text in the place of the one there was; return its id."""
    alt = AltText(simulator.identity("text"), language, value)
    alt.act(now, simulator.user, publish=False, reviewed=False)
    simulator.gallery.find(store, identity).alts[language.lower()] = alt
    return alt.id


def _charge(
    simulator: Simulator,
    about: tuple[str, str, str, str],
    images: list[str],
    ids: list[str],
    now: float,
    request_id: str = "",
) -> None:
    """Charge once for all alt texts of a request, however few of them (assumed)."""
    if ids:
        cost = alt_price(len(ids))
        simulator.account.charge(Charge(ids[0], request_id, *about, ALT_TEXT, cost, now, images=images))


def _words(simulator: Simulator, store: str, name: str, identity: str, language: str, keyword: str = "") -> str:
    """Compose an alt text: the same for the same image, name and language, as long as none was written before."""
    draws = random.Random(f"{simulator.seed}/alt/{simulator.counter}/{identity!r}")  # noqa: S311 - repeatable on purpose
    views = _VIEWS.get(language.replace("_", "-").partition("-")[0].lower(), _VIEWS["en"])
    shown = " - ".join(part for part in (clip(bare(name) or identity, characters=60), bare(keyword)) if part)
    told = [clip(view.replace("{name}", shown), characters=LONGEST_ALT) for view in views]
    was = simulator.gallery.find(store, identity).alts.get(language.lower())
    drawn = draws.choice(told)
    return drawn if was is None or was.value != drawn else told[told.index(drawn) - 1]  # made anew, it is another one


def _object(body: object) -> Fields:
    if not isinstance(body, dict):
        raise Refusal(400, "The body must be a JSON object")
    return Fields(body)


CHANGES: Mapping[str, Callable[[Simulator, Json, float], Any]] = MappingProxyType(
    {"image": _take, "alt": _store, "describe": _describe}
)
"""How each kind of change is made."""
