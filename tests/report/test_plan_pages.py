"""The plan on paper: all of it is there, no text is taken for markup, and nothing comes from elsewhere."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest

from sync.model import Balance, Change, Kind, Policies, Price, Problem
from sync.plan import guards, make
from sync.report.plan_document import TITLES, PlanDocument
from sync.report.plan_html import plan_html
from sync.report.plan_markdown import plan_markdown
from tests.nouns import change, record_key, text_key

if TYPE_CHECKING:
    from collections.abc import Callable

EVIL = '<script>alert(1)</script> | "x" & *bold* [a](javascript:b) `c` \x00\u202egnp'
MIXED = (
    change("A", row=2, price=Price(1.0, 3.0)),
    change("A", row=2, text_type="excerpt", price=Price(2.0, 2.0), rewrite=True, was="old words"),
    change("B", Kind.PULL, row=3, was="mine", now="theirs"),
    change("C", Kind.PUSH, row=4, was="there", now="here"),
    change("D", Kind.ARCHIVE, row=5),
    change("E", Kind.FOLLOW, row=6),
    change("F", Kind.CONFLICT, row=7, reason="two texts"),
)


def document(*changes: Change, **more: Any) -> PlanDocument:
    plan = make(changes, Balance(4.0))
    stops = guards(plan, {}, Policies())
    return PlanDocument(plan, stops, more.pop("problems", ()), more.pop("name", "shop.xlsx"), 7, **more)


class Page(HTMLParser):
    """What a browser would make of a page: its elements, its attributes, its cells."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.cells: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag in {"td", "dd"}:
            self.cells.append("")

    def handle_data(self, data: str) -> None:
        if self.cells and self.tags[-1] in {"td", "dd", "i", "del", "ins"}:
            self.cells[-1] += data


@pytest.mark.parametrize("render", [plan_html, plan_markdown])
def test_a_page_has_every_change_its_price_the_total_the_notes_the_guards_and_the_digest(
    render: Callable[[PlanDocument], str],
) -> None:
    page = document(*MIXED)
    told = render(page)
    for kind in (Kind.GENERATE, Kind.PULL, Kind.PUSH, Kind.ARCHIVE, Kind.FOLLOW):
        assert TITLES[kind] in told
    texts = ("mine", "theirs", "there", "here", "old words", "rewritten by the service", "two texts")
    for words in (*texts, "1 to 3", "3 to 5 credits", page.plan.digest, "--over-balance"):
        assert words in told, words
    assert TITLES[Kind.REVIEW] not in told


def test_a_page_of_html_keeps_every_text_a_text_and_asks_for_nothing_from_elsewhere() -> None:
    problem = Problem("Records!B7", "bad", EVIL, EVIL, EVIL)
    spoiled = change("X", Kind.PULL, was=EVIL, now=f"{EVIL}!", reason=EVIL)
    page = Page(told := plan_html(document(
        spoiled._replace(key=text_key(EVIL, store=EVIL)), change("N", Kind.CONFLICT, reason=EVIL),
        problems=[problem], name=EVIL, names={record_key(EVIL, store=EVIL): EVIL}))
    )  # fmt: skip
    assert "script" not in page.tags
    assert {name for name, _ in page.attributes} <= {"lang", "charset", "name", "content", "http-equiv", "class", "dir"}
    assert not re.search(r"url\(|@import|https?:", told)
    assert "default-src 'none'" in told
    clean = EVIL.replace("\x00", "\ufffd").replace("\u202e", "\ufffd")
    assert clean in page.cells
    assert f"{clean}!" in page.cells


def test_the_words_that_differ_are_marked_on_both_sides_and_a_tag_among_them_stays_a_text() -> None:
    told = plan_html(document(change("X", Kind.PULL, was="an <b>old oak</b> stool", now="an <i>old ash</i> stool")))
    assert "an <del>&lt;b&gt;</del>old <del>oak&lt;/b&gt;</del> stool" in told
    assert "an <ins>&lt;i&gt;</ins>old <ins>ash&lt;/i&gt;</ins> stool" in told
    assert "<del>" not in plan_html(document(change("X", was="old words", rewrite=True)))


def test_markdown_stays_one_row_a_change_whatever_its_text_holds() -> None:
    told = plan_markdown(document(change("X", Kind.PULL, was=f"{EVIL}\r\nnext", now="n")))
    rows = [line for line in told.splitlines() if line.startswith("| 2 |")]
    assert len(rows) == 1
    bare = re.sub(r"\\.", "", rows[0])
    assert bare.count("|") == 9
    assert "<script" not in told
    assert "<br>next" in rows[0]
    assert not set("*[`") & set(bare)


def test_a_plan_of_several_languages_says_of_each_record_which() -> None:
    german = change("A")._replace(key=text_key("A", language="de"))
    assert "A, de" in plan_html(document(change("A"), german))
    assert "A, en" not in plan_html(document(change("A")))


def test_a_plan_of_nothing_says_so() -> None:
    assert "Nothing to do." in plan_html(document())
    assert "Nothing to do." in plan_markdown(document())
