"""Lines of an article and lines of its house, told apart without touching a character of what stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsdetect.sources.cleaning import Reference, clean

PROSE = "Forced selling of long positions ran through the evening, and the books were thin enough to let it run far."


def cleaned(*lines: str) -> list[str]:
    """Give what is left of a text whose first and middle lines are prose."""
    return clean("\n".join([PROSE, *lines])).text.split("\n")


def test_the_source_list_is_taken_out_and_told():
    """Marks, titles and addresses come apart; widgets under the list go with it."""
    listed = "[1] A Title - With Dash – https://a.example/1?x=1\n[2] https://b.example\n[3] No address"
    text = f"{PROSE}\nSource:\n{listed}\nDec.02 2025\nMore coins"
    found = clean(text)
    assert found.text == PROSE
    assert found.references == (
        Reference(1, "A Title - With Dash", "https://a.example/1?x=1"),
        Reference(2, None, "https://b.example"),
        Reference(3, "No address", None),
    )
    assert "Dec.02 2025" in found.dropped


def test_a_source_list_on_one_line_counts():
    """Heading and first source may share a line."""
    found = clean(f"{PROSE}\nSources: [1] A title ([https://a.example/1])\n[2] Another – https://b.example/2")
    assert [each.mark for each in found.references] == [1, 2]
    assert found.text == PROSE


def test_prose_under_a_source_list_stays():
    """What reads on after the list is the article."""
    assert clean(f"{PROSE}\nSource:\n[1] T – https://a.example\n{PROSE} Again.").text == f"{PROSE}\n{PROSE} Again."


def test_the_word_source_without_a_list_stays():
    """No list, no cut."""
    assert cleaned("Source:", PROSE) == [PROSE, "Source:", PROSE]


@pytest.mark.parametrize(
    "line",
    [
        "AInvest Newsletter",
        "Daily stocks & crypto headlines, free to your inbox",
        "Sign up for our daily newsletter and never miss a move",
        "Subscribe to updates",
        "Follow us on Telegram",
        "Join us on X for more",
        "Share this article",
        "Advertisement",
        "Related: Why books grow thin",
        "Read also: Why books grow thin",
        "READ MORE: Why books grow thin",
        "Related articles",
        "Image source: Quay Notes",
    ],
)
def test_promotions_go_wherever_they_stand(line: str):
    """A newsletter box above a text is as little of it as one within."""
    assert clean(f"{line}\n{PROSE}\n{line}\n{PROSE}\n{line}").text == f"{PROSE}\n{PROSE}"


@pytest.mark.parametrize(
    "line",
    [
        "The newsletter that first told of the whale, Quay Notes, put the loss at $39 million before others did.",
        "Subscribers of the exchange were told to close their positions in time.",
        "Related tokens fell, too.",
        "Share prices of miners fell by 4% in late trading.",
        "More than $343 million was liquidated.",
        "Comments by the chairman moved the market before the close.",
        "Traders read more into it than there was.",
        "Advertisement revenue fell.",
        "Source: CoinGlass",
    ],
)
def test_sentences_with_such_words_stay(line: str):
    """Rules match whole lines, so that an article may speak of newsletters."""
    assert line in cleaned(line, PROSE)


@pytest.mark.parametrize(
    "line",
    [
        "Disclaimer: this is no advice of any kind.",
        "The information here is not financial advice.",
        "This content is for informational purposes only and should not be relied upon.",
        "The post Thin books appeared first on Quay Notes.",
        "© 2025 Quay Notes",
        "Tags: bitcoin, ether",
        "Reach the author on Twitter: @quay",
        "Reporting by A. Miller; editing by B. Smith",
    ],
)
def test_a_house_s_last_words_go_from_the_end_only(line: str):
    """At the end they are the house's; within the text they are the author's."""
    assert cleaned(PROSE, line) == [PROSE, PROSE]
    assert cleaned(line, PROSE) == [PROSE, line, PROSE]


def test_comments_are_cut_off():
    """From the heading on, as long as the article is the longer part."""
    assert cleaned(PROSE, "Comments (2)", "First!", "So what?") == [PROSE, PROSE]
    assert clean(f"{PROSE}\nComments\n{PROSE}\n{PROSE}\n{PROSE}").text.count(PROSE) == 4


def test_a_company_s_words_on_itself_are_cut_off():
    """A press release ends with what its house says of itself; that is no news."""
    assert cleaned(PROSE, PROSE, "About Quay Exchange", "Quay Exchange is the world's leading quay.") == [PROSE] * 3


@given(
    st.lists(
        st.sampled_from([PROSE, "", "Comments", "Source:", "[1] T – https://a.example", "Tags: a", "Share", "A word."])
    )
)
def test_cleaning_only_ever_takes_lines_out(lines: list[str]):
    """What is left is a subsequence of the lines, and cleaning again changes nothing."""
    found = clean("\n".join(lines))
    rest = iter(lines)
    assert all(line in rest for line in found.text.split("\n") if line)
    assert clean(found.text).text == found.text


@given(st.text(max_size=300))
def test_no_text_breaks_the_rules(text: str):
    """Any characters are cleaned, and none is made up."""
    assert set(clean(text).text) <= set(text)
