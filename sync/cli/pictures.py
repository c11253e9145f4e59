"""The images that a workbook names, looked at before anything is sent: whether they may and can be uploaded."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from sync.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from pathlib import Path

    from sync.cli.wiring import Checked
    from sync.journal import Journal
    from sync.model import Picture, Plan, Problem, Workbook

Place = tuple[str, str]


def picture_data(file: Path) -> Callable[[Picture], bytes]:
    """Give what reads the file of a picture, beside this workbook. It raises UsageError."""
    from sync.pictures import read_picture
    from sync.service.uploads import MOST_BYTES

    folder = file.resolve().parent
    return lambda picture: read_picture(folder, picture.file, MOST_BYTES)


def with_addresses(workbook: Workbook) -> Workbook:
    """Add to the problems every image whose address nobody but this network can open; drop what relies on it."""
    from sync.service import api_url
    from sync.service.uploads import check_address, is_local

    local = is_local(api_url(os.environ))
    refused: dict[Place, Problem] = {}
    for place, picture in workbook.pictures.items():
        if picture.url:
            try:
                check_address(picture.url, local=local)
            except UsageError as error:
                refused[place] = _problem(picture, "image-address", error)
    return _without(workbook, refused)


def with_pictures(seen: Checked, file: Path, plan: Plan, journal: Journal) -> tuple[Checked, Plan]:
    """Look at the image files that a plan needs; give their problems, and the plan with what it would upload.

    Where there are problems, the plan is to be made again, without the rows that rely on these images.
    """
    from sync.records import ByKey
    from sync.service.uploads import data_uri
    from sync.uploads import digest_of, is_there, needed

    workbook, service = seen.workbook, seen.service
    if not workbook.pictures:
        return seen, plan
    read, uploads = picture_data(file), 0
    flawed: dict[Place, Problem] = {}
    now = service.server_time or 0.0
    for place, picture in needed(plan.changes, ByKey(workbook.records), workbook.pictures).items():
        try:
            data = read(picture) if picture.file else b""
            if picture.file:
                data_uri(data)
        except UsageError as error:
            flawed[place] = _problem(picture, "image-file", error)
            continue
        uploads += not is_there(journal.uploads.known(*place), digest_of(picture, data), now)
    if flawed:
        seen = replace(seen, workbook=_without(workbook, flawed))
    return seen, replace(plan, uploads=uploads)


def _problem(picture: Picture, kind: str, error: UsageError) -> Problem:
    from sync.model import Problem

    return Problem(picture.where, kind, picture.source, error.message, error.hint)


def _without(workbook: Workbook, flawed: Mapping[Place, Problem]) -> Workbook:
    from sync.records import ByKey, only
    from sync.uploads import looked_at

    if not flawed:
        return workbook
    records = ByKey(workbook.records)
    kept = only(workbook.records, lambda one: not _rely(looked_at(one.key, records), flawed))
    return replace(workbook, records=kept, problems=(*workbook.problems, *flawed.values()))


def _rely(images: Collection[Place], flawed: Mapping[Place, Problem]) -> bool:
    return any(one in flawed for one in images)
