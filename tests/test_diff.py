"""The truth table, row by row: what a run would do for one text."""

from __future__ import annotations

from itertools import product

import pytest

from sync.diff import diff
from sync.model import (
    SENT_BACK,
    Action,
    Base,
    ChangedInputs,
    Delivery,
    EditedCell,
    EmptiedCell,
    Kind,
    Memory,
    Origin,
    Policies,
    Price,
    PriceList,
    Record,
    RemoteState,
    Rules,
    Wanted,
    normal,
    same,
)
from tests.nouns import TITLE, base, record, record_key, remote_text, text_key

PRICES = PriceList({TITLE: 1.0, "excerpt": 1.0}, {"excerpt": 1.0}, 300)
W, R, B = "a workbook's words", "a service's words", "an agreed text"
NONE = None
STANDARD = Policies()


def verdict(
    cell: str,
    remote: str | None,
    agreed: str | Base | None,
    action: Action = Action.DECIDE,
    policies: Policies = STANDARD,
    *,
    digest: str = "d1",
) -> tuple[Kind, str]:
    """Decide one text; gives the kind and what the cell would hold after a pull."""
    theirs = {} if remote is None else {text_key(): remote_text(remote)}
    known = {} if agreed is None else {text_key(): agreed if isinstance(agreed, Base) else base(agreed)}
    row = record(action=action, texts={TITLE: cell})
    (change,) = diff([row], RemoteState(theirs), Memory(bases=known), policies, PRICES, lambda _: {TITLE: digest})
    back = change.kind in SENT_BACK
    assert (change.now if back else change.was) == cell
    if back and change.kind is not Kind.ARCHIVE:
        assert change.was == remote, "of what is sent back both sides are told"
    assert change.reason
    assert (change.price.max > 0) == (change.kind is Kind.GENERATE), "only what is generated costs"
    return change.kind, change.now


NO, GO, RE, PU, SK = Action.DECIDE, Action.GENERATE, Action.REGENERATE, Action.PULL, Action.SKIP
PS, RV, PB, AR = Action.PUSH, Action.REVIEW, Action.PUBLISH, Action.ARCHIVE
RW = Action.REWRITE
KEEP = Policies(edited_cell=EditedCell.KEEP)
RESTORE, AGAIN, LEAVE = (Policies(emptied_cell=policy) for policy in EmptiedCell)

TABLE = [
    # W   R    B    Action policy   kind
    ("", NONE, NONE, NO, RESTORE, Kind.GENERATE),
    ("", R, NONE, NO, RESTORE, Kind.PULL),
    ("", B, B, NO, RESTORE, Kind.PULL),
    ("", B, B, NO, AGAIN, Kind.GENERATE),
    ("", B, B, NO, LEAVE, Kind.LEFT),
    ("", R, B, NO, RESTORE, Kind.PULL),
    ("", R, B, NO, AGAIN, Kind.GENERATE),
    ("", R, B, NO, LEAVE, Kind.LEFT),
    ("", NONE, B, NO, RESTORE, Kind.GONE),
    ("", NONE, B, NO, AGAIN, Kind.GONE),
    (B, B, B, NO, RESTORE, Kind.UNCHANGED),
    (B, R, B, NO, RESTORE, Kind.PULL),
    (W, B, B, NO, RESTORE, Kind.PUSH),
    (W, B, B, NO, KEEP, Kind.EDITED),
    (W, W, B, NO, RESTORE, Kind.ADOPT),
    (W, R, B, NO, RESTORE, Kind.CONFLICT),
    (W, NONE, NONE, NO, RESTORE, Kind.PROTECTED),
    (W, W, NONE, NO, RESTORE, Kind.ADOPT),
    (W, R, NONE, NO, RESTORE, Kind.CONFLICT),
    (W, NONE, B, NO, RESTORE, Kind.GONE),
    (B, NONE, B, NO, RESTORE, Kind.GONE),
    # Generate makes what is not there and never replaces what is
    ("", NONE, NONE, GO, RESTORE, Kind.GENERATE),
    ("", R, NONE, GO, RESTORE, Kind.GENERATE),
    ("", B, B, GO, LEAVE, Kind.GENERATE),
    ("", NONE, B, GO, RESTORE, Kind.GENERATE),
    (W, NONE, NONE, GO, RESTORE, Kind.PROTECTED),
    (W, R, NONE, GO, RESTORE, Kind.CONFLICT),
    (W, B, B, GO, RESTORE, Kind.PUSH),
    (W, B, B, GO, KEEP, Kind.EDITED),
    (B, B, B, GO, RESTORE, Kind.UNCHANGED),
    # Regenerate replaces whatever is there
    ("", NONE, NONE, RE, RESTORE, Kind.GENERATE),
    ("", B, B, RE, LEAVE, Kind.GENERATE),
    (W, NONE, NONE, RE, RESTORE, Kind.GENERATE),
    (W, R, B, RE, RESTORE, Kind.GENERATE),
    (B, B, B, RE, RESTORE, Kind.GENERATE),
    # Pull takes whatever is there
    ("", NONE, NONE, PU, RESTORE, Kind.GONE),
    ("", R, NONE, PU, LEAVE, Kind.PULL),
    ("", B, B, PU, LEAVE, Kind.PULL),
    (W, R, NONE, PU, RESTORE, Kind.PULL),
    (W, R, B, PU, RESTORE, Kind.PULL),
    (W, NONE, NONE, PU, RESTORE, Kind.GONE),
    (W, W, NONE, PU, RESTORE, Kind.UNCHANGED),
    # Push sends the cell's text, whatever the service has; without one there is nothing to take the place of
    (W, B, B, PS, KEEP, Kind.PUSH),
    (W, R, B, PS, RESTORE, Kind.PUSH),
    (W, R, NONE, PS, RESTORE, Kind.PUSH),
    (W, W, NONE, PS, RESTORE, Kind.PUSH),
    (W, NONE, NONE, PS, RESTORE, Kind.PROTECTED),
    (W, NONE, B, PS, RESTORE, Kind.PROTECTED),
    (W, "", B, PS, RESTORE, Kind.LEFT),
    ("", R, B, PS, RESTORE, Kind.LEFT),
    # Review and Publish mark what stands here, and never what nobody here has seen
    (B, B, B, RV, RESTORE, Kind.REVIEW),
    (B, B, NONE, PB, RESTORE, Kind.PUBLISH),
    (W, B, B, RV, KEEP, Kind.REVIEW),
    (W, B, B, PB, RESTORE, Kind.PUBLISH),
    (W, R, B, RV, RESTORE, Kind.CONFLICT),
    (B, R, B, PB, RESTORE, Kind.CONFLICT),
    (W, R, NONE, PB, RESTORE, Kind.CONFLICT),
    (W, NONE, NONE, PB, RESTORE, Kind.PROTECTED),
    ("", B, B, PB, RESTORE, Kind.LEFT),
    ("", NONE, NONE, RV, RESTORE, Kind.LEFT),
    # Rewrite gives the service what stands here
    (W, NONE, NONE, RW, RESTORE, Kind.GENERATE),
    (W, R, B, RW, RESTORE, Kind.GENERATE),
    (B, B, B, RW, RESTORE, Kind.GENERATE),
    ("", R, B, RW, RESTORE, Kind.LEFT),
    # Archive takes the record as it is
    (W, R, B, AR, RESTORE, Kind.ARCHIVE),
    # Skip does nothing, ever
    ("", NONE, NONE, SK, RESTORE, Kind.SKIPPED),
    ("", R, NONE, SK, RESTORE, Kind.SKIPPED),
    (W, R, B, SK, RESTORE, Kind.SKIPPED),
    (B, B, B, SK, RESTORE, Kind.SKIPPED),
]


@pytest.mark.parametrize(("cell", "remote", "agreed", "action", "policies", "kind"), TABLE)
def test_the_table_decides(
    cell: str, remote: str | None, agreed: str | None, action: Action, policies: Policies, kind: Kind
) -> None:
    found, now = verdict(cell, remote, agreed, action, policies)
    assert found is kind
    if kind in {Kind.PULL, Kind.CONFLICT}:
        assert now == remote, "the other side is shown"


def test_the_table_has_every_combination_of_sides_without_an_action() -> None:
    def shape(cell: str, remote: str | None, agreed: str | None) -> tuple[object, ...]:
        return (not cell, remote is None, agreed is None, cell == agreed, remote == agreed, cell == remote)

    cells, remotes, bases = ("", W, B), (None, W, R, B), (None, B)
    every = {shape(cell, remote, agreed) for cell in cells for remote in remotes for agreed in bases}
    known = {shape(cell, remote, agreed) for cell, remote, agreed, action, *_ in TABLE if action is NO}
    same_but_for_names = {
        shape("", W, None),
        shape("", W, B),
        shape(B, None, None),
        shape(B, B, None),
        shape(B, W, None),
    }
    assert every - known - same_but_for_names == set()


@pytest.mark.parametrize(
    ("agreed", "policy", "kind"),
    [
        (base(B, digest="d1"), ChangedInputs.NOTE, Kind.UNCHANGED),
        (base(B, digest="older"), ChangedInputs.NOTE, Kind.STALE),
        (base(B, digest="older"), ChangedInputs.REGENERATE, Kind.GENERATE),
        (base(B, digest=""), ChangedInputs.REGENERATE, Kind.UNCHANGED),
        (base(B, digest="older", origin=Origin.PULLED), ChangedInputs.REGENERATE, Kind.UNCHANGED),
        (base(B, digest="older", origin=Origin.ADOPTED), ChangedInputs.REGENERATE, Kind.UNCHANGED),
    ],
)
def test_a_text_is_stale_when_its_product_changed_since_it_was_generated(
    agreed: Base, policy: ChangedInputs, kind: Kind
) -> None:
    assert verdict(B, B, agreed, policies=Policies(changed_inputs=policy))[0] is kind


def test_what_the_service_does_not_rewrite_or_what_is_too_long_is_left_with_the_reason() -> None:
    def verdict_of(cell: str, rules: Rules) -> tuple[Kind, str, bool]:
        prices = PriceList({TITLE: 1.0}, {}, 300, rules)
        row = record(action=RW, texts={TITLE: cell})
        (change,) = diff([row], RemoteState(), Memory(), STANDARD, prices, lambda _: {TITLE: "d1"})
        return change.kind, change.reason, change.rewrite

    assert verdict_of(W, Rules(rewritten=frozenset({TITLE}))) == (Kind.GENERATE, "the Action says Rewrite", True)
    kind, reason, _ = verdict_of(W, Rules(rewritten=frozenset({"excerpt"})))
    assert (kind, "does not rewrite" in reason) == (Kind.LEFT, True)
    kind, reason, _ = verdict_of("x" * 101, Rules(max_reference_length=100, max_output_words=300))
    assert (kind, "101 characters, and the service takes 100" in reason) == (Kind.LEFT, True)


def test_a_persons_words_that_were_sent_back_are_not_replaced_by_what_the_service_has_since() -> None:
    agreed = base(B, origin=Origin.PUSHED)
    assert verdict(B, R, agreed)[0] is Kind.CONFLICT
    assert verdict(B, R, agreed, PU)[0] is Kind.PULL
    assert verdict(B, R, agreed, PS)[0] is Kind.PUSH
    assert verdict(B, B, agreed)[0] is Kind.UNCHANGED


def test_an_edit_by_a_person_is_not_regenerated_when_the_product_changed_too() -> None:
    policies = Policies(changed_inputs=ChangedInputs.REGENERATE)
    assert verdict(W, B, base(B, digest="older"), policies=policies)[0] is Kind.PUSH
    kept = Policies(changed_inputs=ChangedInputs.REGENERATE, edited_cell=EditedCell.KEEP)
    assert verdict(W, B, base(B, digest="older"), policies=kept)[0] is Kind.EDITED


# ---------------------------------------------------------------------------- under way


def under_way(
    action: Action = NO, *, cell: str = "", active: str = "", opened: str = "", unknown: str = ""
) -> tuple[Kind, str]:
    remote = RemoteState({}, {record_key(): active} if active else {})
    memory = Memory(open={text_key(): opened} if opened else {}, unknown={text_key(): unknown} if unknown else {})
    row = record(action=action, texts={TITLE: cell})
    (change,) = diff([row], remote, memory, Policies(), PRICES, lambda _: {TITLE: "d1"})
    return change.kind, change.request_id


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("cell", ["", W])
def test_what_has_been_sent_is_never_sent_again_whatever_the_action_says(action: Action, cell: str) -> None:
    assert under_way(action, cell=cell, opened="7") == (Kind.FOLLOW, "")
    assert under_way(action, cell=cell, active="r1") == (Kind.FOLLOW, "r1")
    assert under_way(action, cell=cell, unknown="7") == (Kind.UNKNOWN, "")


def test_what_nobody_can_say_about_comes_before_what_is_open_and_active() -> None:
    assert under_way(active="r1", opened="7", unknown="8")[0] is Kind.UNKNOWN
    assert under_way(active="r1", opened="7") == (Kind.FOLLOW, ""), "our own batch, not a found request"


# ------------------------------------------------------------------- waiting, elsewhere


def waiting(cell: str, was: str = "", action: Action = NO) -> Kind:
    item = Delivery(text_key(), "t9", "ordered words", was, "d1", Origin.GENERATED, "run1")
    row = record(action=action, texts={TITLE: cell})
    memory = Memory(waiting={text_key(): item})
    (change,) = diff([row], RemoteState(), memory, Policies(), PRICES, lambda _: {TITLE: "d1"})
    return change.kind


@pytest.mark.parametrize(
    ("cell", "was", "kind"),
    [
        ("", "", Kind.DELIVER),
        ("", "old words", Kind.DELIVER),
        ("old words", "old words", Kind.DELIVER),
        ("old words\r\n", "old words", Kind.DELIVER),
        ("ordered words", "", Kind.ADOPT),
        ("my words", "", Kind.CONFLICT),
        ("my words", "old words", Kind.CONFLICT),
    ],
)
def test_a_text_that_waits_in_the_journal_is_delivered_unless_the_cell_was_changed(
    cell: str, was: str, kind: Kind
) -> None:
    assert waiting(cell, was) is kind


@pytest.mark.parametrize("action", [NO, GO, RE, PU])
def test_a_text_that_waits_in_the_journal_is_not_paid_for_again(action: Action) -> None:
    assert waiting("", action=action) is Kind.DELIVER


@pytest.mark.parametrize(
    ("action", "theirs", "kind", "now"),
    [
        (PU, "ordered words", Kind.PULL, "ordered words"),
        (PU, None, Kind.PULL, "ordered words"),
        (PS, "ordered words", Kind.PUSH, "my words"),
        (PS, None, Kind.CONFLICT, "ordered words"),
        (PS, "", Kind.CONFLICT, "ordered words"),
        (RE, "ordered words", Kind.CONFLICT, "ordered words"),
        (RV, "ordered words", Kind.CONFLICT, "ordered words"),
    ],
)
def test_a_cell_that_was_changed_while_its_text_was_made_is_settled_by_pull_and_push_alone(
    action: Action, theirs: str | None, kind: Kind, now: str
) -> None:
    item = Delivery(text_key(), "t9", "ordered words", "", "d1", Origin.GENERATED, "run1")
    remote = RemoteState({} if theirs is None else {text_key(): remote_text(theirs, "t9")})
    row, memory = record(action=action, texts={TITLE: "my words"}), Memory(waiting={text_key(): item})
    (change,) = diff([row], remote, memory, Policies(), PRICES, lambda _: {TITLE: "d1"})
    assert (change.kind, change.now, change.price.max) == (kind, now, 0.0)


def test_a_text_of_a_simulated_run_is_told_from_a_persons() -> None:
    def reason(elsewhere: dict[object, str]) -> str:
        row = record(texts={TITLE: W})
        memory = Memory(elsewhere=elsewhere)  # type: ignore[arg-type]  # keys are text keys
        (change,) = diff([row], RemoteState(), memory, Policies(), PRICES, lambda _: {TITLE: "d1"})
        assert change.kind is Kind.PROTECTED
        return change.reason

    assert "simulated" in reason({text_key(): W})
    assert "simulated" not in reason({text_key(): "other words"})
    assert "simulated" not in reason({})


# ----------------------------------------------------------------------- equality, order


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        ("a\nb", "a\r\nb", True),
        ("a\nb", "a\rb", True),
        ("a", " a\n", True),
        ("a b", "a  b", False),
        ("a", "A", False),
        ("", "\r\n ", True),
        ("a", "", False),
    ],
)
def test_line_ends_and_outer_white_space_do_not_count_when_comparing(one: str, other: str, equal: bool) -> None:
    assert same(one, other) is equal
    assert same(other, one) is equal
    assert (normal(one) == normal(other)) is equal


@pytest.mark.parametrize("cell", [" ", "\n", "\r\n\t"])
def test_a_cell_with_nothing_but_white_space_is_empty(cell: str) -> None:
    assert verdict(cell, None, None)[0] is Kind.GENERATE
    assert verdict(cell, R, None)[0] is Kind.PULL


def test_line_ends_alone_are_no_edit() -> None:
    assert verdict("a\r\nb ", "a\nb", base("a\nb"))[0] is Kind.UNCHANGED


def test_every_wanted_text_of_every_record_is_decided_in_the_order_of_the_workbook() -> None:
    wanted = (Wanted(TITLE), Wanted("excerpt", 25, 50))
    rows = [record(one, wanted=wanted, row=row) for row, one in enumerate(("B", "A", "C"), 2)]
    seen: list[Record] = []

    def digests(row: Record) -> dict[str, str]:
        seen.append(row)
        return {TITLE: "d1", "excerpt": "d2"}

    changes = diff(rows, RemoteState(), Memory(), Policies(), PRICES, digests)
    found = [(one.key.record.record_id, one.key.text_type, one.row) for one in changes]
    assert found == [(one, name, row) for row, one in enumerate("BAC", 2) for name in (TITLE, "excerpt")]
    assert [one.input_digest for one in changes[:2]] == ["d1", "d2"]
    assert [one.price for one in changes[:2]] == [Price(1.0, 1.0), Price(2.0, 2.0)]
    assert seen == rows, "each record is hashed once"


WORDS = ("", " ", "(none)", " (None) ", "agreed", "agreed ", "other", "(nonesuch)")


@pytest.mark.parametrize("action", [Action.DECIDE, Action.REGENERATE, Action.PULL, Action.SKIP, Action.ARCHIVE])
@pytest.mark.parametrize("origin", [Origin.GENERATED, Origin.PUSHED])
def test_what_is_passed_over_at_a_glance_is_what_a_long_look_finds(action: Action, origin: Origin) -> None:
    """Where anything at all is under way, every text is looked at in full: there the two must agree."""
    glanced = 0
    for cell, remote, agreed, digest in product(WORDS, (None, *WORDS), (None, *WORDS), ("d1", "d2", "")):
        row = record(action=action, texts={TITLE: cell})
        theirs = RemoteState({} if remote is None else {text_key(): remote_text(remote)})
        known = {} if agreed is None else {text_key(): base(agreed, digest=digest, origin=origin)}
        quick, slow = (
            diff([row], theirs, Memory(bases=known, open=under_way), STANDARD, PRICES, lambda _: {TITLE: "d1"})
            for under_way in ({}, {text_key("elsewhere"): "7"})
        )
        assert quick == slow
        glanced += quick[0].kind is Kind.UNCHANGED
    assert glanced or action not in {Action.DECIDE, Action.PULL}
