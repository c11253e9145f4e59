"""`wtsync status`: what is outstanding here and on the service, the balance, and why it waits."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sync.cli.console import out, out_json, typed
from sync.counts import counted, number

if TYPE_CHECKING:
    from sync.batch import Batch
    from sync.cli.waiting import Watch
    from sync.journal import Journal
    from sync.model import RequestDetails


@click.command("status")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Give the status as JSON.")
def command(file: Path | None, as_json: bool) -> None:
    """Show what is outstanding: on the service, and with FILE also in its journal."""
    from sync.cli.amnesia import is_forgotten
    from sync.cli.beside import of_files
    from sync.cli.connecting import connect
    from sync.cli.undone import undone
    from sync.cli.waiting import Watch
    from sync.cli.wiring import open_journal
    from sync.workbook.read import read

    tables = read(file) if file else None
    with connect() as service:
        watch = Watch(service, service.active_requests())
        status: dict[str, Any] = {
            "service": service.identity,
            "simulated": service.simulated,
            "balance": service.balance().available,
            "requests": [_request(request, watch) for request in watch.active],
        }
        if tables is not None and file is not None:
            with open_journal(tables, service) as journal:
                status["workbook"] = _workbook(journal, file, watch)
                status["workbook"]["forgotten"] = is_forgotten(tables, journal)
                files = of_files(file, tables, journal, len(undone(tables, journal)))
                status["workbook"] |= files.data()
    if as_json:
        out_json(status)
        return
    out(_service_text(status))
    if file is not None:
        out("\n".join((_workbook_text(status["workbook"], file), *(f"  {line}" for line in files.lines(file)))))


def _request(request: RequestDetails, watch: Watch) -> dict[str, Any]:
    return {
        "id": request.request_id,
        "state": request.raw_state,
        "type": request.type,
        "store": request.store,
        "language": request.language,
        "done": len(request.completed),
        "failed": len(request.failed),
        "total": request.total or len(request.records),
        "estimatedEnd": watch.end(request),
        "user": request.user,
    }


def _workbook(journal: Journal, file: Path, watch: Watch) -> dict[str, Any]:
    from sync.journal import holder
    from sync.report.plan_text import record_data
    from sync.workbook.save import busy_reason

    runs = journal.batches.runs()
    held = holder(journal.path)
    tally = journal.tally({runs[-1].id}) if runs else None
    active = {request.request_id for request in watch.active}
    waiting = len(journal.texts.deliveries())
    return {
        "journal": str(journal.path),
        "holder": None
        if held is None
        else {"pid": held.pid, "host": held.host, "command": held.command, "beat": held.beat},
        "lastRun": None
        if not runs or tally is None
        else {
            "id": runs[-1].id,
            "state": runs[-1].state if held or runs[-1].state != "running" else "interrupted",
            "startedAt": runs[-1].started_at,
            "done": tally.done,
            "keywords": tally.keywords,
            "failed": tally.failed,
            "cancelled": tally.cancelled,
            "notSent": tally.not_sent,
            "notSentBecause": _refusals(journal, runs[-1].id) if tally.not_sent else [],
            "total": tally.total,
            "credits": tally.credits,
        },
        "open": [{**_batch(batch, active), **watch.figures(batch)} for batch in journal.batches.open()],
        "unknown": [_batch(batch, active) for batch in journal.batches.unknown()],
        "waiting": waiting,
        "waitingBecause": (busy_reason(file) or "") if waiting else "",
        "duplicates": [
            {
                "recordId": one.key.record.record_id,
                "language": one.key.record.language,
                "field": one.key.text_type,
                "batch": one.batch,
                "found": one.found,
                "kept": one.kept,
            }
            for one in journal.doubts.duplicates()
        ],
        "conflicts": _conflicts(file),
        "flaggedForRewrite": [
            dict(record_data(run.key)) for run in journal.optimizations.runs().values() if run.now and run.now.flagged
        ],
        "lastSign": journal.batches.last_event(),
    }


def _conflicts(file: Path) -> int:
    """Count the texts in conflict that the sheet Conflicts names, as the last run left it; no service is asked."""
    from sync.workbook.added import read_added
    from sync.workbook.layout import CONFLICT_HEADINGS, CONFLICTS

    there = read_added(file, CONFLICTS)
    return 0 if there is None else sum(bool(texts[CONFLICT_HEADINGS[0]]) for _, texts in there.rows)


def _refusals(journal: Journal, run_id: str) -> list[str]:
    """Give the reasons why batches of a run were not sent, each once."""
    from sync.batch import BatchState

    ended = journal.batches.batches({BatchState.REJECTED, BatchState.BLOCKED})
    return list(dict.fromkeys(batch.reason for batch in ended if batch.run_id == run_id and batch.reason))


def _batch(batch: Batch, active: set[str]) -> dict[str, Any]:
    from sync.batch import ItemState

    left = [item for item in batch.items if item.state in {ItemState.OPEN, ItemState.UNKNOWN}]
    return {
        "batch": batch.id,
        "run": batch.run_id,
        "request": batch.request_id,
        "state": batch.state,
        "active": batch.request_id in active,
        "records": len({item.key.record for item in left}),
        "texts": len(left),
        "keywords": batch.for_keywords,
        "max": sum(item.price.max for item in left),
        "reason": batch.reason or next((one.reason for one in left if one.state is ItemState.UNKNOWN), ""),
        "sentAt": batch.sent_at,
    }


def _service_text(status: dict[str, Any]) -> str:
    name = "the simulator" if status["simulated"] else status["service"]
    lines = [f"Service: {name}, balance {counted(status['balance'], 'credit')}"]
    for request in status["requests"]:
        lines.append(
            f"  request {request['id']}: {request['state']}, {request['done']} of {request['total']} records,"
            f" {request['type']} {request['language']} in {request['store']}{_expected(request)}"
        )
    if not status["requests"]:
        lines.append("  Nothing is being made there.")
    return "\n".join(lines)


def _workbook_text(status: dict[str, Any], file: Path) -> str:
    from sync.batch import BatchState

    lines = [f"Workbook: {file.name}", *_run_lines(status), *_open_lines(status, file)]
    for batch in status["unknown"]:
        what = "whether the service has it" if batch["state"] is BatchState.UNKNOWN else "what became of it"
        lines.append(
            f"  Batch {batch['batch']}: nobody can say {what}:"
            f" {batch['reason'] or 'nothing is known of how its sending ended'}."
            f" {_ordered(batch)}, up to {counted(batch['max'], 'credit')}.\n"
            f"      To send it again, at the risk of paying twice: wtsync run {typed(file)} --resend {batch['batch']}\n"
            f"      To let it be: wtsync run {typed(file)} --accept-lost {batch['batch']}"
        )
    if status["waiting"]:
        where = f", which is {status['waitingBecause']}" if status["waitingBecause"] else ""
        lines.append(
            f"  {counted(status['waiting'], 'text')} in the journal, not yet in the workbook{where}:"
            f" wtsync apply {typed(file)}"
        )
    if status["conflicts"]:
        lines.append(
            f"  {counted(status['conflicts'], 'text')} in conflict when it was last looked at: the sheet Conflicts"
            " shows both sides, and what to choose."
        )
    if flagged := [one["recordId"] for one in status["flaggedForRewrite"]]:
        from sync.keyword_sheets.words import named

        lines.append(
            f"  The service asked for a rewrite when it was last looked at: {counted(len(flagged), 'record')}"
            f" ({named(flagged)}). Choose Rewrite on Records; to look again: wtsync keywords {typed(file)}"
        )
    if status["duplicates"]:
        lines.append(
            f"  {counted(len(status['duplicates']), 'text')} charged twice: an order was delivered twice, or one that"
            " was given up arrived all the same."
            " `wtsync status --json` lists both ids of each, for a claim."
        )
    if status["lastRun"] is not None and not (
        status["open"] or status["unknown"] or status["waiting"] or status["undone"]
    ):
        lines.append("  Nothing is outstanding.")
    return "\n".join(lines)


def _run_lines(status: dict[str, Any]) -> list[str]:
    """Say who is at work, how the last run went, and when there was a sign of life."""
    run, held, lines = status["lastRun"], status["holder"], []
    if held is not None:
        lines.append(
            f"  At work on it: `{held['command']}`, process {held['pid']} on {held['host']}, {_ago(held['beat'])}."
        )
    if run is None:
        lines.append("  It has had no run on this computer.")
    else:
        lines.append(f"  Last run {run['id']}: {run['state']}, started {_ago(run['startedAt'])}.")
        lines.append(f"  {_counts(run)}")
        lines += [f"  Not sent: {reason}." for reason in run["notSentBecause"]]
    if status["forgotten"]:
        lines.append(f"  It has been worked on before, but its journal is not here: {status['journal']}.")
    if held is None and status["lastSign"] and (status["open"] or status["unknown"]):
        lines.append(f"  Nobody is at work on it; last sign of life {_ago(status['lastSign'])}.")
    return lines


def _open_lines(status: dict[str, Any], file: Path) -> list[str]:
    """Say of each batch that the service has how far it is, and why it waits."""
    keywords = sum(batch["records"] for batch in status["open"] if batch["keywords"])
    lines = [f"  Keywords of {counted(keywords, 'record')} are being looked for."] if keywords else []
    lines += [
        f"  Batch {batch['batch']}: {counted(batch['texts'], 'text')} outstanding (request {batch['request']}):"
        f" {batch['why']}{_expected(batch)}."
        for batch in status["open"]
        if not batch["keywords"]
    ]
    if lines and status["holder"] is None:
        lines.append(f"      To follow and collect: wtsync run {typed(file)}")
    return lines


def _expected(one: dict[str, Any]) -> str:
    from sync.cli.waiting import when

    return "" if one["estimatedEnd"] is None else f", expected {when(one['estimatedEnd'])}"


def _ordered(batch: dict[str, Any]) -> str:
    """Say what a batch was to bring."""
    if batch["keywords"]:
        return f"The keywords of {counted(batch['records'], 'record')}"
    return counted(batch["texts"], "text")


def _counts(run: dict[str, Any]) -> str:
    """Say what came of a run; keywords are told apart from texts."""
    made = f"{number(run['done'])} of {number(run['total'])} texts made"
    if run["keywords"]:
        texts = counted(run["done"] - run["keywords"], "text")
        made = f"keywords of {counted(run['keywords'], 'record')} found and {texts} made, of {number(run['total'])}"
    parts = [f"{made}, {counted(run['credits'], 'credit')}"]
    for name, word in (("failed", "failed"), ("cancelled", "stopped"), ("notSent", "not sent")):
        if run[name]:
            parts.append(f"{number(run[name])} {word}")
    return ", ".join(parts) + "."


def _ago(moment: float) -> str:
    seconds = max(0, round(time.time() - moment))
    if seconds < 120:
        return f"{seconds} s ago"
    if seconds < 7200:
        return f"{seconds // 60} min ago"
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(moment))
