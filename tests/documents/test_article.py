"""From page, entry, text and JSON line to a document: one law of offsets, and nothing in it that is not the text."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsdetect.documents.article import article_body, read_entry, read_html, read_record, read_text
from newsdetect.errors import DocumentError, NewsdetectError, SourceError
from newsdetect.sources.entry import Entry
from tests.documents.builders import PROSE, make_page

URL = "https://ledger.example/2025/08/25/longs-lose"
AT = datetime(2025, 8, 25, 21, 4, 45, tzinfo=UTC)


def test_a_page_gives_title_text_outlet_and_language():
    """The text is the paragraphs and nothing else; the heading is the title and not a part of the text."""
    doc = read_html(make_page(head='<meta property="og:site_name" content="Harbour Ledger">'), url=URL)
    assert doc.title == "Longs lose $343 million in an hour"
    assert doc.text.split("\n") == list(PROSE)
    assert (doc.outlet, doc.language, doc.url) == ("Harbour Ledger", "en", URL)
    assert doc.content == f"{doc.title}\n{doc.text}"


def test_the_caller_s_title_and_date_go_before_the_page_s():
    """What is given is believed; the page's own date stays in sight."""
    page = make_page(ld={"@type": "NewsArticle", "datePublished": "2019-01-01T00:00:00Z"})
    doc = read_html(page, url=URL, title="Given", published="2025-08-25T21:04:45Z")
    assert (doc.title, doc.published.at, doc.published.kind) == ("Given", AT, "given")
    assert {each.kind for each in doc.dates} == {"given", "json-ld", "url"}


def test_what_a_house_hangs_under_its_articles_is_split_off():
    """Newsletter, related reading, disclaimer, author's address and comments are no part of the text."""
    after = (
        "<p>Subscribe to our daily newsletter for more market news</p>"
        "<p>Related reading: <a href='/x'>Why books grow thin</a></p>"
        "<ul><li><a href='/a'>Another story about the markets</a></li>"
        "<li><a href='/b'>A third story about coins</a></li></ul>"
        "<p>Follow the desk on Twitter: @harbourdesk</p>"
        "<p>Disclaimer: nothing on this page is financial advice, and the house holds coins of its own.</p>"
        "<h3>Comments</h3><p>First!</p>"
    )
    assert read_html(make_page(after=after), url=URL).text.split("\n") == list(PROSE)


def test_a_text_in_several_boxes_is_one_text():
    """Boxes of one class in one article, cut apart by advertisements, are read to the last."""
    boxes = "<div class='row'><i>ad</i></div>".join(
        f"<div><div class='story-part'><p>{PROSE[0]} Part {n}.</p><p>{PROSE[1]} Part {n}.</p></div></div>"
        for n in range(3)
    )
    text = article_body(f"<html><body><article><h1>Parts</h1>{boxes}</article></body></html>")
    assert [text.count(f"Part {n}.") for n in range(3)] == [2, 2, 2]


@pytest.mark.parametrize(
    ("page", "says"),
    [
        ("", "no HTML"),
        ("<html></html>", "without article text"),
        ("<html><head><title>Just a moment...</title></head><body></body></html>", "bot wall (Cloudflare)"),
        ("<html><body><nav><a href='/'>Home</a></nav></body></html>", "without article text"),
        (b"%PDF-1.7 \x00\x01", "no page"),
    ],
)
def test_a_page_without_an_article_is_named(page: str | bytes, says: str):
    """The error names the address, and a bot wall by its maker."""
    with pytest.raises(SourceError) as raised:
        read_html(page, url=URL)
    assert URL in str(raised.value)
    assert says in str(raised.value)


def test_a_page_of_50_megabytes_is_refused():
    """A page over the cap is an error before anything is parsed."""
    with pytest.raises(DocumentError, match="at most"):
        read_html("<p>" + "x" * 50_000_000, url=URL)


@pytest.mark.parametrize("tag", ["div", "b", "blockquote", "table><tr><td"])
def test_20000_nested_tags_are_read(tag: str):
    """What the parser drops below its depth is read flat: the text comes, and the process stays."""
    page = f"<html><body><article>{f'<{tag}>' * 20_000}<p>{PROSE[0]}</p><p>{PROSE[1]}</p>"
    doc = read_html(page, url=URL)
    assert PROSE[0] in doc.text
    assert PROSE[1] in doc.text


def test_20000_nested_tags_on_a_site_with_its_own_rule_are_read():
    """Depth is judged before a site's rule sees the page."""
    page = f"<html><body>{'<div>' * 20_000}<p>{PROSE[0]} [1]</p><p>{PROSE[1]}</p>"
    assert PROSE[0] in read_html(page, url="https://www.ainvest.com/news/deep-2508").text


def test_an_article_of_a_megabyte_is_read_whole():
    """Length alone is no fault, and time grows with it, not with its square."""
    paragraphs = [f"{PROSE[n % 3]} Paragraph {n}." for n in range(8000)]
    doc = read_html(make_page(*paragraphs), url=URL)
    assert len(doc.text) > 900_000
    assert doc.text.endswith("Paragraph 7999.")


def test_nul_and_unseen_characters_are_no_part_of_a_text():
    """What nobody sees is taken out before the document is made, odd blanks are blanks, and offsets hold."""
    odd = "Long\x00 posi\u00adtions\u200b of $343\u00a0million\u2009were \ufefflost.\r\nThe\u2028rest held.\x07"
    doc = read_text(odd, title="")
    assert doc.text == "Long positions of $343 million were lost.\nThe\nrest held."
    start = doc.content.index("$343 million")
    assert doc.content[start : start + 12] == "$343 million"


def test_nuls_in_a_page_do_not_end_it():
    """A NUL is no end of anything."""
    assert read_html(make_page().replace("hour", "ho\0ur"), url=URL).text.split("\n") == list(PROSE)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1", "windows-1252"])
def test_a_page_s_bytes_are_read_by_the_encoding_it_declares(encoding: str):
    """Bytes are UTF-8, or what the page says of itself."""
    page = make_page("Größe zählt: " + PROSE[0], *PROSE[1:], head=f"<meta charset='{encoding}'>")
    assert "Größe zählt" in read_html(page.encode(encoding), url=URL).text


def test_a_plain_text_s_headline_is_its_title():
    """A first line that clearly is one becomes the title, once."""
    doc = read_text("Longs lose $343 million in an hour\n\n" + "\n".join(PROSE))
    assert (doc.title, doc.text.split("\n")) == ("Longs lose $343 million in an hour", list(PROSE))


@pytest.mark.parametrize("first", [PROSE[0], "By the desk", "Short", "- a list that is not a headline", "It said:"])
def test_a_first_line_that_is_no_headline_stays(first: str):
    """In doubt the title is empty, and the text whole."""
    doc = read_text(first + "\n" + "\n".join(PROSE))
    assert doc.title == ""
    assert doc.text.startswith(first)


def test_markdown_is_read_as_words():
    """Marks are no words: headings, stress and links leave what they mark; raw HTML stays harmless text."""
    doc = read_text(
        f"# Longs lose **$343 million**\n\n{PROSE[0]} See [the tally](https://x.example/a)."
        "\n\n- one\n- two\n\n<b>raw</b>"
    )
    assert doc.title == "Longs lose $343 million"
    assert doc.text.split("\n") == [f"{PROSE[0]} See the tally.", "one", "two", "<b>raw</b>"]


@pytest.mark.parametrize("text", ["", " \n\t", "\0\0", "\u200b"])
def test_a_text_without_a_word_is_an_error(text: str):
    """Nothing to read is said, not stored."""
    with pytest.raises(DocumentError):
        read_text(text)


def test_a_feed_s_full_content_is_read_without_a_page():
    """The content is the article: no page is needed, the date is the feed's, the outlet the entry's."""
    html = (
        "".join(f"<p>{each}</p>" for each in PROSE)
        + "<p>The post <a href='https://o.example/1'>Thin books</a> appeared first on <a href='/'>Quay Notes</a>.</p>"
    )
    entry = Entry(
        key="1", url=URL, title="Thin books", html=html, body="feed_full", published=AT, outlet="Harbour Ledger"
    )
    doc = read_entry(entry)
    assert doc.text.split("\n") == list(PROSE)
    assert (doc.published.at, doc.published.kind, doc.outlet) == (AT, "feed", "Harbour Ledger")
    assert [(each.kind, each.outlet, each.url) for each in doc.citations] == [
        ("appeared_first", "Quay Notes", "https://o.example/1")
    ]


def test_a_fetched_page_keeps_the_feed_s_date_beside_its_own():
    """The page's own date is believed before the feed's, and both are kept."""
    page = make_page(ld={"@graph": [{"@type": "NewsArticle", "datePublished": "2025-08-25T21:00:00+00:00"}]})
    doc = read_entry(Entry(key="1", url=URL, final_url=URL, html=page, published=AT, outlet="Ledger"))
    assert [each.kind for each in doc.dates][:2] == ["json-ld", "feed"]
    assert (doc.published.kind, doc.outlet) == ("json-ld", "Ledger")


def test_a_missing_date_stays_unknown():
    """Nothing tells when: nothing is made up."""
    doc = read_text(PROSE[0], url="https://ledger.example/undated")
    assert (doc.published, doc.dates) == (None, ())


def test_a_record_is_kept_to_the_character():
    """Offsets of others count in title, newline, text: neither is touched, however odd."""
    record = {"id": "a1", "title": " T\u200b ", "text": "A\r\n\0 Comments\nNo comments yet ", "published": "2025-08-25"}
    doc = read_record(record)
    assert (doc.id, doc.content) == ("a1", f"{record['title']}\n{record['text']}")
    assert (doc.published.at, doc.published.precision) == (datetime(2025, 8, 25, tzinfo=UTC), "day")


@given(st.text(st.characters(exclude_categories=["Cs"])), st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_no_record_is_ever_changed(title: str, text: str):
    """Whatever stands in them, title and text are the document's."""
    assert read_record({"title": title, "text": text}).content == f"{title}\n{text}"


@pytest.mark.parametrize(
    ("record", "field"),
    [
        ({}, "text"),
        ({"title": "", "text": ""}, "text"),
        ({"text": 5}, "text"),
        ({"text": "a", "title": ["b"]}, "title"),
        ({"text": "a", "published": "yesterday"}, "published"),
        ({"text": "a", "published": 7}, "published"),
        ({"text": "a", "url": 1}, "url"),
        ({"text": "a", "id": {}}, "id"),
        ({"text": "half \ud83d"}, "text"),
    ],
)
def test_a_bad_record_names_its_field(record: dict[str, object], field: str):
    """The error's key is the field that cannot be used."""
    with pytest.raises(DocumentError) as raised:
        read_record(record)
    assert raised.value.key == field
    assert str(raised.value).startswith(field)


def test_the_same_article_has_the_same_id():
    """Identity is address and words; a record brings its own."""
    assert read_text(PROSE[0], url=URL).id == read_text(PROSE[0], url=URL).id
    assert read_text(PROSE[0], url=URL).id != read_text(PROSE[1], url=URL).id


@pytest.mark.parametrize("place", ["<p>%s one</p>", "<p>one</p>%s tail", "<title>%s</title>", '<a href="%s">x</a>'])
@pytest.mark.parametrize("unseen", ["\x01", "\x13", "\x1f", "\ufffe", "&#1;", "&#x13;", "&#x1F", "&#0;", "\x0b\x0c"])
def test_characters_that_no_tree_holds_are_left_out(place: str, unseen: str):
    """Control characters and references to them, wherever they stand, cost nothing but themselves."""
    page = make_page(*PROSE).replace("</article>", (place % unseen) + "</article>")
    assert PROSE[0] in read_html(page, url=URL).text
    assert PROSE[0] in read_html(page.encode("utf-8", "surrogatepass"), url=URL).text


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_page_raises_anything_but_our_own(data: st.DataObject):
    """Cut, doubled and littered pages give a document or an error that says why."""
    page = bytearray(make_page(after="<p>[1]</p>").encode())
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(page)))
        page[at : at + data.draw(st.integers(0, 60))] = data.draw(
            st.one_of(
                st.binary(max_size=10),
                st.sampled_from([b"<", b"</article>", b"<script>", b"<!--", b"&#0;", b"<p hidden>"]),
            )
        )
    url = data.draw(
        st.sampled_from([URL, None, "https://www.ainvest.com/news/a-2508", "http://[", "https://x.example:port/"])
    )
    try:
        doc = read_html(bytes(page), url=url)
    except NewsdetectError as fault:
        assert str(fault)  # noqa: PT017 -- either outcome is right
    else:
        doc.model_dump_json()
        assert "\0" not in doc.content
