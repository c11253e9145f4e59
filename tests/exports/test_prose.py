from __future__ import annotations

import pytest

from sync.exports.prose import plain, shortened


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<p>One</p><p>Two</p>", "One\nTwo"),
        ("One<br>Two<br/>Three", "One\nTwo\nThree"),
        ("<ul><li>a</li>\n<li>b</li></ul>", "a\nb"),
        ("soft&nbsp;wool &amp; silk &#8211; &eacute;", "soft wool & silk – é"),  # noqa: RUF001 - the dash is meant
        ("<style>p{}</style><script>if (a < b) x()</script>Text", "Text"),
        ("<b>bo</b>ld and <i> italic </i>!", "bold and italic !"),
        ("<table><tr><td>Length</td><td>30 cm</td></tr></table>", "Length 30 cm"),
        ("<p class='a>b'>quoted</p>", "quoted"),
        ("<!-- a note -->Text", "Text"),
        ("5 < 6 and 7 > 3", "5 < 6 and 7 > 3"),
        ("No mark-up,\r\n  two   lines", "No mark-up,\ntwo lines"),
        ("<p>never closed", "never closed"),
        ("<svg/>after", "after"),
        ("", ""),
    ],
)
def test_html_becomes_what_a_reader_sees(html: str, words: str) -> None:
    assert plain(html) == words


@pytest.mark.parametrize(
    ("text", "most", "short"),
    [
        ("Short enough.", 20, "Short enough."),
        ("First one. Second one. Third one.", 24, "First one. Second one."),
        ("First one. Second one.", 22, "First one. Second one."),
        ("Version 2.5 is here. More", 22, "Version 2.5 is here."),
        ("No sentence ends in all of this text", 20, "No sentence ends in…"),
        ("A. Then a very long sentence without an end", 20, "A. Then a very long…"),
        ("Unbreakable" * 5, 10, "Unbreakab…"),
    ],
)
def test_a_text_is_shortened_at_a_sentence_or_a_word(text: str, most: int, short: str) -> None:
    assert shortened(text, most) == short
    assert len(shortened(text, most)) <= most
