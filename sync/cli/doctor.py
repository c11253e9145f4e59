"""`wtsync doctor`: whether all is well with account, computer and workbook; what a real service answers differently."""

from __future__ import annotations

from contextlib import closing, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sync.cli.console import out, out_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sync.model import Finding, Probe
    from sync.service import Place, Service


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
        if file is not None:
            sections.append((file.name, tuple(of_workbook(file, usable))))
        probes = tuple(_probes(usable, file)) if live and usable is not None else ()
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


def _probes(service: Service, file: Path | None) -> Iterator[Probe]:
    return service.probe(_place(file))


def _place(file: Path | None) -> Place:
    """Ask about the shop of the workbook's first record, where there is one."""
    from sync.errors import WtsyncError
    from sync.records import to_workbook
    from sync.service import Place
    from sync.workbook.read import read

    if file is not None:
        try:
            records = to_workbook(read(file), None).records
        except WtsyncError:
            records = ()
        if records:
            key = records[0].key
            return Place(key.type, key.store, key.language)
    return Place()
