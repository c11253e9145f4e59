"""`wtsync simulate`: the service, simulated on this computer."""

from __future__ import annotations

import json
from pathlib import Path

import click

from sync.cli.console import out, say


@click.command("simulate")
@click.option(
    "--port",
    default=8765,
    show_default=True,
    metavar="P",
    type=click.IntRange(0, 65535),
    help="Port; 0 takes any free one.",
)
@click.option("--seed", default=0, show_default=True, help="The same seed gives the same texts.")
@click.option("--capacity", default=4, show_default=True, type=click.IntRange(1), metavar="RECORDS",
              help="Records worked on at a time.")  # fmt: skip
@click.option("--seconds-per-record", default=1.0, show_default=True, type=click.FloatRange(min=0), metavar="S",
              help="How long one record takes.")  # fmt: skip
@click.option("--days-later", default=0.0, type=click.FloatRange(min=0, max=3650), metavar="DAYS",
              help="Let so many days pass first: ranks move, images expire. Kept in the state file.")  # fmt: skip
@click.option("--state", type=click.Path(path_type=Path, dir_okay=False), help="Keep everything in this file.")
@click.option("--fault", default="", metavar="SPEC", help="Misbehave, for example 'lost:p=0.05,on=generate;429:p=0.1'.")
@click.option("--key", "api_key", default="", help="The API key to accept, instead of the usual one.")
@click.option(
    "--openapi", is_flag=True, help="Print a description of the simulated service as OpenAPI 3.1 (JSON) and end."
)
def command(
    port: int,
    seed: int,
    capacity: int,
    seconds_per_record: float,
    days_later: float,
    state: Path | None,
    fault: str,
    api_key: str,
    openapi: bool,
) -> None:
    """Run a simulated WriteText.ai on this computer, for trying things without an account.

    Prints two lines to export, then serves until Ctrl-C. Its texts are made up, and so are its credits;
    GET /_simulator/ledger lists what it charged.
    """
    from sync.errors import UsageError
    from sync.simulator import DEFAULT_KEY, serve

    if openapi:
        from sync.service.openapi import description

        out(json.dumps(description(), indent=2))
        return

    def announce(url: str, key: str) -> None:
        out(f"WTSYNC_API_URL={url}")
        out(f"WTSYNC_API_KEY={key}")
        say("The simulated service is up. In another terminal, export the two lines above; Ctrl-C ends it.")

    try:
        serve(
            port=port,
            seed=seed,
            capacity=capacity,
            seconds_per_record=seconds_per_record,
            state=state,
            fault=fault,
            days_later=days_later,
            api_key=api_key or DEFAULT_KEY,
            announce=announce,
        )
    except OSError as error:
        raise UsageError(
            f"The simulator cannot listen on port {port}: {error.strerror or error}.", "Choose another with --port."
        ) from error
    except ValueError as error:
        raise UsageError(f"{error}", "`wtsync simulate --help` shows an example.") from error
