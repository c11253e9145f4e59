"""`wtsync doctor`: whether all is well with account, computer and workbook; what a real service answers differently."""

from __future__ import annotations

from contextlib import closing, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sync.cli.console import out, out_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sync.errors import WtsyncError
    from sync.model import Finding
    from sync.service import Place
    from sync.tables import Tables


@click.command("doctor")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--live", is_flag=True, help="Also call every free read of the service, and report what differs.")
@click.option("--json", "as_json", is_flag=True, help="Give the findings as JSON.")
@click.pass_context
def command(ctx: click.Context, file: Path | None, live: bool, as_json: bool) -> None:
    """See whether all is well: this computer, the account, and FILE.

    Changes nothing and costs nothing. Leaves with the code of what is wrong first: 4 the workbook, 5 room, 6 the
    service, 7 the journal; with 0 when nothing is.

    --live compares each answer of the service with what wtsync takes it to be. What it prints names fields and kinds
    of values, and no value: it can be pasted into a report as it is.
    """
    from sync.cli.checkups import of_computer, of_key, of_service, of_workbook
    from sync.report.doctor_text import doctor_data, doctor_text, live_data, live_text

    key, service = of_key()
    with closing(service) if service is not None else nullcontext():
        sections = [("This computer", tuple(of_computer()))]
        asked = tuple(of_service(service)) if service is not None else ()
        sections.append(("The service", (key, *asked)))
        usable = service if all(one.exit_code == 0 for one in asked) else None
        tables = _tables(file)
        if file is not None and tables is not None:
            sections.append((file.name, tuple(of_workbook(file, tables, usable))))
        probes = tuple(usable.probe(_place(tables))) if live and usable is not None else ()
        simulated = service is not None and service.simulated
    if as_json:
        data: dict[str, Any] = doctor_data(sections)
        if live:
            data["live"] = live_data(probes)
        out_json(data)
    else:
        out(doctor_text(sections))
        if live:
            out("\n" + live_text(probes, simulated=simulated))
    ctx.exit(_exit_code(one for _, findings in sections for one in findings))


def _exit_code(findings: Iterator[Finding]) -> int:
    return next((one.exit_code for one in findings if one.exit_code), 0)


def _tables(file: Path | None) -> Tables | WtsyncError | None:
    """Read the workbook, once for all that is looked at in it; or say why that cannot be."""
    from sync.errors import WtsyncError
    from sync.workbook.read import read

    try:
        return None if file is None else read(file)
    except WtsyncError as error:
        return error


def _place(tables: Tables | WtsyncError | None) -> Place:
    """Ask about the shop of the workbook's first record, where there is one."""
    from sync.records import to_workbook
    from sync.service import Place
    from sync.tables import Tables

    records = to_workbook(tables, None).records if isinstance(tables, Tables) else ()
    if not records:
        return Place()
    key = records[0].key
    return Place(key.type, key.store, key.language)
