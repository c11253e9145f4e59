"""`wtsync templates`: which templates the service offers for each kind of text, which is in use, and using another.

Everything about template settings is assumed. An order names no template, as far as is known: what is in use for a shop
holds for every order of it, whoever makes it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from sync.cli.console import confirmed, out, out_json, say
from sync.errors import NotFound, Refused, ServiceError, Unreachable, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sync.model import Template
    from sync.service import Service

NOT_AS_ASKED = 3


class Shop(NamedTuple):
    """Where templates hold: for records of a type, in a store (empty: the account's own)."""

    type: str
    store: str

    def __str__(self) -> str:
        return f"{self.type} texts" + (f" in {self.store}" if self.store else "")


class Offer(NamedTuple):
    """A template that is offered, and where."""

    shop: Shop
    template: Template


@click.command("templates")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option(
    "--use", "wishes", multiple=True, metavar="TEXT=NAME", help="Use this template from now on: 'page title=Short'."
)
@click.option("--yes", "-y", is_flag=True, help="Change what is in use without asking.")
@click.option("--json", "as_json", is_flag=True, help="Give the templates as JSON.")
@click.pass_context
def command(ctx: click.Context, file: Path | None, wishes: tuple[str, ...], yes: bool, as_json: bool) -> None:
    """Show the templates that the service offers for each kind of text, in the shops of FILE, and which is in use.

    With --use another one is used from now on, for every order of that shop, whoever makes it. It costs nothing. Of the
    calls behind this only the title is published: where the service has them elsewhere, it says so.
    """
    from sync.cli.connecting import connect

    shops = _shops(file)
    with connect() as service:
        offers = _offers(service, shops)
        chosen = [one for wish in wishes for one in _wished(wish, offers)]
        fresh = [one for one in chosen if not one.template.chosen]
        if fresh:
            _agree(fresh, yes=yes)
            offers = _use(service, fresh, shops)
        missed = [one for one in chosen if not _in_use(one, offers)]
    if as_json:
        out_json([_data(one) for one in offers])
    else:
        for line in _lines(offers):
            out(line)
    for one in missed:
        say(f"wtsync: the service said yes, and still does not use {one.template.name} for {_text(one)}")
    ctx.exit(NOT_AS_ASKED if missed else 0)


def _shops(file: Path | None) -> list[Shop]:
    """Give the types and stores of a workbook's records; without one, both types of the account's own."""
    from sync.model import IMAGE, TEXT_TYPES
    from sync.records import to_workbook
    from sync.workbook.read import read

    keys = [record.key for record in to_workbook(read(file), None).records] if file is not None else []
    found = sorted({Shop(key.type, key.store) for key in keys if key.type != IMAGE})
    return found or [Shop(type_, "") for type_ in TEXT_TYPES]


def _offers(service: Service, shops: Sequence[Shop]) -> list[Offer]:
    """Ask for the templates of each shop. Raises ServiceError."""
    try:
        return [Offer(shop, one) for shop in shops for one in service.templates.read(shop.type, store=shop.store)]
    except NotFound as error:
        hint = "Nobody has seen where it keeps them. Choose templates on its own pages; orders go by these."
        said = f"The service has no template settings where they are looked for: {error.message}"
        raise ServiceError(said, hint) from None


def _wished(wish: str, offers: Sequence[Offer]) -> list[Offer]:
    """Find the template that is meant, in each shop that offers it. Raises UsageError."""
    from sync.workbook.layout import folded, near_miss

    text, equals, name = wish.partition("=")
    if not equals or not text.strip() or not name.strip():
        raise UsageError(f"'{wish}' names no template.", "Write it like this: --use 'page title=Short'.")
    of_text = [one for one in offers if folded(_text(one)) == folded(text)]
    if not of_text:
        known = list(dict.fromkeys(map(_text, offers)))
        near = near_miss(text, known)
        hint = f"Did you mean {near}?" if near else f"There are templates for: {', '.join(known) or 'no text'}."
        raise UsageError(f"The service offers no template for '{text.strip()}'.", hint)
    found = [one for one in of_text if folded(name) in {folded(one.template.name), folded(one.template.template_id)}]
    if not found:
        names = list(dict.fromkeys(one.template.name for one in of_text))
        raise UsageError(f"There is no template '{name.strip()}' for it.", f"There are: {', '.join(names)}.")
    twice = next((one for one in found if sum(one.shop == other.shop for other in found) > 1), None)
    if twice is not None:
        ids = ", ".join(one.template.template_id for one in found if one.shop == twice.shop)
        raise UsageError(f"Several templates have the name '{name.strip()}'.", f"Give the id of one: {ids}.")
    return found


def _agree(fresh: Sequence[Offer], *, yes: bool) -> None:
    """Have somebody agree to what holds for other people's orders as well. Raises Refused."""
    for shop, template in fresh:
        say(f"wtsync: to be used from now on for every order of {shop}: {template.name}, for {template.text_type}")
    if not yes and not confirmed("Change it?"):
        raise Refused("Nothing was changed.", "Answer y on a terminal, or add --yes.")


def _use(service: Service, fresh: Sequence[Offer], shops: Sequence[Shop]) -> list[Offer]:
    """Have the service use them, one after the other; give what it offers then.

    Raises ServiceError where one of them fails, once it was said which are in use and which are not.
    """
    for place, (shop, template) in enumerate(fresh):
        try:
            service.templates.choose(shop.type, template.template_id, store=shop.store)
        except ServiceError as error:
            return _seen_after(service, fresh, shops, place, error)
    try:
        return _offers(service, shops)
    except ServiceError as error:
        raise _halfway(error, fresh, (), ()) from None


def _seen_after(
    service: Service, fresh: Sequence[Offer], shops: Sequence[Shop], place: int, error: ServiceError
) -> list[Offer]:
    """Look what is in use after the one at `place` failed: its answer alone may have been lost, and then all is well.

    Raises the error otherwise, in words that say what was done and what was not.
    """
    try:
        offers = _offers(service, shops)
    except ServiceError:
        lost = isinstance(error, Unreachable) and not error.not_left
        untold = fresh[place : place + 1] if lost else ()
        done, rest = fresh[:place], fresh[place + len(untold) :]
    else:
        untold, done = (), [one for one in fresh if _in_use(one, offers)]
        rest = [one for one in fresh if one not in done]
        if not rest:
            return offers
    raise _halfway(error, done, untold, rest) from None


def _halfway(error: ServiceError, done: Sequence[Offer], untold: Sequence[Offer], rest: Sequence[Offer]) -> Exception:
    """Say what was done before an error, and what was not; give the error with the remedy."""
    for said, ones in (("in use now", done), ("nobody can say whether it is in use", untold), ("not in use", rest)):
        for one in ones:
            say(f"wtsync: {said}: {one.template.name}, for {_text(one)} of {one.shop}")
    hint = "Run the same command again: it asks only for what is not in use yet."
    return ServiceError(error.message, f"{error.hint} {hint}".strip())


def _in_use(wanted: Offer, offers: Sequence[Offer]) -> bool:
    """Tell whether the service uses a template, by what it offers now."""
    return any(
        one.shop == wanted.shop and one.template.template_id == wanted.template.template_id and one.template.chosen
        for one in offers
    )


def _text(one: Offer) -> str:
    return one.template.text_type or "every text"


def _lines(offers: Sequence[Offer]) -> Iterator[str]:
    if not offers:
        yield "The service offers no templates."
    by_shop: dict[Shop, dict[str, list[Template]]] = {}
    for one in offers:
        by_shop.setdefault(one.shop, {}).setdefault(_text(one), []).append(one.template)
    width = max((len(_text(one)) for one in offers), default=0)
    for shop, texts in by_shop.items():
        yield f"Templates for {shop}:"
        for text, templates in texts.items():
            names = ", ".join(one.name + (" (in use)" if one.chosen else "") for one in templates)
            yield f"  {text:{width}}  {names}"


def _data(one: Offer) -> dict[str, object]:
    template = one.template
    return {
        "type": one.shop.type,
        "store": one.shop.store,
        "field": template.text_type,
        "id": template.template_id,
        "name": template.name,
        "inUse": template.chosen,
    }
