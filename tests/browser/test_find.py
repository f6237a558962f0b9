"""The find page in a browser: acceptance scenarios, each within its limit of clicks."""

from __future__ import annotations

import re
import time

import pytest

from recommender import Answers, load_catalog
from recommender.share.link import encode

CATALOG = load_catalog()
STRINGS = CATALOG.vocabulary["strings"]["en"]
EXAMPLES = {entry["id"]: entry["answers"] for entry in CATALOG.vocabulary["questions"]["examples"]}
FIRST_PICKS_S = 10


class Visitor:
    """Someone at the page, whose clicks are counted."""

    def __init__(self, page, wait_ready):
        self.page, self._ready, self.clicks = page, wait_ready, 0

    def click(self, locator):
        """One click, and whatever follows from it."""
        locator.click()
        self.clicks += 1
        self.page.wait_for_timeout(100)
        self._ready(self.page)

    def answer(self, question, label):
        """Choose an option of a question."""
        self.click(self.page.locator(f".st-key-q_{question}").get_by_text(label, exact=True).first)

    def pick(self, model_class):
        """The text of a card, once its parts have been drawn."""
        self.page.get_by_role("link", name=STRINGS["page.find.model_page"]).last.wait_for()
        return self.page.locator(f".st-key-pick_{model_class}").inner_text()


@pytest.fixture
def visitor(visit, wait_ready):
    """visitor(address, **options): a visitor at that address."""
    return lambda address="/", **options: Visitor(visit(address, **options), wait_ready)


def link(answers):
    """The address of a result."""
    return f"/?{encode(Answers.parse(answers), catalog_version=CATALOG.version)}"


def sideways(page):
    """By how many pixels the page is wider than the window."""
    wide = "[document.documentElement, document.querySelector('[data-testid=stMain]')]"
    return page.evaluate(f"Math.max(...{wide}.map(part => part.scrollWidth - part.clientWidth))")


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (390, True)])
def test_first_screen_names_three_picks_with_their_cost(page, guard, wait_ready, width, dark):
    """Scenario 1: nothing is answered, and one pick per class stands there with its monthly cost."""
    opened = page(width=width, dark=dark)
    started = time.monotonic()
    opened.goto("/")
    for name in ("closed", "open-weight", "small"):
        opened.locator(f".st-key-pick_{name}").get_by_text(re.compile(r"\$[\d.,]+.* a month")).wait_for()
    assert time.monotonic() - started < FIRST_PICKS_S
    wait_ready(opened)
    assert opened.get_by_role("heading", level=1).count() == 1
    assert sideways(opened) <= 0
    seen = guard(opened)
    assert (seen.external, seen.console_errors) == ([], [])


def test_hospital_finds_a_model_and_a_colleague_sees_the_same_on_a_phone(visitor):
    """Scenarios 2 and 3: four answers, the link, and the same pick and reasons where it is opened."""
    here = visitor()
    here.answer("tasks", "Summarise")
    here.answer("data_boundary", "Only on our own machines")
    here.answer("hardware", "One graphics card")
    here.answer("hardware", "24 GB")
    assert here.clicks <= 8
    assert "Best fit" in here.pick("open-weight") + here.pick("small")
    address = here.page.get_by_test_id("stCode").first.inner_text().replace("\n", "")
    assert address == here.page.url
    there = visitor(address, width=390)
    for name in ("closed", "open-weight", "small"):
        assert there.pick(name) == here.pick(name)
    why = "[class*=st-key-why_] >> nth=0"
    assert there.page.locator(why).inner_text() == here.page.locator(why).inner_text()
    assert sideways(there.page) <= 0


def test_back_undoes_the_last_answer(visitor, wait_ready):
    """The browser's Back takes one answer back, on the page as in the address."""
    visiting = visitor()
    visiting.answer("tasks", "Translate")
    first = visiting.page.url
    visiting.answer("openness", "Weights can be downloaded")
    visiting.page.go_back()
    visiting.page.wait_for_timeout(100)
    wait_ready(visiting.page)
    assert visiting.page.url == first
    situation = visiting.page.locator(".st-key-situation").inner_text()
    assert "Translate" in situation
    assert "downloaded" not in situation


def test_public_body_sees_open_models_and_why_others_fell_out(visitor):
    """Scenario 5: one answer leaves the fully open models, and says how many it removed."""
    visiting = visitor()
    visiting.answer("openness", "Training data and code too")
    effect = visiting.page.locator(".st-key-q_openness").inner_text()
    assert re.search(r"\d+ models left \(0 closed, .*This answer removed [1-9]", effect)
    visiting.click(visiting.page.get_by_text(STRINGS["page.find.excluded_open"]))
    assert visiting.clicks <= 5
    assert re.search(r"Open enough: \d+", visiting.page.locator("body").inner_text())
    assert visiting.page.get_by_test_id("stDataFrame").is_visible()


def test_developer_reads_quantisation_and_memory_sum(visitor):
    """Scenario 6: a coding model for a laptop with 16 GB, with what it takes."""
    visiting = visitor()
    visiting.answer("tasks", "Write and explain code")
    visiting.answer("data_boundary", "Only on our own machines")
    visiting.answer("hardware", "A laptop")
    visiting.answer("hardware", "16 GB")
    assert visiting.clicks <= 6
    text = visiting.page.locator("body").inner_text()
    weights, cache, overhead, total = map(
        float, re.search(r"Weights (\S+) \+ cache (\S+) \+ overhead (\S+) = (\S+) of", text).groups()
    )
    assert weights + cache + overhead == pytest.approx(total)
    assert re.search(r"Run as \S+", text)


def test_limits_that_exclude_all_are_left_in_two_clicks(visitor):
    """Scenario 7: each answer says what it removes, and one button brings a model back."""
    visiting = visitor("/?v=1&open=fully-open&where=own-machines&bud=0")
    assert visiting.page.get_by_text(STRINGS["headline.none"]).first.is_visible()
    assert re.search(r"0 models left.*removed [1-9]", visiting.page.locator("body").inner_text())
    visiting.click(visiting.page.get_by_role("button", name=re.compile("Brings back")).first)
    assert visiting.clicks <= 2
    assert visiting.page.get_by_text("Best fit").first.is_visible()


def test_sceptic_finds_source_and_day_of_a_figure(visitor):
    """Scenario 8: figures in the result carry a link to their source and the day it was looked at."""
    visiting = visitor(link(EXAMPLES["startup"]))
    why = visiting.page.locator("[class*=st-key-why_]").first
    why.get_by_role("table").wait_for()
    assert why.locator("a[href^='https://']").count() >= 1
    assert re.search(r"\(20\d\d-\d\d-\d\d\)", why.inner_text())
    assert visiting.clicks <= 2


def test_example_link_shows_its_result_first(visitor):
    """An example opens with its answers in the address and the result above the questions."""
    visiting = visitor()
    visiting.click(visiting.page.get_by_role("link", name="Laptop only"))
    assert "where=offline" in visiting.page.url
    assert visiting.page.get_by_role("heading", level=2).first.inner_text() == STRINGS["page.find.check"]
