"""What stands between a plan and carrying it out: its guards, room on the disk, and somebody's yes."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from sync.cli.console import confirmed, say
from sync.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sync.cli.run import Wishes
    from sync.cli.wiring import Checked
    from sync.cli.work import Work
    from sync.model import Base, Plan, Spending, TextKey
    from sync.plan import Guard


def spending_of(seen: Checked) -> Spending:
    """Look what this account has spent this month and may still be charged, by all workbooks of this computer."""
    from sync.journal import journal_path, spending

    return spending(journal_path(seen.tables.workbook_id), seen.service.identity, time.time())


def standing(plan: Plan, bases: Mapping[TextKey, Base], seen: Checked, wishes: Wishes) -> tuple[Guard, ...]:
    """Judge the plan, less the guards that the user has passed."""
    from sync.plan import guards

    policies = seen.workbook.policies
    if wishes.budget is not None:
        policies = replace(policies, budget=wishes.budget)
    found = guards(plan, bases, policies, spending_of(seen))
    return tuple(stop for stop in found if stop.name not in wishes.passed)


def judge(work: Work, plan: Plan, stops: tuple[Guard, ...], wishes: Wishes) -> None:
    """Refuse what a guard stands against, what could not be written, and what nobody has agreed to pay for."""
    from sync.cli.emergency import check_room
    from sync.workbook.save import busy_reason

    file = work.file
    _refuse(stops)
    check_room(file, work.journal.path)
    reason = busy_reason(file)
    if reason is not None:
        say(f"wtsync: {file.name} is {reason}; the texts wait in the journal until it is closed (then: wtsync apply).")
    if _changes_the_service(plan) and not wishes.yes and not confirmed(_question(plan)):
        raise Refused("Nothing was sent.", "Answer y on a terminal, or add --yes.")


def judge_again(work: Work, plan: Plan, bases: Mapping[TextKey, Base], wishes: Wishes) -> None:
    """Refuse a plan that other runs of the account have made too dear since it was shown: by the balance as it is now.

    A question may have stood for hours, and two people may have answered theirs in the same moment.
    """
    if plan.estimate.max:
        plan = replace(plan, balance=work.seen.service.balance())
        _refuse(standing(plan, bases, work.seen, wishes))


def _refuse(stops: tuple[Guard, ...]) -> None:
    if stops:
        flags = " ".join(stop.flag for stop in stops)
        raise Refused(
            "The plan was not carried out: " + "; ".join(stop.message for stop in stops) + ".",
            f"If that is what you want, add {flags}.",
        )


def _changes_the_service(plan: Plan) -> bool:
    """Tell whether something is paid for, or changed on the service: only that is asked about."""
    from sync.model import SENT_BACK

    return bool(plan.estimate.max) or any(change.kind in SENT_BACK for change in plan.changes)


def _question(plan: Plan) -> str:
    from sync.counts import counted
    from sync.model import SENT_BACK
    from sync.report.plan_text import credits_range

    parts = []
    if plan.estimate.max:
        parts.append(f"Send {counted(plan.records, 'record')} for {credits_range(plan.estimate)}")
    back = sum(change.kind in SENT_BACK for change in plan.changes)
    if back:
        parts.append(f"{'s' if parts else 'S'}end back or mark {counted(back, 'text')}")
    return f"{', and '.join(parts)}?"
