"""Asks the service for suggestions, one question after the other: noted before it leaves, kept when it is answered."""

from __future__ import annotations

import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sync.cli.console import confirmed, is_terminal, say
from sync.counts import counted, number
from sync.errors import NotFound, NotSignedIn, Rejected, ServiceError, Unreachable
from sync.model import Idea
from sync.suggesting.asking import LOOKED_AT, heard, still_chosen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from sync.cli.work import Work
    from sync.model import Record, RecordKey, Suggested, Suggestions
    from sync.suggesting.asking import Question

_PAYING, _BUSY = 402, 429
_FINAL = frozenset({400, 404, 405, 413, 422})
"""A no that will not become a yes: what was chosen is not told again."""
_TRIES = 4
_PAUSE = 5.0
"""Seconds to wait for a service that is busy and does not say how long."""
_IN_A_ROW = 3
"""Questions without an answer after which the rest is left for another time."""
_MINUTE = 60.0


@dataclass(slots=True)
class Answers:
    """What came of asking."""

    answered: int = 0
    suggested: int = 0
    nothing: int = 0
    """Questions that were answered with 404, which is taken for nothing now: they are asked again the next time."""
    refused: list[str] = field(default_factory=list)
    """What the service said of questions that it did not take."""
    unsure: int = 0
    """Questions of which nobody knows whether they arrived."""
    failure: ServiceError | None = None
    """Why the rest was not asked."""
    price: float = 0.0
    """Credits by which the balance had fallen when it was first seen to fall, for each question answered until then."""
    too_dear: str = ""
    """Why the rest was not asked, once it had shown that a question costs, or nobody could see whether it does."""
    remedy: str = ""
    """What to do about that."""
    lost: int = 0
    """Questions in a row without an answer."""

    @property
    def heard(self) -> int:
        """Count the questions that the service has dealt with, and may have taken money for."""
        return self.answered + self.nothing

    @property
    def hopeless(self) -> bool:
        """Whether what went wrong with the last question will go wrong with the next as well."""
        if isinstance(self.failure, Unreachable) and not self.failure.not_left:
            return self.lost >= _IN_A_ROW
        return self.failure is not None


def ask(work: Work, asking: Sequence[Question], *, pay: bool, as_json: bool) -> Answers:
    """Ask, until all is answered, somebody wants it stopped, or it makes no sense to go on.

    What was shown before named no price. So it is looked whether the balance has fallen after the first answer of each
    kind, and after every so many. `pay` says that it is to go on all the same; on a terminal it is asked.
    """
    records = work.session.records
    came, purse = Answers(), _Purse(work, pay=pay, before=_balance(work))
    work.stop.sending = True
    with _progress(len(asking), as_json=as_json) as step:
        for place, question in enumerate(asking, 1):
            work.session.beat()
            before = came.heard
            _one(work, question, records[question[0]], came)
            step()
            if came.heard > before:
                purse.look(question[1], came, len(asking) - place)
            if work.stop.stopping() or came.hopeless or came.too_dear:
                break
    if not came.hopeless:
        came.failure = None
    return came


def _one(work: Work, question: Question, record: Record, came: Answers) -> None:
    """Ask one question, and keep what comes of it."""
    key, idea = question
    kept = work.journal.suggestions
    kept.ask(key, idea)
    try:
        found = _asked(work, key, idea, record)
    except Unreachable as error:
        came.failure = error
        if error.not_left:
            kept.refused(key, idea)
        else:
            came.unsure += 1
            came.lost += 1
    except NotFound:
        kept.refused(key, idea)
        came.nothing += 1
        came.lost = 0
    except (Rejected, NotSignedIn) as error:
        kept.refused(key, idea)
        if isinstance(error, NotSignedIn) or error.status in {_PAYING, _BUSY, 403}:
            came.failure = error
        else:
            came.refused.append(f"{key.record_id} ({idea}): {error.message}")
    else:
        values = heard((*found.selected, *found.values), idea, record)
        kept.answered(key, idea, values)
        came.answered += 1
        came.lost = 0
        came.suggested += len(values)


def _asked(work: Work, key: RecordKey, idea: Idea, record: Record) -> Suggestions:
    """Make the call; a service that is busy has done nothing, and is asked again after a while."""
    suggestions, most = work.seen.service.suggestions, work.seen.reference.rules.max_keyword_length
    name, keywords = record.inputs.name[:most], [word[:most] for word in record.inputs.keywords]
    for left in range(_TRIES, 0, -1):
        try:
            if idea is Idea.AUDIENCE:
                return suggestions.audiences(key, name, keywords)
            return suggestions.keywords(key, (name, *keywords))
        except Rejected as error:
            if error.status != _BUSY or left == 1 or work.stop.stopping():
                raise
            work.stop.sleep(error.retry_after or _PAUSE)
    raise AssertionError("the last try returns or raises")


def _balance(work: Work) -> float | None:
    try:
        return work.seen.service.balance().available
    except ServiceError:
        return None


@dataclass(slots=True)
class _Purse:
    """What has been spent since the beginning, and whether somebody has agreed to spend more."""

    work: Work
    pay: bool
    before: float | None
    """The balance at the beginning; None where it could not be read."""
    kinds: set[Idea] = field(default_factory=set)
    """Those of which a question was dealt with."""

    def look(self, idea: Idea, came: Answers, left: int) -> None:
        """See after an answer whether it is time to look, and whether the rest is to be left."""
        if idea in self.kinds and came.heard % LOOKED_AT:
            return
        self.kinds.add(idea)
        now = _balance(self.work)
        if self.before is None or now is None:
            self._ask(came, "The balance cannot be read, so that nobody sees whether a question costs.", left)
            return
        spent = max(0.0, self.before - now)
        if spent:
            came.price = came.price or spent / came.heard
            self._weigh(came, spent, left)

    def _weigh(self, came: Answers, spent: float, left: int) -> None:
        more = spent / came.heard * left
        which = "The first question" if came.heard == 1 else f"{number(came.heard)} questions"
        said = f"{which} cost {counted(spent, 'credit')}; {number(left)} more may cost {number(more)}."
        budget = self.work.seen.workbook.policies.budget
        if left and budget is not None and spent + more > budget:
            came.too_dear = f"{said} The Budget on Settings is {number(budget)}."
            came.remedy = "Change the Budget, or ask for fewer records with --limit. What was answered is kept."
            return
        self._ask(came, said, left)

    def _ask(self, came: Answers, said: str, left: int) -> None:
        self.pay = self.pay or not left or confirmed(f"{said} Go on?")
        if not self.pay:
            came.too_dear, came.remedy = said, "To go on all the same, add --pay."


@contextmanager
def _progress(total: int, *, as_json: bool) -> Iterator[Callable[[], None]]:
    """Show how far it is: a bar on a terminal, a line a minute elsewhere."""
    if is_terminal() and not as_json:
        from tqdm import tqdm

        with tqdm(total=total, unit="question", dynamic_ncols=True) as bar:

            def move() -> None:
                with suppress(OSError):  # a terminal that was closed stops no work
                    bar.update()

            yield move
        return
    done, told = 0, time.monotonic()

    def step() -> None:
        nonlocal done, told
        done += 1
        if time.monotonic() - told >= _MINUTE:
            told = time.monotonic()
            say(f"wtsync: {number(done)} of {counted(total, 'question')} asked")

    yield step


def tell(work: Work, known: Iterable[Suggested], names: Mapping[RecordKey, str]) -> tuple[str, ...]:
    """Tell the service what was chosen of what it suggested, which costs nothing; say what went wrong.

    It is told after the workbook was written, and what it has not heard stays in the journal for the next time. Being
    told twice does no harm. Of audiences it takes one: the newest. It is a courtesy: the texts are made with what
    stands on Records.
    """
    kept, wrong = work.journal.suggestions, []
    untold = kept.untold()
    choices = still_chosen(untold, known)
    for key, idea in untold:
        if work.stop.stopping():
            break
        work.session.beat()
        if (values := choices.get((key, idea))) and key in names:
            try:
                _tell(work, (key, idea), names[key], values)
            except ServiceError as error:
                final = isinstance(error, Rejected) and error.status in _FINAL
                more = "" if final else " The next wtsync suggest tries again."
                wrong.append(f"The service was not told what was chosen for {key.record_id}: {error.message}{more}")
                if isinstance(error, Unreachable | NotSignedIn):
                    break
                if not final:
                    continue
        kept.told(key, idea)
    return tuple(wrong)


def _tell(work: Work, question: Question, name: str, values: Sequence[str]) -> None:
    key, idea = question
    if idea is Idea.AUDIENCE:
        work.seen.service.suggestions.choose_audience(key, name, values[-1])
    else:
        work.seen.service.suggestions.choose_keywords(key, name, values)
