"""Talking to the user: data on stdout, talk on stderr, errors as what is wrong and what to do about it."""

from __future__ import annotations

import errno
import os
import shlex
import sys
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from sync.errors import WtsyncError


def clean(text: str) -> str:
    """Take out what could steer a terminal: texts and names come from elsewhere."""
    return "".join(ch if ch in "\n\t" or ch.isprintable() else "\N{REPLACEMENT CHARACTER}" for ch in text)


def typed(word: object) -> str:
    """Write a file's name, or another word, as it has to be typed into a terminal."""
    text = str(word)
    if os.name == "nt":
        return f'"{text}"' if " " in text else text
    return shlex.quote(text)


def say(text: str) -> None:
    """Tell the user something."""
    _give(clean(text), err=True)


def out(text: str) -> None:
    """Give the data that was asked for."""
    _give(clean(text))


def out_json(value: Any, *, indent: int | None = 2) -> None:
    """Give data to a program."""
    import json

    _give(json.dumps(value, ensure_ascii=True, indent=indent))


def _give(text: str, *, err: bool = False) -> None:
    """Write, as long as anybody listens: a closed terminal or a reader that has gone stops no work."""
    try:
        click.echo(text, err=err)
    except OSError as error:
        if error.errno not in {errno.EPIPE, errno.EIO}:
            raise
        nowhere = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - stays open to the end of the process
        if err:
            sys.stderr = nowhere
        else:
            sys.stdout = nowhere


def explain(error: WtsyncError) -> None:
    """Say what went wrong, and what to do. The cells to put right are data: they go where a plan would."""
    from sync.errors import ProblemsFound

    if isinstance(error, ProblemsFound):
        from sync.report.plan_text import problems_text

        if error.problems:
            out(problems_text(error.problems) + "\n")
    say(f"wtsync: error: {error.message}")
    if error.hint:
        say(f"wtsync: hint: {error.hint}")


def report_bug(error: Exception) -> None:
    """Say that this is our fault. The traceback names places in our code, and none of the user's values."""
    import traceback

    say(f"wtsync: error: this should not have happened ({type(error).__name__}). It is a fault in wtsync.")
    say("wtsync: hint: what was sent and received is in the journal; the same command goes on. Please report this:")
    for frame in traceback.extract_tb(error.__traceback__):
        say(f"    {os.path.basename(frame.filename)}:{frame.lineno} {frame.name}")  # noqa: PTH119 - a name, not a path
    if os.environ.get("WTSYNC_DEBUG"):
        traceback.print_exception(error)


def is_terminal() -> bool:
    """Tell whether somebody sits before a terminal who can answer."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def confirmed(question: str) -> bool:
    """Ask, on a terminal only; the answer is no unless it is yes."""
    return is_terminal() and click.confirm(clean(question), default=False, err=True)
