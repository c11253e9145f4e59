"""What is known of keywords, and what is to be carried out, in words and as data."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from sync.counts import counted, number
from sync.report.plan_text import problem_data, record_data
from sync.sheets.values import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sync.keyword_sheets.asked import Asked, Decision
    from sync.keyword_sheets.facts import Found
    from sync.keyword_sheets.targets import Targets

_SHOWN = 20
_NAMED = 5


def overview(found: Sequence[Found], targets: Targets) -> Iterator[str]:
    """Say how far the records are, how much was found, and which keywords several records aim at."""
    run = [one for one in found if one.is_run]
    if not run:
        yield "No keywords have been looked for yet. Choose the Action Keywords on Records, and run."
        return
    states = Counter((one.now.raw_state if one.now is not None else one.run.status) or "started" for one in run)
    listed = ", ".join(f"{number(count)} {state}" for state, count in states.most_common())
    keywords = sum(len({fold(word.keyword) for word in one.now.keywords}) for one in run if one.now is not None)
    pipelines = sum(len(one.now.pipelines) for one in run if one.now is not None)
    yield f"{counted(len(run), 'record')} ({listed}): {counted(keywords, 'keyword')}, {counted(pipelines, 'pipeline')}."
    flagged = [one.record.key.record_id for one in run if one.now is not None and one.now.flagged]
    if flagged:
        yield f"The service asks for a rewrite: {counted(len(flagged), 'record')} ({named(flagged)})."
    shared = _shared(found, targets)
    if shared:
        yield f"Aimed at by several records: {counted(len(shared), 'keyword')}."
        yield from (f"  {keyword}: {', '.join(ids)}" for keyword, ids in shared[:_NAMED])
        if len(shared) > _NAMED:
            yield f"  and {number(len(shared) - _NAMED)} more; the sheet Keywords names them all"


def named(ids: Sequence[str]) -> str:
    """Name the first few records, and say how many more there are."""
    more = f" and {number(len(ids) - _NAMED)} more" if len(ids) > _NAMED else ""
    return ", ".join(ids[:_NAMED]) + more


def _shared(found: Sequence[Found], targets: Targets) -> list[tuple[str, list[str]]]:
    """Find the keywords that several records aim at, those with the most records first."""
    shared: dict[tuple[str, str, str, str], list[str]] = {}
    for one in found:
        for keyword in dict.fromkeys(one.aims()):
            if targets.others(one, keyword):
                place = (keyword, one.record.key.store, one.record.key.language, one.country)
                shared.setdefault(place, []).append(one.record.key.record_id)
    order = sorted(shared.items(), key=lambda item: (-len(item[1]), item[0]))
    return [(place[0], ids) for place, ids in order]


def asked_lines(asked: Asked) -> Iterator[str]:
    """List what is to be carried out, each with its cell and what it does, and what needs nothing."""
    if asked.decisions:
        yield f"To carry out: {counted(len(asked.decisions), 'decision')}"
    yield from (f"  {one.at}  {one.subject}: {one.effect}" for one in asked.decisions[:_SHOWN])
    if len(asked.decisions) > _SHOWN:
        yield f"  and {number(len(asked.decisions) - _SHOWN)} more"
    yield from (f"  {at}  needs nothing: {why}" for at, why in asked.settled[:_SHOWN])
    if len(asked.settled) > _SHOWN:
        yield f"  and {number(len(asked.settled) - _SHOWN)} more that need nothing"


def asked_data(asked: Asked, outcomes: Mapping[Decision, str]) -> dict[str, Any]:
    """Give the same as plain data; `outcomes` are the decisions taken up, each with what went wrong, if anything."""
    return {
        "decisions": [
            {
                "cell": str(one.at),
                "decision": one.verb.value,
                "subject": one.subject,
                **record_data(one.record),
                "effect": one.effect,
                "outcome": "not carried out" if one not in outcomes else "failed" if outcomes[one] else "done",
                "message": outcomes.get(one, ""),
            }
            for one in asked.decisions
        ],
        "needNothing": [{"cell": str(at), "why": why} for at, why in asked.settled],
        "problems": [problem_data(problem) for _, problem in asked.problems],
    }
