"""The plan as text that a merchandiser reads in ten seconds, and as data for programs. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sync.counts import between, counted, number, plural
from sync.model import IMAGE, KEYWORDS, Kind, Price

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sync.model import Change, Plan, Problem, RecordKey, TextKey
    from sync.plan import Guard

_DOING = (
    (Kind.KEYWORDS, "find", "keywords of {records}"),
    (Kind.GENERATE, "make", "{texts} for {records}"),
    (Kind.PULL, "fetch", "{texts} that the service has already"),
    (Kind.PUSH, "send back", "{texts} changed here"),
    (Kind.REVIEW, "review", "{texts} to be marked as reviewed"),
    (Kind.PUBLISH, "publish", "{texts} to be marked as published"),
    (Kind.ARCHIVE, "archive", "{records} on the service"),
    (Kind.DELIVER, "write in", "{texts} made earlier"),
    (Kind.FOLLOW, "follow", "{texts} being made"),
)
_LEAVING = (
    (Kind.PROTECTED, "written by people"),
    (Kind.EDITED, "changed here by people"),
    (Kind.STALE, "made before the product changed"),
    (Kind.CONFLICT, "in conflict"),
    (Kind.GONE, "gone from the service"),
    (Kind.LEFT, "not to be made"),
    (Kind.UNKNOWN, "nobody can say about"),
    (Kind.SKIPPED, "skipped"),
)
_ROWS_SHOWN = 8
_PARTS_SHOWN = 12


def credits_range(price: Price) -> str:
    """Write a price for people: `40 credits`, `280 to 320 credits`, `free`."""
    if not price.max:
        return "free"
    return between(price.min, price.max, "credit")


def counted_records(keys: Iterable[RecordKey]) -> str:
    """Write for people how many records these are, and how many images."""
    kinds = [key.type == IMAGE for key in set(keys)]
    return records_and_images(len(kinds) - sum(kinds), sum(kinds))


def records_and_images(records: int, images: int) -> str:
    """Write for people how many there are: `2 records and 3 images`, `1 image`, `no` of either as `0 records`."""
    parts = [counted(records, "record")] if records or not images else []
    return " and ".join([*parts, counted(images, "image")] if images else parts)


def plan_text(plan: Plan, guards: Sequence[Guard], name: str, records: int, images: int = 0) -> str:
    """Show the plan of the workbook `name` with `records` records and `images` images."""
    lines = [f"{name}: {records_and_images(records, images)}", ""]
    for kind, verb, words in _DOING:
        changes = plan.of(kind)
        if changes:
            price = sum((change.price for change in changes), Price())
            lines.append(f"  {verb:<9} {_what(changes, words):<46} {credits_range(price)}")
            if kind is Kind.GENERATE:
                lines += _part_lines(changes)
                if plan.uploads:
                    lines.append(f"  {'upload':<9} {counted(plan.uploads, 'image') + ' to be looked at':<46} free")
    if not plan.changes:
        lines.append("  Nothing to do.")
    left = [(plan.counts.get(kind, 0), words) for kind, words in _LEAVING]
    count = sum(count for count, _ in left)
    if count:
        parts = ", ".join(f"{number(count)} {words}" for count, words in left if count)
        lines.append(f"  {'leave':<9} {counted(count, 'text')}: {parts}")
    agreed = plan.counts.get(Kind.UNCHANGED, 0) + plan.counts.get(Kind.ADOPT, 0)
    if agreed:
        lines.append(f"  {'keep':<9} {counted(agreed, 'text')} that agree with the service")
    if plan.balance is not None:
        lines += ["", f"  Balance: {number(plan.balance.available)} credits"]
    lines += _note_lines(plan.notes)
    for guard in guards:
        lines += ["", f"  Stop: {guard.message}. If that is what you want, add {guard.flag} to wtsync run."]
    return "\n".join(lines)


def _what(changes: Sequence[Change], words: str) -> str:
    """Say of how many texts and records something is done; keywords are told apart from texts."""
    found = sum(change.kind is not Kind.KEYWORDS and change.key.text_type == KEYWORDS for change in changes)
    records = counted_records(change.key.record for change in changes) if "{records}" in words else ""
    texts = words.format(texts=counted(len(changes) - found, "text"), records=records)
    keywords = f"keywords of {counted(found, 'record')}"
    if not found:
        return texts
    return keywords if found == len(changes) else f"{texts}, {keywords}"


def parts(changes: Sequence[Change]) -> list[tuple[str, list[Change]]]:
    """Split what is to be made as it is ordered, by type, store and language; nothing where there is only one part.

    A part is called by what differs between them, and they come in the order of the workbook.
    """
    if len({(key.type, key.store, key.language) for key in (change.key.record for change in changes)}) < 2:
        return []
    groups: dict[tuple[str, str, str], list[Change]] = {}
    for change in changes:
        key = change.key.record
        groups.setdefault((key.type, key.store, key.language), []).append(change)
    differs = [len(set(values)) > 1 for values in zip(*groups, strict=True)]
    return [
        (", ".join(value for value, shown in zip(group, differs, strict=True) if shown), found)
        for group, found in groups.items()
    ]


def _part_lines(changes: Sequence[Change]) -> list[str]:
    found = parts(changes)
    shown, rest = found[:_PARTS_SHOWN], found[_PARTS_SHOWN:]
    if rest:
        shown.append((f"and {len(rest)} more", [change for _, group in rest for change in group]))
    lines = []
    for name, group in shown:
        records = counted_records(change.key.record for change in group)
        price = credits_range(sum((change.price for change in group), Price()))
        lines.append(f"    {name + ':':<25} {counted(len(group), 'text') + ' for ' + records:<28} {price}")
    return lines


def _note_lines(notes: Iterable[Change]) -> list[str]:
    """List the reasons for what is left alone, with the rows each concerns."""
    rows: dict[tuple[str, str, str], set[int]] = {}
    for note in notes:
        sheet = "Images, " if note.key.record.type == IMAGE else ""
        rows.setdefault((note.reason, note.key.text_type, sheet), set()).add(note.row)
    groups: dict[tuple[str, str, tuple[int, ...]], list[str]] = {}
    for (reason, text_type, sheet), found in rows.items():
        groups.setdefault((reason, sheet, tuple(sorted(found))), []).append(text_type)
    if not groups:
        return []
    lines = ["", "  Notes"]
    for (reason, sheet, where), text_types in groups.items():
        lines.append(f"    {', '.join(text_types).capitalize()}, {sheet}{_rows(where)}: {reason}.")
    return lines


def _rows(rows: Sequence[int]) -> str:
    """Name ascending rows as ranges, and no more than can be read."""
    ranges: list[tuple[int, int]] = []
    for row in rows:
        if ranges and ranges[-1][1] == row - 1:
            ranges[-1] = (ranges[-1][0], row)
        else:
            ranges.append((row, row))
    shown = ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in ranges[:_ROWS_SHOWN])
    more = len(ranges) - _ROWS_SHOWN
    return f"{plural(len(rows), 'row')} {shown}" + (f" and {more} more" if more > 0 else "")


def problems_text(problems: Sequence[Problem]) -> str:
    """List what has to be put right: cell, value, what is wrong, what to do."""
    if not problems:
        return ""
    errors = [problem for problem in problems if not problem.warning]
    warnings = [problem for problem in problems if problem.warning]
    lines: list[str] = []
    for title, group in (("to put right", errors), ("to look at", warnings)):
        if group:
            lines.append(f"{counted(len(group), 'cell')} {title}:")
            lines += [_problem_lines(problem) for problem in group]
    return "\n".join(lines)


def _problem_lines(problem: Problem) -> str:
    value = f" '{problem.value}'" if problem.value else ""
    return f"  {problem.where}{value}: {problem.what}\n      {problem.remedy}"


def plan_data(
    plan: Plan, guards: Sequence[Guard], problems: Sequence[Problem], name: str, records: int
) -> dict[str, Any]:
    """Give the plan as plain data: changes, notes, counts, prices, balance, digest, problems, guards."""
    return {
        "workbook": name,
        "records": records,
        "changes": [change_data(change) for change in plan.changes],
        "notes": [change_data(change) for change in plan.notes],
        "counts": dict(plan.counts),
        "estimate": price_data(plan.estimate),
        "uploads": plan.uploads,
        "perRecord": record_prices(plan),
        "balance": None if plan.balance is None else plan.balance.available,
        "digest": plan.digest,
        "problems": [problem_data(problem) for problem in problems],
        "guards": [{"name": guard.name, "message": guard.message, "flag": guard.flag} for guard in guards],
    }


def change_data(change: Change) -> Mapping[str, Any]:
    """Give one change as plain data, with both its sides."""
    return {
        "row": change.row,
        **key_data(change.key),
        "kind": change.kind.value,
        "reason": change.reason,
        "was": change.was,
        "now": change.now,
        "price": price_data(change.price),
    }


def price_data(price: Price) -> Mapping[str, float]:
    """Give a price as plain data, in credits."""
    return {"min": price.min, "max": price.max}


def record_prices(plan: Plan) -> list[Mapping[str, Any]]:
    """Give what each record costs that costs anything, in the order of the workbook."""
    prices: dict[RecordKey, Price] = {}
    for change in plan.changes:
        if change.price.max:
            prices[change.key.record] = prices.get(change.key.record, Price()) + change.price
    return [{**record_data(key), "price": price_data(price)} for key, price in prices.items()]


def key_data(key: TextKey) -> Mapping[str, str]:
    """Give the address of a text as plain data."""
    return {**record_data(key.record), "field": key.text_type}


def record_data(key: RecordKey) -> Mapping[str, str]:
    """Give the address of a record as plain data."""
    return {"recordId": key.record_id, "type": key.type, "store": key.store, "language": key.language}


def problem_data(problem: Problem) -> Mapping[str, Any]:
    """Give one problem as plain data."""
    return {
        "where": problem.where,
        "kind": problem.kind,
        "value": problem.value,
        "what": problem.what,
        "remedy": problem.remedy,
        "warning": problem.warning,
    }
