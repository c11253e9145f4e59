"""Results that are not in the workbook: offered in a file of their own, and cleared away when they have got there."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from sync.cli.console import typed
from sync.counts import counted, number
from sync.errors import WorkbookBusy, WorkbookError
from sync.model import Origin
from sync.projection import Settled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sync.cli.writing import Written
    from sync.journal import Journal
    from sync.model import Delivery, RecordKey, TextKey
    from sync.workbook.template_results import ResultRow

_NAMES = 9
"""How many names are tried in a folder, where the first ones are open or have become somebody's own."""
_SHOWN = 5
"""How many cells are named that could not be written."""


def offer(
    file: Path,
    journal: Journal,
    *,
    simulated: bool,
    left: Sequence[tuple[Delivery, str]] = (),
    reason: str = "",
) -> tuple[str, ...]:
    """Leave the texts that wait in a file beside the workbook, by record id; say so in a line, or nothing.

    `left` says of single texts why they have no place, `reason` of all others. Files that an earlier write left and
    that are obsolete now are removed, unless somebody has saved them since.
    """
    waiting = [item for item in journal.texts.deliveries() if item.origin in {Origin.GENERATED, Origin.PULLED}]
    if not waiting:
        return tuple(_clear(journal))
    why = {item.key: cause for item, cause in left}
    causes = {item.key: why.get(item.key, reason) for item in waiting}
    target = _leave(file, journal, list(_rows(journal, waiting, causes, simulated=simulated)), reason)
    kept = tuple(_clear(journal, but=target))
    counts = Counter(cause.partition(": ")[2] or cause for cause in causes.values() if cause)
    listed = "; ".join(f"{number(count)}: {cause}" for cause, count in counts.most_common())
    where = f"They are in {target}, by record id, and" if target else "They are"
    said = (
        f"Not in the workbook: {counted(len(waiting), 'text')}{f' ({listed})' if listed else ''}. {where} in the"
        f" journal; `wtsync apply {typed(file)}` puts them in when there is a place for them."
    )
    return (said, *kept)


def why_not(error: WorkbookError) -> str:
    """Say in a few words why a workbook could not be written."""
    return "the workbook is open elsewhere" if isinstance(error, WorkbookBusy) else "the workbook cannot be written"


def written_lines(written: Written | None) -> list[str]:
    """Say what was written into the workbook, and what could not be."""
    if written is None:
        return []
    lines = []
    if written.certificate is not None:
        lines.append(f"Workbook: {written.certificate.line()}.")
    kept = written.projection.count(Settled.KEPT)
    if kept:
        lines.append(f"Changed by somebody meanwhile and left as they are: {counted(kept, 'cell')}; see Message there.")
    lines += written.offered
    lines += [f"Not written: {obstacle}. {obstacle.hint}" for obstacle in written.obstacles[:_SHOWN]]
    if len(written.obstacles) > _SHOWN:
        lines.append(f"Not written: {counted(len(written.obstacles) - _SHOWN, 'more cell')} like these.")
    return [*lines, *written.notes]


def left_behind(journal: Journal) -> list[str]:
    """List the files with results that were left for the user and are still there."""
    return [path for path in journal.files.results() if Path(path).exists()]


def _rows(
    journal: Journal, waiting: Sequence[Delivery], causes: Mapping[TextKey, str], *, simulated: bool
) -> Iterator[ResultRow]:
    """Put the texts together by record, in the order of the ids."""
    from sync.report.rows import row_results
    from sync.workbook.template_results import ResultRow

    known = row_results(journal.outcomes(), simulated=simulated)
    by_record: dict[RecordKey, list[Delivery]] = {}
    for item in waiting:
        by_record.setdefault(item.key.record, []).append(item)
    for record in sorted(by_record):
        items, result = by_record[record], known[record]
        because = dict.fromkeys(f"{causes[item.key]}." for item in items if causes[item.key])
        yield ResultRow(
            record=record,
            texts={item.key.text_type: item.value for item in items},
            status=result.status,
            message=" ".join(part for part in (result.message, *because) if part),
            updated=result.updated,
            credits=result.credits,
        )


def _leave(file: Path, journal: Journal, rows: Sequence[ResultRow], reason: str) -> Path | None:
    """Make the file and put it where there is room for it: beside the workbook, or else beside the journal."""
    from sync.journal import state_dir
    from sync.workbook.template_results import make_results

    own = state_dir() / "results" / journal.path.stem
    fresh = own / f".{file.stem}.new.xlsx"
    try:
        own.mkdir(parents=True, exist_ok=True, mode=0o700)
        make_results(fresh, rows, about=_about(file, reason))
        for folder in (file.parent, own):
            for number_ in range(1, _NAMES + 1):
                target = folder / f"{file.stem}.results{f'-{number_}' if number_ > 1 else ''}.xlsx"
                if _placed(fresh, target, journal):
                    return target
    except (OSError, WorkbookError):
        return None  # the journal has them; that is said in any case
    finally:
        fresh.unlink(missing_ok=True)
    return None


def _placed(fresh: Path, target: Path, journal: Journal) -> bool:
    """Put the file in a place, unless what is there is open or is not what we left there."""
    from sync.workbook.save import busy_reason, sha256_of
    from sync.workbook.temporary import flush, take_over, temporary

    try:
        sha = sha256_of(fresh)
        there = sha256_of(target) if target.exists() else ""
        known = journal.files.results().get(str(target.resolve()), "")
        if there and there not in {known, sha}:
            return False
        if there != sha:
            if there and busy_reason(target):
                return False
            with temporary(target) as made:
                shutil.copyfile(fresh, made)
                take_over(fresh, made)
                flush(made)
                made.replace(target)
    except OSError:
        return False
    journal.files.left_results(str(target.resolve()), sha)
    return True


def _about(file: Path, reason: str) -> tuple[str, ...]:
    return (
        f"Texts for {file.name} that are not in it yet",
        f"The sheet Results has them by record id.{f' Why: {reason}.' if reason else ''}",
        "They are safe: wtsync keeps them in its journal too. Nothing here has to be copied by hand.",
        f"To have them put into the workbook: close it everywhere, then run: wtsync apply {typed(file.name)}",
        "wtsync then removes this file, unless you have saved it yourself.",
    )


def _clear(journal: Journal, but: Path | None = None) -> Iterator[str]:
    """Remove the files that are of no use any more; what somebody has saved since stays."""
    from sync.workbook.save import busy_reason, sha256_of

    for path, sha in journal.files.results().items():
        file = Path(path)
        if but is not None and file == but.resolve():
            continue
        try:
            if not file.exists():
                journal.files.forget_results(path)
            elif sha256_of(file) != sha:
                journal.files.forget_results(path)
                yield f"{file.name} was saved by somebody since wtsync made it, so it stays; wtsync needs it no more."
            elif busy_reason(file):
                yield f"{file.name} has done its work, but is {busy_reason(file)}: the next write removes it."
            else:
                file.unlink()
                journal.files.forget_results(path)
                yield f"{file.name} has done its work and was removed."
        except OSError as error:
            yield f"{file.name} has done its work, but could not be removed: {error.strerror or error}."
