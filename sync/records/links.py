"""What a row says of other rows: the record whose texts it imitates, and the products that stand for a category."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sync.model import CATEGORY, PRODUCT, RecordKey, Representative
from sync.records import values
from sync.records.own import NAMES
from sync.records.problems import Flaw

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sync.records.cells import Texts
    from sync.records.problems import Findings
    from sync.records.rows import Rows

REFERENCE, REPRESENTATIVES = "reference_record", "representatives"
_OTHER = {"store": "the shop {}", "type": "the type {}", "language": "the language {}"}


@dataclass(slots=True)
class Links:
    """What was found, by the position of the row. Rows that say nothing, or something wrong, are not in it."""

    references: dict[int, int] = field(default_factory=dict)
    """The position of the row whose texts are imitated."""
    representatives: dict[int, tuple[Representative, ...]] = field(default_factory=dict)


def find_links(
    rows: Rows,
    keys: Mapping[int, RecordKey],
    texts: Texts,
    most: int | None,
    findings: Findings,
) -> Links:
    """Find the rows that others name. `keys` are those of the rows that have one, `most` the products at most."""
    links = Links()
    cells = {name: found for name, found in rows.links.items() if any(found)}
    if not cells:
        return links
    places = {key: at for at, key in keys.items()}
    named = cells.get(REFERENCE, ())
    for at in keys if named else ():
        if not named[at]:
            continue
        found = _reference(named[at], keys[at], places, named)
        if isinstance(found, Flaw):
            findings.in_records(rows.cell_of(at, REFERENCE), found)
            continue
        links.references[at] = found
        if flaw := _own_manner(rows, at):
            findings.in_records(rows.cell_of(at, REFERENCE), flaw)
    listed = cells.get(REPRESENTATIVES, ())
    for at in keys if listed else ():
        if not listed[at]:
            continue
        products = _representatives(listed[at], keys[at], places, most)
        if isinstance(products, Flaw):
            findings.in_records(rows.cell_of(at, REPRESENTATIVES), products)
            continue
        links.representatives[at] = tuple(
            Representative(keys[one].record_id, rows.name[one], texts[one].get("product description", ""))
            for one in products
        )
    return links


def _reference(named: str, key: RecordKey, places: Mapping[RecordKey, int], others: Sequence[str]) -> int | Flaw:
    if named == key.record_id:
        return Flaw("reference-to-itself", named, "A record cannot imitate its own texts.",
                    "Type the Record ID of another row, or empty this cell.")  # fmt: skip
    found = _look_up(named, key, places, "unknown-reference")
    if isinstance(found, Flaw):
        return found
    if further := others[found]:
        return Flaw("reference-chain", named, f"{named} has a Reference record of its own ({further}).",
                    f"Type {further} here too, or empty that cell.")  # fmt: skip
    return found


def _own_manner(rows: Rows, at: int) -> Flaw | None:
    """Say when a row has a manner of its own besides the one that it imitates."""
    columns: dict[str, Sequence[object]] = {"Tones": rows.tones, "Style": rows.style, "Audiences": rows.audiences}
    columns.update((NAMES[field], rows.own[field]) for field in _OWN_MANNER if field in rows.own)
    own = [name for name, cells in columns.items() if cells[at]]
    if not own:
        return None
    return Flaw("reference-and-manner", ", ".join(own), "How it sounds comes from the Reference record, so that "
                f"{' and '.join(own)} of this row will not be used.",
                "Empty one or the other.", warning=True)  # fmt: skip


_OWN_MANNER = ("custom_tone", "custom_style", "custom_audience")


def _representatives(text: str, key: RecordKey, places: Mapping[RecordKey, int], most: int | None) -> list[int] | Flaw:
    if key.type != CATEGORY:
        return Flaw("representatives-of-product", text, "Only a category has representative products.",
                    "Empty this cell.")  # fmt: skip
    named = values.several(text)
    if most is not None and len(named) > most:
        return Flaw("too-many-representatives", text,
                    f"There are {len(named)} representative products, and WriteText.ai takes {most}.",
                    f"Keep the {most} that show best what the category is.")  # fmt: skip
    found = []
    for one in named:
        place = _look_up(one, RecordKey(key.store, PRODUCT, one, key.language), places, "unknown-product")
        if isinstance(place, Flaw):
            return place
        found.append(place)
    return found


def _look_up(named: str, like: RecordKey, places: Mapping[RecordKey, int], kind: str) -> int | Flaw:
    """Find the row of an id, with the same store, type and language as `like`."""
    found = places.get(RecordKey(like.store, like.type, named, like.language))
    if found is not None:
        return found
    for key in places:
        if key.record_id == named:
            differs = [what for what in _OTHER if getattr(key, what) != getattr(like, what)]
            there = " and ".join(_OTHER[what].format(getattr(key, what)) for what in differs)
            here = " and ".join(_OTHER[what].format(getattr(like, what)) for what in differs)
            return Flaw(kind, named, f"{named} is here only with {there}, and it has to be there with {here}.",
                        f"Type the Record ID of a row with {here}, or empty this cell.")  # fmt: skip
    fitting = [
        key.record_id for key in places if (key.store, key.type, key.language) == (like.store, like.type, like.language)
    ]
    near = values.near_id(named, fitting)
    ask = f" Did you mean {near}?" if near else ""
    return Flaw(kind, named, f"There is no row with the Record ID {named}.{ask}",
                f"Type {near}." if near else "Type the Record ID of another row, or empty this cell.")  # fmt: skip
