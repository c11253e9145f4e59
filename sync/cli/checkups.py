"""What `wtsync doctor` looks at: this computer, the service, one workbook. Changes nothing, costs nothing."""

from __future__ import annotations

import os
import platform
import shutil
from typing import TYPE_CHECKING

from sync.counts import counted, lasting, number
from sync.errors import JournalError, ServiceError, WtsyncError
from sync.model import Finding, State

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sync.model import Reference
    from sync.service import Service
    from sync.tables import Tables

SKEW = 300.0
"""Seconds by which two clocks may differ before it is worth a word; wtsync itself goes by the service's clock."""


def fine(about: str, what: str) -> Finding:
    """Say that something is as it should be."""
    return Finding(about, State.FINE, what)


def note(about: str, what: str, remedy: str = "") -> Finding:
    """Say something that is worth knowing."""
    return Finding(about, State.NOTE, what, remedy)


def wrong(about: str, error: WtsyncError) -> Finding:
    """Say what an error says."""
    return Finding(about, State.WRONG, error.message, error.hint, error.exit_code)


def of_computer() -> Iterator[Finding]:
    """Look at Python, the disk of the journals, and whether what is written there stays written."""
    from sync import __version__
    from sync.cli.emergency import ROOM
    from sync.journal import state_dir, try_journal

    system = f"{platform.system()} {platform.release()}".strip()
    yield fine("versions", f"wtsync {__version__}, Python {platform.python_version()}, {system}")
    folder = state_dir()
    try:
        try_journal(folder)
        free = shutil.disk_usage(folder).free
    except (JournalError, OSError) as error:
        known = error if isinstance(error, JournalError) else JournalError(f"{folder} cannot be used: {error}.")
        yield wrong("journals", known)
        return
    room = f"{free // 2**20:,} MB are free on the disk of {folder}"
    if free < ROOM:
        yield Finding("journals", State.WRONG, f"only {room}", "Make room, or set WTSYNC_STATE_DIR elsewhere.", 5)
    else:
        yield fine("journals", f"what is written there stays written; {room}")


def of_key() -> tuple[Finding, Service | None]:
    """Say which API is spoken to, and where the key for it was found; gives the client for it, where there is a key."""
    from sync.cli.connecting import connect
    from sync.service import api_url, find_key

    try:
        service = connect()
        key = find_key(os.environ)
    except WtsyncError as error:
        return wrong("key", error), None
    return fine("key", f"the one for {api_url(os.environ)}, from {key.source if key else 'nowhere'}"), service


def of_service(service: Service) -> Iterator[Finding]:
    """Sign in, and look at the region, the clocks, the balance and the lists; stops at what makes the rest useless."""
    try:
        service.sign_in()
    except ServiceError as error:
        yield wrong("sign-in", error)
        return
    yield fine("sign-in", f"the key is taken; {service.identity} answers")
    for about, look in (("balance", _balance), ("lists", _lists)):
        try:
            yield look(service)
        except ServiceError as error:
            yield wrong(about, error)
    if service.simulated:
        yield note("simulator", "this is the simulator: its texts are not for the shop")
    offset = service.server_time_offset
    if offset is None:
        yield note("clock", "the service does not tell its time; texts are told apart by their ids all the same")
    elif abs(offset) > SKEW:
        apart = "behind" if offset > 0 else "ahead"
        yield note(
            "clock",
            f"this computer's clock is {lasting(abs(offset))} {apart}",
            "wtsync goes by the service's. Have this computer set its clock by the network.",
        )
    else:
        yield fine("clock", "agrees with the service's")


def _balance(service: Service) -> Finding:
    balance = service.balance()
    plan = balance.membership or ("premium" if balance.premium else "no premium plan")
    said = f"{number(balance.available)} credits ({plan})"
    if balance.available <= 0:
        return note("balance", said, "Nothing can be made before there are credits; fetching and sending back is free.")
    return fine("balance", said)


def _lists(service: Service) -> Finding:
    reference = service.reference()
    said = ", ".join(
        f"{number(len(entries))} {word}"
        for entries, word in (
            (reference.tones, "tones"),
            (reference.styles, "styles"),
            (reference.audiences, "audiences"),
        )
    )
    if not reference.prices.generation:
        return note("lists", f"{said}; no price list", "Prices are worked out from the vendor's usual ones.")
    return fine("lists", f"{said}, limits and prices")


def of_workbook(file: Path, tables: Tables | WtsyncError, service: Service | None) -> Iterator[Finding]:
    """Look at a workbook: whether it can be read and written, what is wrong in it, and what is outstanding.

    `tables` is what was read, or why it could not be.
    """
    if isinstance(tables, WtsyncError):
        yield wrong("readable", tables)
        return
    reference = _reference(service)
    yield from _cells(tables, reference)
    yield from _writable(file, tables)
    yield from _journal(tables)


def _reference(service: Service | None) -> Reference | None:
    try:
        return service.reference() if service is not None else None
    except ServiceError:
        return None


def _cells(tables: Tables, reference: Reference | None) -> Iterator[Finding]:
    from sync.records import to_workbook

    workbook = to_workbook(tables, reference)
    yield fine("readable", f"{counted(len(workbook.records) - workbook.images, 'record')} on the sheet {tables.sheet}")
    if tables.images is not None:
        yield fine("images", f"{counted(workbook.images, 'image')} on the sheet {tables.images.sheet}")
    errors = sum(not problem.warning for problem in workbook.problems)
    warnings = len(workbook.problems) - errors
    if errors:
        yield Finding(
            "cells", State.WRONG, f"{counted(errors, 'cell')} to be put right", "`wtsync plan` lists each of them.", 4
        )
    if warnings:
        yield note("cells", f"{counted(warnings, 'cell')} worth a look", "`wtsync plan` lists each of them.")
    if not errors and not warnings:
        unchecked = "" if reference is not None else ", as far as can be seen without the account's lists"
        yield fine("cells", f"nothing to be put right{unchecked}")


def _writable(file: Path, tables: Tables) -> Iterator[Finding]:
    from sync.cli.emergency import check_room
    from sync.journal import journal_path
    from sync.workbook.save import busy_reason

    reason = busy_reason(file)
    if reason is not None:
        yield note("open", f"it is {reason}", "Texts wait until it is closed there; a run can go on all the same.")
    try:
        check_room(file, _existing(journal_path(tables.workbook_id)))
    except WtsyncError as error:
        yield wrong("writing", error)
    else:
        yield fine("writing", "the file may be written, and there is room for it and for copies")
    yield from _inside(file)


def _existing(journal: Path) -> Path:
    """Name a file as if in the nearest folder that is there: before the first run there is none for journals yet."""
    folder = next(one for one in journal.parents if one.is_dir())
    return folder / journal.name


def _inside(file: Path) -> Iterator[Finding]:
    from sync.workbook.package.container import Container
    from sync.workbook.package.outside import outside

    with Container.open(file) as container:
        if container.signed:
            yield note("signature", "it is digitally signed, and the signature will not hold once something is written")
        if found := outside(container):
            yield note("links", f"it holds {', '.join(found)}", "They are never followed or run, and stay as they are.")


def _journal(tables: Tables) -> Iterator[Finding]:
    from sync.journal import holder, is_sound, journal_path

    path = journal_path(tables.workbook_id)
    held = holder(path)
    if held is not None:
        yield note("at work", f"`{held.command}` is at work on it, process {held.pid} on {held.host}")
    if not path.exists():
        yield fine("journal", "none yet on this computer")
        return
    try:
        sound = is_sound(path)
    except JournalError as error:
        yield wrong("journal", error)
        return
    if sound:
        yield fine("journal", f"sound: {path}")
    else:
        yield Finding(
            "journal", State.WRONG, f"damaged: {path}", "The next `wtsync run` puts its newest copy in its place.", 7
        )
