"""The find page without a browser: what it shows for links of every kind, and what its inputs do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from recommender import Answers, load_catalog, recommend, words
from recommender.share.link import decode, encode

CATALOG = load_catalog()
STRINGS = CATALOG.vocabulary["strings"]["en"]
EXAMPLES = {entry["id"]: entry["answers"] for entry in CATALOG.vocabulary["questions"]["examples"]}
DAY = {"as_of": CATALOG.date.isoformat()}  # pins a link to the catalog's own day, so that no test ages
NOTHING = {"openness": "fully-open", "budget_usd_month": 0, "data_boundary": "own-machines", **DAY}


def query(answers):
    """The parameters of a link with these answers."""
    link = encode(Answers.parse(answers), catalog_version=CATALOG.version)
    return dict(part.split("=", 1) for part in link.replace("%7E", "~").split("&"))


def told(app):
    """All text of the page, with Markdown's escapes taken back."""
    blocks = [*app.markdown, *app.caption, *app.title, *app.header, *app.subheader, *app.info, *app.warning]
    text = "\n".join(str(block.value) for block in [*blocks, *app.error, *app.code])
    return re.sub(r"\\(.)", r"\1", text)


def table(app, head):
    """The table of the page with this column."""
    return next(found.value for found in app.table if head in found.value.columns)


def shown_models(app):
    """Model ids of the ranking on the page, best first."""
    return re.findall(r"[?&]id=([a-z0-9._/-]+)", " ".join(table(app, "Rank")["Model"]))


def answers_in(app):
    """The answers as the page keeps them; that the address holds them too is tested in a browser."""
    return app.session_state["answers"]


def test_first_visit_shows_a_pick_per_class_with_its_cost(run_app):
    """Without an answer there are three picks under a stated assumption."""
    app = run_app()
    text = told(app)
    assert app.title[0].value == STRINGS["page.find.title"]
    assert "Assuming: Chat and everyday questions · 10,000 requests a month" in text
    assert text.count("a month**") == 3
    assert text.count("Fit ") >= 3
    assert STRINGS["page.find.laptop_assumed"] in text
    assert "k" not in app.query_params


def test_link_of_the_first_visit_holds_the_day_and_the_catalogue(run_app):
    """Even with nothing answered, the link under Share shows this result again on a later day."""
    link = decode(run_app().code[-1].value)
    assert link.catalog_version == CATALOG.version
    assert link.answers.as_of is not None
    assert link.intact


def test_ranking_says_where_to_run_a_model_without_its_name_again(run_app):
    """The column beside the name tells the provider or the machine only."""
    ways = table(run_app(), "Rank")["Best way to run it"]
    assert all(re.match(r"over |on ", way) for way in ways)


@pytest.mark.parametrize("name", EXAMPLES)
def test_example_shows_the_first_five_of_the_recommendation(run_app, name):
    """What the page ranks is what the library recommends."""
    answers = {**EXAMPLES[name], **DAY}
    found = recommend(answers, catalog=CATALOG)
    app = run_app(query(answers))
    assert shown_models(app)[:5] == [row.model for row in found.ranking[:5]]
    assert found.best is not None
    assert found.best.name in told(app)
    assert STRINGS["page.find.flaws"] in told(app)


def test_points_on_the_page_add_up_to_the_fit(run_app):
    """The rounded parts of the best model sum to the fit that its card shows."""
    answers = {**EXAMPLES["startup"], **DAY}
    best = recommend(answers, catalog=CATALOG).best
    *parts, total = [int(text.strip("*")) for text in table(run_app(query(answers)), "Points")["Points"]]
    assert sum(parts) == total == round(best.score)


def test_no_model_left_offers_a_way_back(run_app):
    """With limits that exclude all, one button brings models back."""
    app = run_app(query(NOTHING))
    assert STRINGS["headline.none"] in told(app)
    button = next(one for one in app.button if str(one.key).startswith("relax_"))
    button.click().run()
    assert STRINGS["headline.none"] not in told(app)
    assert shown_models(app)


def test_bad_value_is_named_and_the_rest_is_kept(run_app):
    """One unreadable value leaves its question open, with a notice."""
    app = run_app({**query(EXAMPLES["hospital"]), "hw": "1x25x"})
    assert "hw=1x25x" in told(app)
    assert "Only on our own machines" in told(app)


def test_unreadable_link_says_so_and_still_shows_picks(run_app):
    """A key given twice refuses the whole link, and the page starts afresh."""
    app = run_app({"v": "1", "use": ["chat", "coding"]})
    assert "We could not read this link" in told(app)
    assert "Assuming:" in told(app)


def test_unknown_model_in_a_link_is_named(run_app):
    """An id that the catalog does not hold is reported and not used."""
    app = run_app(query({"tasks": ["chat"], "only_models": ["nobody/nothing-9"]}))
    assert "nobody/nothing-9" in told(app)
    assert shown_models(app)


def test_link_of_another_catalog_is_pointed_out(run_app):
    """A link made on other data says so."""
    app = run_app({**query({"tasks": ["chat"]}), "c": "2020.01.01-00000000"})
    assert "2020.01.01-00000000" in told(app)


def test_kind_of_machine_alone_is_no_answer(run_app):
    """Half of an answer changes nothing until the other half is given."""
    app = run_app()
    app.pills(key="w_hw_kind").set_value("One graphics card").run()
    assert answers_in(app) == {}
    app.pills(key="w_hw_size").set_value(24).run()
    assert answers_in(app)["hardware"] == [{"memory_gb": 24, "memory_kind": "vram"}]


def test_a_new_main_task_keeps_the_volume_and_shows_it(run_app):
    """A new answer never resets another: the volume stays, under "Enter numbers" where no size means it."""
    app = run_app()
    app.pills(key="w_tasks").set_value("summarisation").run()
    app.pills(key="w_use").set_value("team").run()
    volume = answers_in(app)["requests_per_month"]
    app.pills(key="w_tasks").set_value("embedding").run()
    assert answers_in(app)["requests_per_month"] == volume
    assert app.pills(key="w_use").value == "numbers"
    assert app.number_input(key="w_requests_per_month").value == volume


def test_impossible_number_is_named_and_kept(run_app):
    """A negative limit stays in its input with what is allowed, and filters nothing."""
    app = run_app()
    app.number_input(key="w_budget_usd_month").set_value(-5.0).run()
    assert STRINGS["page.find.problem"] in told(app)
    assert "Enter a number from 0" in told(app)
    assert app.number_input(key="w_budget_usd_month").value == -5.0
    app.number_input(key="w_budget_usd_month").set_value(200.0).run()
    assert STRINGS["page.find.problem"] not in told(app)
    assert answers_in(app)["budget_usd_month"] == 200


def test_unsure_clears_an_answer(run_app):
    """ "I'm not sure" is the same as not answering."""
    app = run_app(query({"tasks": ["coding"], "openness": "weights"}))
    app.pills(key="w_openness").set_value("?").run()
    assert "openness" not in answers_in(app)
    assert answers_in(app)["tasks"] == ["coding"]


def test_answer_that_is_not_used_is_kept_and_marked(run_app):
    """A region without a boundary that needs it stays and says that it has no effect."""
    app = run_app(query({"data_boundary": "anywhere", "region": ["eu"]}))
    assert "Not used: your answer on where text may be processed names no region" in told(app)


def test_limit_tells_its_effect(run_app):
    """Each limit says how many models are left and how many it removed."""
    app = run_app(query({**EXAMPLES["public-body"], **DAY}))
    assert re.search(
        r"\d+ models left \(\d+ closed, \d+ open-weight, \d+ small\)\. This answer removed", told(app)
    )


def test_pasted_answers_replace_all(run_app):
    """The rarest answers are set from text, and a mistake in it is named."""
    app = run_app()
    app.text_area(key="paste").set_value("nonsense: 1").run()
    next(one for one in app.button if one.label == STRINGS["page.find.paste_use"]).click().run()
    assert "Unknown answer" in told(app)
    app.text_area(key="paste").set_value("tasks: [rag]\nweights_within: {C02: 80}").run()
    next(one for one in app.button if one.label == STRINGS["page.find.paste_use"]).click().run()
    assert answers_in(app)["weights_within"] == {"C02": 80}


def test_every_question_is_on_the_page(run_app):
    """Each answer key has its question, asked at the latest once it matters."""
    everything = {"data_boundary": "region", "tasks": ["classification"], "requests_per_month": 77}
    shown = [entry.value for entry in run_app(query(everything)).subheader]
    labels = [entry.label for entry in run_app(query(everything)).number_input]
    for entry in CATALOG.vocabulary["questions"]["questions"]:
        assert any(entry["question"] in text for text in [*shown, *labels]), entry["id"]


def test_unexpected_error_becomes_a_message_with_an_id(monkeypatch):
    """A crash shows no trace, and the answers stay."""

    def fail(*_):
        raise RuntimeError("secret detail")

    monkeypatch.setattr("pages.parts.picks.picks", fail)
    app = AppTest.from_file(str(Path(__file__).parents[2] / "app.py"), default_timeout=30)
    app.query_params.update(query({"tasks": ["coding"]}))
    app.run()
    assert re.search(r"could not be drawn.*Error [0-9a-f]{8}", app.error[0].value)
    assert "secret detail" not in told(app)
    assert app.session_state["answers"] == {"tasks": ["coding"]}


def test_parts_are_rounded_to_their_rounded_sum():
    """Thirds of a point are not lost."""
    assert words.rounded_parts([0.4, 0.4, 0.4]) == [1, 0, 0]
    assert sum(words.rounded_parts([33.3, 33.3, 33.4, 0.25, -1.5], decimals=1)) == pytest.approx(98.8)
