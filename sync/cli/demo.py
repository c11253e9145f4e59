"""`wtsync demo`: the whole story on a sample workbook, against the simulator, in under a minute."""

from __future__ import annotations

import click


@click.command("demo")
def command() -> None:
    """Run the whole story on a sample workbook."""
