"""Short ways to make the nouns that tests speak in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sync.model import Action, Base, Change, Inputs, Kind, Origin, Price, Record, RecordKey, RemoteText, TextKey, Wanted

if TYPE_CHECKING:
    from collections.abc import Mapping

TITLE = "page title"


def record_key(record_id: str = "A1", **more: str) -> RecordKey:
    return RecordKey(more.get("store", "shop"), more.get("type", "Product"), record_id, more.get("language", "en"))


def text_key(record_id: str = "A1", text_type: str = TITLE, **more: str) -> TextKey:
    return TextKey(record_key(record_id, **more), text_type)


def record(
    record_id: str = "A1",
    *,
    action: Action = Action.DECIDE,
    texts: Mapping[str, str] | None = None,
    wanted: tuple[Wanted, ...] = (Wanted(TITLE),),
    row: int = 2,
) -> Record:
    return Record(record_key(record_id), row, action, Inputs(name="Oak stool"), wanted, texts or {})


def base(value: str, *, digest: str = "d1", origin: Origin = Origin.GENERATED, text_id: str = "t0") -> Base:
    return Base(value, text_id, digest, origin)


def remote_text(value: str, text_id: str = "t1", record_id: str = "A1") -> RemoteText:
    return RemoteText(text_key(record_id), text_id, value)


def change(record_id: str = "A1", kind: Kind = Kind.GENERATE, **more: Any) -> Change:
    text_type = more.pop("text_type", TITLE)
    price = more.pop("price", Price(1.0, 1.0) if kind is Kind.GENERATE else Price())
    given = {"row": 2, "reason": "because", **more}
    return Change(key=text_key(record_id, text_type), kind=kind, price=price, **given)
