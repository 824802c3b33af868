"""The pages as a reader's browser shows them."""

from __future__ import annotations

import pytest

from tests.outputs.web.site import HOSTILE

PATHS = ("/", "/events/wave", "/events/tape", "/events/hostile")
#: What reaches beyond the right edge, the hidden table headers left out.
BEYOND = "all => all.filter(each => each.getBoundingClientRect().right > innerWidth).map(each => each.outerHTML)"
#: The lowest contrast of all texts with the ground they stand on, by WCAG's formula, and the text that has it.
CONTRAST = """() => {
  const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((each) => each / 255)
    .map((each) => each <= 0.03928 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4)
    .reduce((sum, each, place) => sum + each * [0.2126, 0.7152, 0.0722][place], 0);
  const ground = (element) => {
    const colour = numbers(getComputedStyle(element).backgroundColor);
    return colour[3] === 0 && element.parentElement ? ground(element.parentElement) : colour;
  };
  const own = (element) => [...element.childNodes].some((each) => each.nodeType === 3 && each.data.trim());
  return [...document.querySelectorAll("body *")].filter(own).map((element) => {
    const [dark, bright] = [light(numbers(getComputedStyle(element).color)), light(ground(element))].sort();
    return [(bright + 0.05) / (dark + 0.05), element.textContent.trim()];
  }).sort((one, other) => one[0] - other[0])[0];
}"""


def row(page, ident: str):
    """Find an event's row by the address its figure leads to."""
    return page.get_by_role("row").filter(has=page.locator(f"a[href='/events/{ident}']"))


def words(locator) -> str:
    """Give the words of an element as they are seen, on one line."""
    return " ".join(locator.inner_text().split())


def test_a_row_tells_all_of_an_event(page):
    """Figure, window, side, reports against observers, verdict and one sentence of evidence stand in one row."""
    page.at("/")
    cells = row(page, "wave").get_by_role("cell").all()
    assert words(row(page, "wave").get_by_role("rowheader")) == "$343 million 25 Aug 2025, 21:00 UTC"
    assert [words(cell) for cell in cells[:3]] == ["1 hour", "longs", "2 reports, 1 observer: CoinGlass"]
    told = words(cells[3])
    assert told.startswith(
        "plausible 71 % likely true BTC, ETH, SOL and XRP on Binance alone show $82.0–137.6 M of the"
    )
    assert told.endswith("Some $343 million in crypto futures was liquidated within one hour, most of it longs.")


@pytest.mark.parametrize(
    ("ident", "badge"),
    [
        ("wave", "plausible"), ("morning", "contradicted"), ("sums", "inconsistent"), ("undated", "not checkable"),
        ("tape", "corroborated"), ("new", "not checked"),
    ],
)  # fmt: skip
def test_each_verdict_has_its_word(page, ident, badge):
    """The verdict is a word, not a colour alone."""
    page.at("/")
    assert words(row(page, ident).locator(".badge")) == badge


def test_simulated_data_are_marked_wherever_a_verdict_rests_on_them(page):
    """The one simulated event is marked in the list and on its page; no other is."""
    page.at("/")
    assert page.get_by_role("row").filter(has_text="SIMULATED").count() == 1
    assert "SIMULATED" in words(row(page, "tape"))
    page.at("/events/tape")
    assert "This verdict rests on generated market data, not on a real market." in words(page.get_by_label("Verdict"))
    assert "SIMULATED" in words(page.get_by_role("row").filter(has_text="recorder"))


def test_the_events_page_tells_everything(page):
    """All figures with their verdicts, reports with links, lineage and causes."""
    page.at("/events/wave")
    figures = page.locator("h2", has_text="Figures").locator("+ table tbody tr").all()
    assert [words(each) for each in figures] == [
        "$343 million 1 hour · longs · all assets · all venues 2 plausible 71 % likely true why",
        "$852 million 24 hours · longs and shorts · all assets · all venues 1 plausible 66 % likely true why",
        "$12.7 million largest order · no window told · longs and shorts · BTC · Binance 1 not checkable why",
    ]
    reports = page.locator(".reports li").all()
    assert words(reports[0]) == "Thin books cost traders dearly Harbour Ledger, 25 Aug 2025, 21:00 UTC"
    assert reports[1].locator("a").get_attribute("href") == "https://lantern.example/wave"
    assert page.get_by_text("Coin Lantern takes its report from Harbour Ledger (copy)").count() == 1
    verdict = words(page.get_by_label("Verdict"))
    assert "Causes named price drop, thin liquidity" in verdict
    assert "1 of 2 causes named fits time and price, of 1 it cannot be told" in verdict
    assert "price drop, 1 report: fits (the price fell by up to 2.5 %)" in verdict
    assert "thin liquidity, 1 report: cannot be told" in verdict
    assert "tariffs" not in verdict


def test_a_check_shows_its_evidence_in_numbers(page):
    """A row a piece of evidence: what it allows, from where and when, how much of the scope, what it says."""
    page.at("/events/wave")
    rows = page.locator(".check").first.locator("tbody tr").all()
    cells = [[words(cell) for cell in row.locator("th, td").all()] for row in rows]
    read = "read 26 Aug 2025, 06:00 UTC"
    orders, sums = (f"{source}, BTC ETH SOL XRP {read}" for source in ("recorder, Bybit", "CoinGlass, Binance"))
    fell = "supports BTC fell 2.5 % from 113,200 to 110,400"
    assert cells == [
        ["liquidation orders", orders, "at least $60.2 million", "8 %", "98 %", "supports"],
        ["liquidation sums", sums, "$82 million to $137.6 million", "12 %", "100 %", "supports"],
        ["prices", f"Binance, BTC {read}", "prices of $110,400 to $113,250", "unknown", "100 %", fell],
        ["the article's own sums", "–", "–", "unknown", "unknown", "says nothing"],
    ]  # fmt: skip


def test_the_check_that_speaks_for_a_figure_stands_open(page):
    """The word "why" leads to it; the checks of retellings are folded, and open without a script."""
    page.at("/events/wave")
    checks = page.locator(".check").all()
    assert [each.get_attribute("open") is not None for each in checks] == [True, False, True, True]
    target = page.get_by_role("link", name="why").first.get_attribute("href")
    assert target == f"#{checks[0].get_attribute('id')}"
    checks[1].locator("summary").click()
    assert checks[1].locator("table").is_visible()


@pytest.mark.parametrize("path", ["/", "/events/hostile"])
def test_hostile_words_are_shown_and_run_nothing(page, path):
    """Scripts, broken attributes and template braces of an article stand on the page as its words."""
    page.at(path)
    assert HOSTILE in page.locator("main").inner_text()
    assert page.title() != "ran"
    assert page.locator("script, img, [onerror]").count() == 0


@pytest.mark.parametrize("path", PATHS)
def test_links_lead_to_our_pages_or_to_the_web(page, path):
    """No other scheme than http(s) becomes a link, and who follows one is not told on."""
    page.at(path)
    links = page.locator("main a").all()
    assert links
    for link in links:
        href = link.get_attribute("href")
        assert href.startswith(("/", "#", "https://", "http://"))
        assert href.startswith(("/", "#")) or "noreferrer" in link.get_attribute("rel")


def test_the_keyboard_reaches_figures_and_folds(page):
    """Tab goes to brand, then to the newest figure, visibly; Enter opens the event, and there a folded check."""
    page.at("/")
    for _ in range(2):
        page.keyboard.press("Tab")
    focused = page.locator(":focus-visible")
    assert focused.get_attribute("class") == "figure"
    assert focused.evaluate("each => getComputedStyle(each).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    page.wait_for_url("**/events/undated")
    page.at("/events/wave")
    page.locator(".check summary").nth(1).focus()
    page.keyboard.press("Enter")
    assert page.locator(".check").nth(1).get_attribute("open") is not None


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("width", [375, 768, 1280])
def test_nothing_runs_over_the_edge(page, path, width):
    """Whatever the width, the page scrolls down only."""
    page.set_viewport_size({"width": width, "height": 740})
    page.at(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("main *:not(thead *, caption)").evaluate_all(BEYOND) == []


def test_a_narrow_row_names_its_cells(page):
    """Without its header each cell says what it is, and to a screen reader the table is still one."""
    page.set_viewport_size({"width": 375, "height": 740})
    page.at("/")
    cell = row(page, "wave").get_by_role("cell").first
    assert cell.evaluate("each => getComputedStyle(each, '::before').content") == '"Window: "'
    assert page.get_by_role("columnheader").count() == 5


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out_in_both_schemes(page, path, scheme):
    """Light or dark as the reader has it, and no text with less contrast than 4.5 to 1."""
    page.emulate_media(color_scheme=scheme)
    page.at(path)
    page.locator("details").evaluate_all("all => all.forEach((each) => { each.open = true; })")
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == {"light": "rgb(246, 247, 249)", "dark": "rgb(17, 22, 29)"}[scheme]
    contrast, text = page.evaluate(CONTRAST)
    assert contrast >= 4.5, text
