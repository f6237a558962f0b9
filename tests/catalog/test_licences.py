"""What licences say to an organisation: the pure verdict, and the terms recorded in the real catalog."""

from __future__ import annotations

import pytest

from recommender.catalog.fact_rows import fact_rows
from recommender.catalog.licences import Verdict, licence_of, verdict
from recommender.catalog.load import validate
from recommender.catalog.types import Licence

FULL = ("apache-2.0", "mit", "gemma", "deepseek", "cc-by-nc-4.0", "cc-by-nc-sa-4.0", "llama-2", "llama-3",
        "llama-3.1", "llama-3.2", "llama-4", "modified-mit-kimi", "nvidia-open-model")  # fmt: skip
TERMS = ("osi_approved", "commercial_use", "monthly_active_users_max", "annual_revenue_usd_max",
         "regions_excluded", "fields_of_use_restricted", "outputs_may_train_other_models",
         "attribution_required", "redistribution", "patent_grant")  # fmt: skip


def asked(licence, **answers):
    """The verdict where only some answers are given; the model handles text unless said otherwise."""
    nothing = dict.fromkeys(("users", "revenue", "region", "commercial"))
    return verdict(licence, **{**nothing, "modalities": ("text",), **answers})


def made(**terms):
    """A licence that allows commercial use under the given conditions; nothing else was checked."""
    return Licence(id="x", name="X", commercial_use="yes-with-conditions", **terms)


def test_nothing_asked_is_covered():
    """A reader who says nothing is barred by nothing."""
    assert asked(made(regions_excluded=("eu",), monthly_active_users_max=1)) == Verdict(True)


@pytest.mark.parametrize(("users", "covered"), [(700_000_000, True), (700_000_001, False)])
def test_a_limit_of_users_counts_what_is_above_it(users, covered):
    """The figure itself is still allowed."""
    limited = made(monthly_active_users_max=700_000_000, clauses={"monthly_active_users_max": "section 2"})
    found = asked(limited, users=users, commercial=True)
    assert found.covered is covered
    assert found.clause == ("" if covered else "section 2")


def test_an_unchecked_limit_is_not_settled_and_an_absent_one_is():
    """Not checked stays unknown; looked up and not there passes."""
    absent = made(missing={"annual_revenue_usd_max": "not-applicable"})
    assert asked(made(), revenue=1.0, commercial=True) == Verdict(None, "annual_revenue_usd_max")
    assert asked(absent, revenue=1e12, commercial=True).covered is True


def test_a_limit_for_commercial_use_leaves_other_use_alone():
    """Some limits bind whoever uses the model, others only those who do so commercially."""
    whoever = made(annual_revenue_usd_max=1e6)
    business = made(annual_revenue_usd_max=1e6, applies_to={"annual_revenue_usd_max": "commercial-use"})
    assert asked(whoever, revenue=2e6).covered is False
    assert asked(business, revenue=2e6).covered is True
    assert asked(business, revenue=2e6, commercial=True).covered is False


@pytest.mark.parametrize(
    ("region", "covered"),
    [("eu", False), ("de", False), ("gb", False), ("uk", False), ("kr", False), ("us", True), ("ch", True),
     ("apac", None)],
)  # fmt: skip
def test_a_region_covers_its_countries(region, covered):
    """Germany is in the EU, Switzerland is not; Asia-Pacific leaves open whether Korea is meant."""
    assert asked(made(regions_excluded=("eu", "uk", "kr")), region=region).covered is covered


@pytest.mark.parametrize(
    ("modalities", "covered"),
    [(("text",), True), (("text", "image"), False), (("text", "labels"), True), ((), None)],
)  # fmt: skip
def test_an_exclusion_of_multimodal_models_needs_one(modalities, covered):
    """Models of text alone stay covered; where nobody knows what a model reads, neither does the verdict."""
    narrow = made(regions_excluded=("eu",), applies_to={"regions_excluded": "multimodal"})
    assert asked(narrow, region="eu", modalities=modalities).covered is covered


def test_what_bars_goes_before_what_is_unknown():
    """One term that rules an organisation out settles it, whatever nobody has checked."""
    found = asked(made(monthly_active_users_max=10), users=11, region="eu", commercial=True)
    assert found == Verdict(False, "monthly_active_users_max")


def test_unknown_commercial_use_is_not_settled():
    """Terms of an API and unknown terms say nothing about weights."""
    for word in ("unknown", "api-terms"):
        licence = Licence(id="x", name="X", commercial_use=word)
        assert asked(licence, commercial=True) == Verdict(None, "commercial_use")


def test_the_card_speaks_only_where_the_licence_does_not(real_catalog):
    """A model's own statement on commercial use counts for licences that settle nothing."""
    model = next(m for m in real_catalog.models.values() if m.commercial_use == "yes")
    settled = {model.licence: Licence(id=model.licence, name="X", commercial_use="no")}
    assert licence_of(model, settled).commercial_use == "no"
    assert licence_of(model, {}).commercial_use == "yes"


def test_at_least_thirty_licences_with_source(real_catalog):
    """Every licence says whether commercial use is allowed and whether it is OSI approved, with sources."""
    assert len(real_catalog.licences) >= 30
    for licence in real_catalog.licences.values():
        assert licence.commercial_use != "unknown"
        assert {"osi_approved", "commercial_use"} <= set(licence.sources)


@pytest.mark.parametrize("name", FULL)
def test_the_most_used_licences_are_read_in_full(real_catalog, name):
    """Each term has a value or is known to be absent."""
    licence = real_catalog.licences[name]
    assert [t for t in TERMS if getattr(licence, t) is None and t not in licence.missing] == []


def test_a_clause_reaches_the_page():
    """The place in the text is said with the term, not lost on the way."""
    entry = {"value": 5, "clause": "section 2", "source": "card", "as_of": "2026-11-20", "note": "ours"}
    (row,) = fact_rows({"monthly_active_users_max": entry})
    assert (row.value, row.note) == (5, "clause: section 2; ours")


def test_a_misspelt_term_is_a_fault(edit):
    """Licences are read strictly: a word outside the list fails with file and field."""
    folder = edit("licences.yaml", "permissive: true", "permissive: true, patents: {value: express}")
    assert [fault.field for fault in validate(folder)] == ["mit.patents"]


@pytest.mark.parametrize(("code", "right"), [("Europe", False), ("eu", True)])
def test_regions_are_codes(edit, code, right):
    """Excluded regions are the codes that answers use."""
    extra = f"permissive: true, regions_excluded: {{value: [{code}], source: card, as_of: 2026-11-20}}"
    assert (validate(edit("licences.yaml", "permissive: true", extra)) == []) is right
