"""`wtsync login` and `wtsync logout`: where the API key is kept. Never in the workbook."""

from __future__ import annotations

import os
import sys

import click

from sync.cli.console import say


@click.command("login")
@click.option("--key-stdin", is_flag=True, help="Read the API key from standard input instead of asking.")
def login(key_stdin: bool) -> None:
    """Store your WriteText.ai API key, after trying it.

    It goes into the keyring of this computer where there is one, else into a file that only you can read.
    WTSYNC_API_KEY, where it is set, takes precedence.
    """
    from sync.errors import UsageError
    from sync.service import Secret, Service, api_url, store_key

    url = api_url(os.environ)
    given = sys.stdin.readline() if key_stdin else str(click.prompt("API key", hide_input=True, err=True))
    key = given.strip()
    if not key:
        raise UsageError("There was no key to store.", "Find it in your WriteText.ai account.")
    with Service(url, Secret(key)) as service:
        balance = service.balance()
    place = store_key(os.environ, Secret(key))
    say(f"Signed in to {url}: {balance.available:g} credits. The key is kept in {place}.")


@click.command("logout")
def logout() -> None:
    """Forget the stored API key."""
    from sync.service import api_url, forget_key

    places = forget_key(os.environ)
    say(f"Forgotten: {', '.join(places)}." if places else f"No key was stored for {api_url(os.environ)}.")
    if os.environ.get("WTSYNC_API_KEY"):
        say("WTSYNC_API_KEY is still set in this terminal.")
