"""Putting something between the bytes of a small part."""

from __future__ import annotations

import pytest

from sync.errors import NotAWorkbook
from sync.workbook.package.elements import Part

XML = "<a:list xmlns:a='u' xmlns:b=\"v\" n='1' ><!-- <a:item/> --><a:item x=\"/>\"/>\n<item/><a:item/></a:list >"


def added(xml: str, encoding: str | None = None) -> str:
    part = Part(xml.encode(), encoding)
    part.append(part.root, part.spelled(part.root, "item", {"y": 'a"<&'}))
    part.append(part.root, part.spelled(part.root, "item", {}, b"in"))
    part.set(part.root, "n", "3")
    part.set(part.root, "m", "4")
    return b"".join(part.pieces()).decode(encoding or "utf-8")


def test_elements_go_in_behind_the_others_with_the_prefix_around_them() -> None:
    new = "<a:item y='a\"&lt;&amp;'/><a:item>in</a:item>"
    expected = XML.replace("n='1' >", "n='3' m=\"4\" >").replace("</a:list >", new + "</a:list >")
    assert added(XML) == expected


@pytest.mark.parametrize("end", ["/>", " />", "\n/>"])
def test_a_closed_element_is_opened(end: str) -> None:
    assert added(f"<list n='1'{end}") == (
        f"<list n='3' m=\"4\"{end[:-2]}><item y='a\"&lt;&amp;'/><item>in</item></list>"
    )


def test_children_are_told_from_their_children_and_from_other_namespaces() -> None:
    part = Part(b'<a xmlns="u"><b><c/></b><c xmlns="v"/><c n="1"/></a>')
    assert [one.name for one in part.children(part.root)] == ["b", "c", "c"]
    found = part.child(part.root, "c")
    assert found is not None
    assert found.attributes == {"n": "1"}
    assert part.child(part.root, "d") is None


def test_a_prefix_is_found_by_its_namespace() -> None:
    part = Part(XML.encode())
    assert (part.bound("u"), part.bound("v"), part.bound("w")) == ("a", "b", "")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "latin-1"])
def test_the_encoding_stays(encoding: str) -> None:
    xml = f"<?xml version='1.0' encoding='{encoding[:6]}'?><list n='1'>ä</list>"
    assert added(xml, encoding).replace("<item y='a\"&lt;&amp;'/><item>in</item>", "").replace(' m="4"', "") == (
        xml.replace("n='1'", "n='3'")
    )


def test_nothing_added_changes_nothing() -> None:
    part = Part(XML.encode())
    assert not part.changed
    assert b"".join(part.pieces()) == XML.encode()


@pytest.mark.parametrize("xml", [b"<a>", b"", b"<!DOCTYPE a><a/>", b"<a/><b/>"])
def test_what_is_no_xml_is_damage(xml: bytes) -> None:
    with pytest.raises(NotAWorkbook):
        Part(xml)
