"""Licences against the organisation in the answers (rule R18), on the real catalog."""

from __future__ import annotations

import pytest

from recommender import Answers, recommend
from recommender.decide.engine import evaluate_all
from recommender.decide.licence_terms import licence_caveats
from recommender.decide.reasons import failures

RULE = "R18"
OWN = {
    "tasks": ["chat"],
    "data_boundary": "own-machines",
    "hardware": [{"memory_gb": 192, "memory_kind": "vram", "count": 32}],
}
BUSINESS = {"commercial_use": True}
COHERE = ("cohere/command-a", "cohere/command-r-plus", "cohere-labs/aya-expanse-8b")
EXAONE = ("lg-ai-research/exaone-4.0-32b", "lg-ai-research/exaone-4.0-1.2b")


def barred(catalog, model, **answers):
    """The broken licence rule of a model's own ways; None where every one passes it."""
    made = evaluate_all(Answers.parse({**OWN, "only_models": [model], **answers}), catalog)
    rows = [row for row in made.ways_in_order[made.table.index[model]] if made.ways.rows.kind[row] == 2]
    assert rows
    found = [next((one for one in failures(made, row) if one.rule == RULE), None) for row in rows]
    assert len({one and one.reason for one in found}) == 1  # the licence does not depend on the way
    return found[0]


def caveats(catalog, model, **answers):
    """Ids of the caveats about the licence of a model's first own way."""
    made = evaluate_all(Answers.parse({**OWN, "only_models": [model], **answers}), catalog)
    rows = [row for row in made.ways_in_order[made.table.index[model]] if made.ways.rows.kind[row] == 2]
    return {key for key, _ in licence_caveats(made, rows[0])}


def test_llama_3_1_ends_above_700_million_users(catalog):
    """At 700 million monthly users it is covered, above not; the reason names limit and section."""
    assert barred(catalog, "meta/llama-3.1-8b", **BUSINESS, monthly_active_users=700_000_000) is None
    found = barred(catalog, "meta/llama-3.1-8b", **BUSINESS, monthly_active_users=700_000_001)
    assert (found.found, found.required, found.unknown) == (700_000_000, 700_000_001, False)
    assert "more than 700,000,000 users a month (section 2)" in found.reason
    assert found.source == "meta-llama-llama-models-llama3.1-license"


@pytest.mark.parametrize("model", ["meta/llama-4-scout", "meta/llama-4-maverick", "meta/llama-guard-4-12b"])
def test_llama_4_is_not_for_an_eu_company(catalog, model):
    """Multimodal Llama 4 gives no rights to companies of the EU, asked for business or not."""
    for answers in ({"organisation_region": "eu"}, {"organisation_region": "de", **BUSINESS}):
        found = barred(catalog, model, **answers)
        assert "handles more than text (acceptable use policy" in found.reason
    assert barred(catalog, model, organisation_region="us", **BUSINESS) is None
    assert barred(catalog, model, **BUSINESS) is None


def test_llama_3_2_differs_by_what_a_model_reads(catalog):
    """The same licence bars its vision model in the EU and not its models of text."""
    assert barred(catalog, "meta/llama-3.2-11b-vision", organisation_region="eu") is not None
    assert barred(catalog, "meta/llama-3.2-3b", organisation_region="eu", **BUSINESS) is None


@pytest.mark.parametrize(("region", "out"), [("eu", True), ("uk", True), ("kr", True), ("us", False)])
def test_hunyuan_leaves_out_three_territories(catalog, region, out):
    """Whatever the model reads, the licence does not apply there."""
    assert (barred(catalog, "tencent/hunyuan-a13b", organisation_region=region) is not None) is out


def test_qwen_2_5_72b_has_a_limit_that_its_32b_has_not(catalog):
    """One family, two licences: 100 million users for the 72B, Apache-2.0 for the 32B."""
    large = {**BUSINESS, "monthly_active_users": 200_000_000}
    assert "100,000,000 users a month (section 4)" in barred(catalog, "alibaba/qwen2.5-72b", **large).reason
    assert barred(catalog, "alibaba/qwen2.5-coder-32b", **large) is None
    assert barred(catalog, "alibaba/qwen2.5-72b", monthly_active_users=200_000_000) is None


def test_gemma_3_has_terms_that_gemma_4_has_not(catalog):
    """Both may be used in business; only Gemma 3 comes with conditions, so it is not permissive."""
    assert barred(catalog, "google/gemma-3-27b", **BUSINESS) is None
    assert "caveat.licence_limits" in caveats(catalog, "google/gemma-3-27b", **BUSINESS)
    assert caveats(catalog, "google/gemma-4-31b", **BUSINESS) == set()
    open_enough = Answers.parse({**OWN, "openness": "permissive"})
    out = {
        row.model: {one.rule for one in row.failed}
        for row in recommend(open_enough, catalog=catalog).excluded
    }
    assert "R10" in out["google/gemma-3-27b"]
    assert "R10" not in out.get("google/gemma-4-31b", set())


def test_devstral_2_ends_above_20_million_a_month(catalog):
    """Counted as 240 million a year, for whoever uses it; the smaller Devstral has no such limit."""
    assert barred(catalog, "mistral-ai/devstral-2", **BUSINESS, annual_revenue_usd=240e6) is None
    for answers in (BUSINESS, {}):
        found = barred(catalog, "mistral-ai/devstral-2", **answers, annual_revenue_usd=241e6)
        assert "240,000,000 US dollars of revenue a year (paragraph (b))" in found.reason
    assert barred(catalog, "mistral-ai/devstral-small-2", **BUSINESS, annual_revenue_usd=1e12) is None


@pytest.mark.parametrize("model", [*COHERE, *EXAONE])
def test_non_commercial_licences_bar_business(catalog, model):
    """Cohere's open weights and EXAONE are for other than commercial use."""
    found = barred(catalog, model, **BUSINESS)
    assert "does not allow commercial use" in found.reason
    assert (found.found, found.required) == ("no", True)
    assert barred(catalog, model, commercial_use=False) is None


def test_kimi_k2_bars_nobody_and_asks_for_its_name(catalog):
    """Above 100 million users or 20 million dollars a month the name is shown; nobody is barred."""
    huge = {**BUSINESS, "monthly_active_users": 900_000_000, "annual_revenue_usd": 1e12}
    small = {**BUSINESS, "monthly_active_users": 1_000, "annual_revenue_usd": 1e6}
    name = "licence.caveat.attribution_above"
    assert barred(catalog, "moonshot-ai/kimi-k2", **huge, organisation_region="eu") is None
    assert name in caveats(catalog, "moonshot-ai/kimi-k2", **huge)
    assert name in caveats(catalog, "moonshot-ai/kimi-k2", **{**small, "annual_revenue_usd": 241e6})
    assert name in caveats(catalog, "moonshot-ai/kimi-k2", **BUSINESS)
    assert name not in caveats(catalog, "moonshot-ai/kimi-k2", **small)


@pytest.mark.parametrize("model", ["microsoft/phi-4", "alibaba/qwen3.5-9b", "openai/gpt-oss-20b"])
def test_mit_and_apache_bar_nobody(catalog, model):
    """Controls: no size, no seat and no use takes them out, and nothing is to be said of them."""
    huge = {**BUSINESS, "monthly_active_users": 5_000_000_000, "annual_revenue_usd": 1e12}
    assert barred(catalog, model, **huge, organisation_region="eu") is None
    assert caveats(catalog, model) == set()


def test_a_licence_nobody_read_is_not_settled(catalog):
    """A limit that was not looked up excludes, in the words for unknown; where it is not asked, it passes."""
    found = barred(catalog, "ai21-labs/jamba-1.5-mini", **BUSINESS, annual_revenue_usd=1e6)
    assert found.unknown
    assert "No source settles whether" in found.reason
    assert barred(catalog, "ai21-labs/jamba-1.5-mini", **BUSINESS) is None


def test_a_host_answers_for_its_own_licence(catalog):
    """Over an API the host's terms hold: nothing of the weights' licence takes the way out."""
    answers = {**BUSINESS, "organisation_region": "eu", "monthly_active_users": 900_000_000}
    made = evaluate_all(Answers.parse({"tasks": ["chat"], "hardware": [], **answers}), catalog)
    rows = list(made.ways_in_order[made.table.index["meta/llama-4-scout"]])
    kinds = {
        int(made.ways.rows.kind[row]) for row in rows if RULE not in {f.rule for f in failures(made, row)}
    }
    assert kinds == {0}


def test_untold_figures_are_named_beforehand(catalog):
    """Who has not said how large or where they are is told which limits were not tested."""
    assert {"licence.caveat.users", "licence.caveat.region", "licence.caveat.attribution"} <= caveats(
        catalog, "meta/llama-4-scout"
    )
    told = {**BUSINESS, "organisation_region": "us", "monthly_active_users": 5}
    assert not {"licence.caveat.users", "licence.caveat.region"} & caveats(
        catalog, "meta/llama-4-scout", **told
    )


@pytest.mark.parametrize(
    "answers",
    [{"commercial_use": True}, {"monthly_active_users": 800_000_000}, {"organisation_region": "eu"},
     {"commercial_use": True, "annual_revenue_usd": 1e9}],
)  # fmt: skip
def test_every_reason_is_a_whole_sentence(catalog, answers):
    """No licence of the catalog leaves a gap in its reason."""
    for row in recommend(Answers.parse({**OWN, **answers}), catalog=catalog).excluded:
        for one in row.failed:
            if one.rule == RULE:
                assert "not known" not in one.reason
                assert one.source
                assert one.as_of
