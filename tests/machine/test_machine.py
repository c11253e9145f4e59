"""Two workbooks, two people, a colleague's computer, an editor on the service, and whatever comes between them.

After any sequence the conflicts are resolved, and workbook, service and journal agree; nobody's words were replaced
without her Action; nothing is paid for twice without a wish; a further run sends and writes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.faults.figures import add, shared
from tests.machine.play import play
from tests.machine.rules import kind_of
from tests.machine.tour import tour

if TYPE_CHECKING:
    from collections import Counter

SEEDS, EXAMPLES, STEPS = 2, 2, 12
LONG_SEEDS, LONG_EXAMPLES, LONG_STEPS = 12, 10, 25

SOMETIMES = {
    "generate: there is no text yet": "empty, and nothing there",
    "pull: it exists on the service already": "empty, and a text there",
    "pull: the cell was emptied": "emptied, and restored",
    "generate: the cell was emptied": "emptied, and made anew",
    "left: the cell was emptied": "emptied, and left so",
    "kind unchanged": "the same on both sides",
    "stale: the product changed": "the product changed, and that is told",
    "generate: the product changed": "the product changed, and the text is made anew",
    "pull: it changed on the service": "changed there",
    "push: you changed it here": "changed here, and sent back",
    "edited: you changed it here": "changed here, and kept here",
    "kind adopt": "found to be the same",
    "protected: somebody wrote it": "words that the service never had",
    "conflict: changed here and on the service": "changed on both sides",
    "conflict: the service has another text; choose Pull": "two texts meet for the first time",
    "conflict: your words were replaced": "words that were sent back, and replaced there",
    "conflict: it stood here before": "an older copy looks like an edit",
    "conflict: you changed the cell after": "words typed where a text is on its way",
    "deliver: it was made earlier": "a text that an interrupted run left in the journal",
    "follow: it has been sent": "our own order is followed",
    "follow: the service is working on this record": "somebody else's order is followed",
    "unknown: nobody can say": "an order that nobody can say about",
    "generate: the Action says Generate": "Generate",
    "generate: the Action says Regenerate": "Regenerate",
    "generate: the Action says Rewrite": "Rewrite",
    "push: the Action says Push": "Push",
    "pull: the Action says Pull": "Pull",
    "review: the Action says Review": "Review",
    "publish: the Action says Publish": "Publish",
    "archive: the Action says Archive": "Archive",
    "kind skipped": "Skip",
    "conflict resolved by Push": "a conflict ended with Push",
    "conflict resolved by Pull": "a conflict ended with Pull",
    "sent again": "a batch was sent again, on the user's word",
    "interrupted by crash": "the process ended",
    "interrupted by ask_to_stop": "Ctrl-C",
    "interrupted by end_at_once": "Ctrl-C twice",
    "typed while it ran": "a cell was typed into while the run was under way",
    "changed there while it ran": "a text was changed on the service between plan and sending",
    "fault lost:on=generate": "the answer to an order was lost",
    "fault reset:on=generate": "the line broke at an order",
    "fault lost:on=update": "the answer to what was sent back was lost",
    "event undone": "an older copy was saved over the workbook",
    "preferred the workbook": "every conflict was settled for the workbook",
    "preferred the service": "every conflict was settled for the service",
    "undone": "a run was undone, and what it had replaced was hers again",
    "look changes": "a look asked only for what had changed",
    "a signed plan carried out": "a signed plan that still held",
    "a signed plan refused": "a signed plan whose workbook, or whose texts on the service, had moved",
    "keywords: the Action says Keywords": "Keywords",
    "keywords: Settings says keywords first": "keywords first",
    "keywords interrupted by crash": "the process ended while keywords were looked for",
    "handed over": "the workbook went to a colleague, or came back",
}
"""What must be reached, by the beginning of what the command says or the machine counts."""


def never(reached: Counter[str]) -> list[str]:
    return [words for name, words in SOMETIMES.items() if not any(one.startswith(name) for one in reached)]


def test_a_tour_of_everything_keeps_every_promise_and_reaches_every_state() -> None:
    assert not never(tour())


@pytest.mark.parametrize("seed", range(SEEDS))
def test_any_sequence_ends_in_agreement(seed: int) -> None:
    """Play one again, and have it made shorter: python -m tests.machine.play SEED EXAMPLES STEPS."""
    assert play(kind_of("Real"), seed, examples=EXAMPLES, steps=STEPS)["examples"] >= EXAMPLES


@pytest.mark.long
@pytest.mark.parametrize("seed", range(1000, 1000 + LONG_SEEDS))
def test_any_sequence_ends_in_agreement_at_length(seed: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    reached = play(kind_of("Real"), seed, examples=LONG_EXAMPLES, steps=LONG_STEPS, shrinking=True)
    total = add(shared(tmp_path_factory), "machine", seed, LONG_SEEDS, reached)
    if total is not None:
        assert not never(total), "never reached"
