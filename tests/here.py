"""The command run in the process of the test: no interpreter begins, and nothing is imported again.

For what has nothing to do with processes and signals. It has an environment, a folder and an output of its own for the
time that it takes.
"""

from __future__ import annotations

import io
import os
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from typing import TYPE_CHECKING
from unittest import mock

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from typing import TextIO


def run_here(words: Sequence[str], folder: Path, env: Mapping[str, str], out: TextIO, err: TextIO) -> int:
    """Run `wtsync` with these words, and nothing to read; gives its exit code."""
    from sync.cli import main  # noqa: PLC0415 - not needed by whoever starts processes

    with (
        mock.patch.dict(os.environ, env, clear=True),
        mock.patch.object(sys, "argv", ["wtsync", *words]),
        mock.patch.object(sys, "stdin", io.StringIO()),
        chdir(folder),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as end:
            return int(end.code or 0)
    return 0
