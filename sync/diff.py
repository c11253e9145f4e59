"""Compares the workbook with the service and with what both last agreed on, and says what a run would do.

Pure: values in, values out. One decision per text, taken from the table below; W is the cell, R the service's current
text, B the base.

    W       R              B      a blank Action does
    ------  -------------  -----  ---------------------------------------------------------------
    empty   none           none   generate
    empty   some           none   pull: it exists already and costs nothing
    empty   some           some   as the policy "Emptied cell" says: restore, regenerate or leave
    = B     = B            some   nothing; if the inputs changed: stale, or generate by policy
    = B     not B          some   pull; where a person's words were agreed on, conflict
    not B   = B            some   as the policy "Edited cell" says: push the person's words, or keep them here
    not B   = W            some   adopt as base
    not B   not B, not W   some   conflict: nothing happens
    some    none           none   protected: a person's text
    some    = W            none   adopt as base
    some    not W          none   conflict
    any     none           some   gone from the service
    any     in an active request  follow that request; never send again

What the Actions Push, Review and Publish do is in `sync.pushes`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sync.estimate import ladder_price, made_together, price_of
from sync.imitating import imitated
from sync.model import (
    DOING,
    IMAGE,
    ON_PURPOSE,
    Action,
    Change,
    ChangedInputs,
    EditedCell,
    EmptiedCell,
    Kind,
    Origin,
    Price,
    TextKey,
    normal,
    same,
)
from sync.outstanding import chosen, delivered, is_unaccounted, may_be_the_wish, under_way
from sync.packing import gathered
from sync.pushes import PUSHES, PUSHING, doubted, push, pushed
from sync.rewriting import rewritten
from sync.verdict import EMPTY_HERE, EMPTY_TEXT, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from sync.model import Base, Lost, Memory, Policies, PriceList, Record, RemoteState, RemoteText, Wanted


def diff(
    records: Iterable[Record],
    remote: RemoteState,
    memory: Memory,
    policies: Policies,
    prices: PriceList,
    digests_of: Callable[[Record], Mapping[str, str]],
) -> Sequence[Change]:
    """Decide every wanted text of every record, in the order of the workbook.

    `digests_of` gives the input digests of a record's wanted texts, by text type.
    """
    edits: dict[int, Change] = {}
    changes = gathered(_decided(records, remote, memory, policies, prices, digests_of, edits))
    if not edits:
        return changes
    edits = dict(zip(edits, doubted([*edits.values()], memory), strict=True))
    return gathered(edits.get(at, change) for at, change in enumerate(changes))


def _decided(
    records: Iterable[Record],
    remote: RemoteState,
    memory: Memory,
    policies: Policies,
    prices: PriceList,
    digests_of: Callable[[Record], Mapping[str, str]],
    edits: dict[int, Change],
) -> Iterator[Change]:
    """Decide text after text, and note in `edits`, by number, those that would send back what may be no edit."""
    settled = _settled(remote, memory)
    count = 0
    for record in records:
        digests = digests_of(record)
        for wanted in record.wanted:
            key = TextKey(record.key, wanted.text_type)
            digest, theirs = digests[wanted.text_type], remote.texts.get(key)
            seen = theirs.text_id if theirs else ""
            if settled and theirs is not None and _is_unchanged(record, key, theirs, memory, digest):
                cell = record.texts[wanted.text_type]
                yield Change(key, record.row, Kind.UNCHANGED, UNCHANGED, cell, "", seen, seen, seen_value=cell)
                count += 1
                continue
            verdict = _decide(by_itself(record), key, remote, memory, policies, digest, prices)
            if verdict.kind is Kind.GENERATE and key in memory.lost:
                verdict = _unless_lost(verdict, record.texts.get(key.text_type, ""), memory.lost[key])
            verdict = imitated(verdict, record, wanted.text_type, remote, prices)
            if record.action is Action.KEYWORDS and verdict.kind is Kind.GENERATE:
                verdict = Verdict(Kind.LEFT, AFTER_KEYWORDS)
            change = _priced(record, wanted, key, verdict, prices, digest, theirs)
            if verdict.kind in PUSHES and record.action is not Action.PUSH:
                edits[count] = change
            yield change
            count += 1


UNCHANGED = "nothing changed"
ARCHIVE = "the Action says Archive, which the service does by the id, in every shop and language"
AFTER_KEYWORDS = "the Action says Keywords; once they are found and it is empty, the text is made"


def by_itself(record: Record) -> Record:
    """Give a record as its texts are decided: the Action Keywords is none for them."""
    return replace(record, action=Action.DECIDE) if record.action is Action.KEYWORDS else record


def _settled(remote: RemoteState, memory: Memory) -> bool:
    """Tell whether nothing at all is under way or waiting, so that most texts can be passed over at a glance."""
    return not (memory.unknown or memory.open or memory.waiting or remote.active)


def _is_unchanged(record: Record, key: TextKey, theirs: RemoteText, memory: Memory, digest: str) -> bool:
    """Tell at a glance whether a text is to the letter what was agreed on: of most texts of a season that is all.

    It says no to whatever has to be looked at; `_decide` says the same of what it says yes to.
    """
    cell, base = record.texts.get(key.text_type, ""), memory.bases.get(key)
    return (
        base is not None
        and cell == theirs.value
        and cell == base.value
        and record.action is Action.DECIDE
        and cell.strip()[:1] not in _NOTABLE
        and (base.input_digest == digest or base.origin is not Origin.GENERATED)
    )


_NOTABLE = {"", ON_PURPOSE[0]}
"""How a cell begins that is empty, or says that it is so on purpose."""


_WITH_DIGEST = DOING | {Kind.ADOPT, Kind.CONFLICT}
"""What is agreed on with the digest of its inputs, now or once the user has chosen; a note needs none."""


def _priced(
    record: Record,
    wanted: Wanted,
    key: TextKey,
    verdict: Verdict,
    prices: PriceList,
    digest: str,
    theirs: RemoteText | None,
) -> Change:
    is_order = verdict.kind is Kind.GENERATE and key.record.type == IMAGE
    return Change(
        key=key,
        row=record.row,
        kind=verdict.kind,
        reason=verdict.reason,
        was=verdict.instead_of if verdict.instead_of is not None else record.texts.get(wanted.text_type, ""),
        now=verdict.now,
        text_id=verdict.text_id,
        seen=theirs.text_id if theirs else "",
        seen_value=theirs.value if theirs else "",
        request_id=verdict.request_id,
        input_digest=digest if verdict.kind in _WITH_DIGEST else "",
        price=_price(record, wanted, verdict, prices),
        rewrite=verdict.rewrite,
        reference=verdict.reference,
        together=made_together(record.inputs.shows, prices) if is_order else None,
    )


_FREE = Price()


def _price(record: Record, wanted: Wanted, verdict: Verdict, prices: PriceList) -> Price:
    if verdict.kind is not Kind.GENERATE or record.key.type == IMAGE:  # what an alt text costs, the plan shares out
        return _FREE
    if verdict.rewrite:
        return ladder_price(wanted, record.texts.get(wanted.text_type, ""), prices)
    if verdict.reference:
        return ladder_price(wanted, verdict.reference, prices)
    return price_of(wanted, prices)


def _decide(
    record: Record,
    key: TextKey,
    remote: RemoteState,
    memory: Memory,
    policies: Policies,
    digest: str,
    prices: PriceList,
) -> Verdict:
    followed = under_way(record, key, remote, memory)
    if followed is not None:
        return followed
    cell = record.texts.get(key.text_type, "")
    unwanted = _unwanted(record.action, cell)
    if unwanted is not None:
        return unwanted
    waiting = memory.waiting.get(key)
    theirs, base = remote.texts.get(key), memory.bases.get(key)
    if waiting is not None:
        return chosen(record.action, cell, theirs, base, delivered(cell, waiting))
    if is_unaccounted(memory, base, theirs) and theirs is not None and may_be_the_wish(record.action, cell, theirs):
        return Verdict(
            Kind.PULL,
            "no journal here says whether it was made on this wish, so it is fetched; Regenerate again for another",
            theirs.value,
            theirs.text_id,
        )
    if record.action is Action.REGENERATE:
        generated = theirs is not None and same(cell, theirs.value)
        return Verdict(
            Kind.GENERATE, "the Action says Regenerate", text_id=theirs.text_id if generated and theirs else ""
        )
    if record.action is Action.REWRITE:
        return rewritten(cell, key.text_type, theirs, prices)
    if record.action is Action.PULL:
        return _pulled(cell, theirs)
    if record.action is Action.ARCHIVE:
        return Verdict(Kind.ARCHIVE, ARCHIVE, cell, theirs.text_id if theirs else "")
    if record.action in PUSHING:
        return pushed(record.action, cell, theirs, base)
    if not normal(cell):
        given_up = _given_up(key, memory) if record.action is Action.DECIDE else None
        if given_up is not None:
            return given_up
        return _empty_cell(record.action, theirs, base, policies)
    if base is None:
        return _first_meeting(cell, theirs, memory.elsewhere.get(key))
    return _filled_cell(cell, theirs, base, policies, digest)


def _unless_lost(verdict: Verdict, cell: str, lost: Lost) -> Verdict:
    """Leave what the user took for lost while its cell is as it was: what stands there had it ordered, no new wish."""
    batch = lost.batch
    if not same(cell, lost.was):
        return verdict
    return Verdict(
        Kind.LEFT, f"you took it for lost (batch {batch}); run with --resend {batch} has it made all the same"
    )


def _given_up(key: TextKey, memory: Memory) -> Verdict | None:
    """Leave an empty cell alone whose text the user had taken out again, or whose record is archived.

    To have texts made for a product that was taken out of the lists is nobody's wish unless somebody says so.
    """
    if key in memory.archived:
        return Verdict(Kind.LEFT, "its record was archived; choose Generate to have it made, or Pull to fetch it")
    if key in memory.undone:
        return Verdict(Kind.LEFT, "its text was undone; choose Pull to fetch it, or Generate for a new one")
    return None


def _unwanted(action: Action, cell: str) -> Verdict | None:
    if action is Action.SKIP:
        return Verdict(Kind.SKIPPED, "the Action says Skip")
    if cell.casefold().strip() == ON_PURPOSE and action not in {Action.REGENERATE, Action.PULL}:
        return Verdict(Kind.LEFT, f"the cell says {ON_PURPOSE}: no text is wanted here")
    return None


def _pulled(cell: str, theirs: RemoteText | None) -> Verdict:
    if theirs is None:
        return Verdict(Kind.GONE, "the Action says Pull, but the service has no such text")
    if same(cell, theirs.value):
        return Verdict(Kind.UNCHANGED, "the same here and on the service", text_id=theirs.text_id)
    return Verdict(Kind.PULL, "the Action says Pull", theirs.value, theirs.text_id)


def _empty_cell(action: Action, theirs: RemoteText | None, base: Base | None, policies: Policies) -> Verdict:
    if action is Action.GENERATE:
        return Verdict(Kind.GENERATE, "the Action says Generate")
    if theirs is not None and not normal(theirs.value):
        return Verdict(Kind.LEFT, EMPTY_TEXT)
    if theirs is None and base is None:
        return Verdict(Kind.GENERATE, "there is no text yet")
    if theirs is None:
        return Verdict(Kind.GONE, "the service no longer has it; choose Generate to make it again")
    if base is None:
        return Verdict(Kind.PULL, "it exists on the service already", theirs.value, theirs.text_id)
    if policies.emptied_cell is EmptiedCell.REGENERATE:
        return Verdict(Kind.GENERATE, "the cell was emptied, and Settings says regenerate")
    if policies.emptied_cell is EmptiedCell.LEAVE:
        return Verdict(Kind.LEFT, "the cell was emptied, and Settings says leave", text_id=theirs.text_id)
    return Verdict(Kind.PULL, "the cell was emptied, and Settings says restore", theirs.value, theirs.text_id)


def _first_meeting(cell: str, theirs: RemoteText | None, simulated: str | None) -> Verdict:
    if theirs is None and simulated is not None and same(cell, simulated):
        return Verdict(Kind.PROTECTED, "a simulated run wrote it; empty the cell or choose Regenerate for a real one")
    if theirs is None:
        return Verdict(Kind.PROTECTED, "somebody wrote it; choose Regenerate to have it replaced")
    if not normal(theirs.value):
        return Verdict(Kind.LEFT, EMPTY_HERE, text_id=theirs.text_id)
    if same(cell, theirs.value):
        return Verdict(Kind.ADOPT, "the same here and on the service", text_id=theirs.text_id)
    return Verdict(
        Kind.CONFLICT,
        "the service has another text; choose Pull to take it, or Push to send yours",
        theirs.value,
        theirs.text_id,
    )


def _filled_cell(cell: str, theirs: RemoteText | None, base: Base, policies: Policies, digest: str) -> Verdict:
    if theirs is None:
        return Verdict(Kind.GONE, "the service no longer has it; the workbook keeps it")
    if not normal(theirs.value):
        return Verdict(Kind.LEFT, EMPTY_HERE, text_id=theirs.text_id)
    here, there = not same(cell, base.value), not same(theirs.value, base.value)
    if here and there:
        if same(cell, theirs.value):
            return Verdict(Kind.ADOPT, "changed alike here and on the service", text_id=theirs.text_id)
        return Verdict(
            Kind.CONFLICT,
            "changed here and on the service; choose Pull to take theirs, or Push to send yours",
            theirs.value,
            theirs.text_id,
        )
    if here and policies.edited_cell is EditedCell.PUSH:
        return push(cell, theirs, "you changed it here")
    if here:
        return Verdict(Kind.EDITED, "you changed it here; it stays as you wrote it", text_id=theirs.text_id)
    if there and base.origin is Origin.PUSHED:
        return Verdict(
            Kind.CONFLICT,
            "your words were replaced on the service; choose Pull to take theirs, or Push to send yours again",
            theirs.value,
            theirs.text_id,
        )
    if there:
        return Verdict(Kind.PULL, "it changed on the service", theirs.value, theirs.text_id)
    stale = base.origin is Origin.GENERATED and base.input_digest not in {"", digest}
    if stale and policies.changed_inputs is ChangedInputs.REGENERATE:
        return Verdict(Kind.GENERATE, "the product changed since, and Settings says regenerate")
    if stale:
        return Verdict(
            Kind.STALE, "the product changed since it was made; choose Regenerate for a new one", text_id=theirs.text_id
        )
    return Verdict(Kind.UNCHANGED, UNCHANGED, text_id=theirs.text_id)
