"""The tree of errors. Each has an exit code and, where there is one, a hint: what to do next.

    WtsyncError                      1   anything expected to go wrong
    ├── UsageError                   2   the command's own words are off
    ├── WorkbookError                4   the workbook cannot be used as it is
    │   ├── NotAWorkbook                 not an .xlsx at all, encrypted, damaged, missing
    │   ├── ProblemsFound                cells to put right; carries the problems
    │   └── WorkbookBusy                 open elsewhere: results wait in the journal
    ├── Refused                      5   a guard said no; names the flag that passes it
    ├── ServiceError                 6   the service answered no, or did not answer
    │   ├── NotSignedIn                  no key, or the key is not taken
    │   ├── Rejected                     a definite no, with its status; nothing was done
    │   ├── NotFound                     404
    │   └── Unreachable                  no answer, or one that cannot be read
    ├── JournalError                 7   the journal is in use or cannot be read
    │   └── JournalBusy                  another process works on this workbook
    └── OutOfCredits                 8   the balance or the budget is used up

A row that is wrong is not an error but data (`model.Problem`); errors end a command.
Exit code 70 is for what is not in this tree (a bug), 130 for an interruption.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sync.model import Problem


class WtsyncError(Exception):
    """Something a person can understand and act on.

    `message` says what is wrong, in one sentence; `hint` says what to do, and may be empty.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(WtsyncError):
    """The words of the command do not fit together."""

    exit_code = 2


class WorkbookError(WtsyncError):
    """The workbook cannot be used as it is."""

    exit_code = 4


class NotAWorkbook(WorkbookError):
    """The file is missing, is no .xlsx, is encrypted, or is damaged."""


class WorkbookBusy(WorkbookError):
    """The workbook is open in another program, so that nothing may be written into it now."""


class ProblemsFound(WorkbookError):
    """Cells have to be put right first; `problems` lists every one, in the order of the workbook."""

    def __init__(self, problems: Sequence[Problem], message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.problems = tuple(problems)


class Refused(WtsyncError):
    """A guard refused the plan; the hint names the flag that passes it."""

    exit_code = 5


class ServiceError(WtsyncError):
    """The service could not be used."""

    exit_code = 6


class NotSignedIn(ServiceError):
    """There is no API key, or the service does not take it."""


class Rejected(ServiceError):
    """The service answered with a definite no (`status`), and did nothing."""

    def __init__(self, status: int, message: str, hint: str = "", *, retry_after: float | None = None) -> None:
        super().__init__(message, hint)
        self.status = status
        self.retry_after = retry_after
        """Seconds the service asked us to wait, when it said so."""


class NotFound(Rejected):
    """404: there is no such thing, or (for texts) nothing was generated yet."""


class Unreachable(ServiceError):
    """No answer came, or one that cannot be read. `not_left`: it is certain that nothing was sent."""

    def __init__(self, message: str, hint: str = "", *, not_left: bool = False) -> None:
        super().__init__(message, hint)
        self.not_left = not_left


class JournalError(WtsyncError):
    """The journal cannot be opened, read or written."""

    exit_code = 7


class JournalBusy(JournalError):
    """Another process is working on the same workbook."""


class OutOfCredits(WtsyncError):
    """The balance or the budget does not cover what is left; what was sent is still collected."""

    exit_code = 8
