"""Tones, styles, audiences and formal language: names become ids, and some do not go together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sync.records.problems import Flaw
from sync.records.values import is_nothing, several, unknown
from sync.workbook.layout import folded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sync.model import Choice, Combination, Reference


@dataclass(slots=True)
class Chooser:
    """Turns the names that people write into ids of one of the service's lists. Without a list all names pass."""

    kind: str
    what: str
    choices: Sequence[Choice] = ()
    otherwise: str = ""
    """What else the user can do, as the end of the remedy."""
    by_fold: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        """Index the list; a name wins over another entry's id."""
        self.by_fold = {folded(choice.id): choice.id for choice in self.choices}
        self.by_fold.update((folded(choice.name), choice.id) for choice in self.choices)

    def one(self, text: str) -> str | Flaw:
        """Find the id of one choice."""
        if is_nothing(text):
            return ""
        if not self.choices:
            return text.strip()
        found = self.by_fold.get(folded(text))
        if found is None:
            return unknown(self.kind, self.what, text, [choice.name for choice in self.choices], self.otherwise)
        return found

    def many(self, text: str) -> tuple[str, ...] | Flaw:
        """Find the ids of several choices."""
        ids: dict[str, None] = {}
        for part in several(text):
            found = self.one(part)
            if isinstance(found, Flaw):
                return found
            ids[found] = None
        return tuple(ids)


@dataclass(slots=True)
class Choosers:
    """One chooser for each list, and the choices that the service refuses together."""

    tones: Chooser
    styles: Chooser
    audiences: Chooser
    formal_languages: Chooser
    disallowed: tuple[Combination, ...] = ()
    names: dict[tuple[str, str], str] = field(default_factory=dict)

    def clash(self, tones: tuple[str, ...], style: str, audiences: tuple[str, ...]) -> Flaw | None:
        """Find choices that the service refuses together."""
        chosen = {("tone", tone.casefold()) for tone in tones}
        chosen.update(("audience", audience.casefold()) for audience in audiences)
        chosen.add(("style", style.casefold()))
        for combination in self.disallowed:
            members = [(kind.casefold(), name.casefold()) for kind, name in combination.members]
            if members and chosen.issuperset(members):
                names = [f"{kind} {self.names.get((kind, name), name)}" for kind, name in members]
                together = " and ".join(names)
                return Flaw("disallowed-combination", together, f"WriteText.ai does not take {together} together.",
                            "Choose another one for one of them.")  # fmt: skip
        return None


def choosers(reference: Reference | None) -> Choosers:
    """Make the choosers from the service's lists; without them everything passes."""
    tones, styles, audiences, formal = (
        (reference.tones, reference.styles, reference.audiences, reference.formal_languages) if reference else ((),) * 4
    )
    custom = " For one of your own, use {} on Settings."
    return Choosers(
        Chooser("unknown-tone", "a tone that WriteText.ai offers", tones, custom.format("Custom tone")),
        Chooser("unknown-style", "a style that WriteText.ai offers", styles, custom.format("Custom style")),
        Chooser(
            "unknown-audience", "an audience that WriteText.ai offers", audiences, custom.format("Custom audience")
        ),
        Chooser("unknown-formal-language", "a form of address that WriteText.ai offers", formal),
        reference.disallowed if reference else (),
        {
            (kind, choice.id.casefold()): choice.name
            for kind, choices in (("tone", tones), ("style", styles), ("audience", audiences))
            for choice in choices
        },
    )
