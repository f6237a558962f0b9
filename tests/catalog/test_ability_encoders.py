"""Encoders, embedding models, guards: their own units."""

from __future__ import annotations

import pytest

from recommender.catalog.ability import abilities
from recommender.catalog.ability_facts import ModelFacts
from recommender.catalog.types import Ability
from tests.catalog.ability_samples import ASSUMPTIONS, facts, score

ENCODER = {"kind": "open-weight", "architecture": "encoder", "outputs": frozenset({"embedding"})}


def encoder(name: str, **more: object) -> ModelFacts:
    """An open encoder of a made-up lab."""
    return facts(f"lab/{name}", "2020-01-01", **(ENCODER | more))


def of(model: ModelFacts, *scores: object) -> dict[str, Ability]:
    """Its abilities in a catalog of one."""
    return abilities([model], list(scores), ASSUMPTIONS)[model.id]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "q"),
    [
        ("bert-base", 1.0),
        ("distilbert-base", 0.97),
        ("tinybert-4l", 0.97),
        ("deberta-v3-base", 1.06),
        ("bert-tiny", 0.8),
    ],
)
def test_quality_against_bert_base_is_the_published_ratio(name: str, q: float) -> None:
    """Classification of an encoder is q, unit relative."""
    found = of(encoder(name))["classification"]
    assert (found.likely, found.unit) == (q, "relative")


def test_tinybert_may_be_as_low_as_plain_fine_tuning_gives() -> None:
    """Its figure includes task distillation; without it .93, the low end."""
    assert of(encoder("tinybert-4l"))["classification"].low == 0.93


def test_an_encoder_without_a_figure_gets_the_default_with_its_width() -> None:
    """It is .95 +/- .05, grade C."""
    found = of(encoder("unheard-of"))["moderation"]
    assert (found.low, found.likely, found.high, found.grade) == (0.9, 0.95, 1.0, "C")


def test_encoders_do_not_chat_and_decoders_do_not_embed() -> None:
    """No text task for an encoder, no embedding for a decoder."""
    chat = facts("lab/chat-7b", "2025-01-01", kind="open-weight", total_b=7.0, active_b=7.0)
    assert set(of(encoder("bert-base"))) == {"classification", "extraction", "moderation"}
    assert "embedding" not in of(chat)


def test_mteb_editions_meet_on_one_scale() -> None:
    """Multilingual stays as published; English v2 66.0 becomes -2.1 + .944 x 66 = 60.2; v1 yields to v2."""
    model = encoder("vectors", specialised_for="embedding")
    mean = {"model": model.id, "metric": "mean over tasks"}
    multilingual = of(model, score("mteb-multilingual-published", 59.6, **mean))["embedding"]
    english = of(model, score("mteb-english-v2", 66.0, **mean), score("mteb-english-v1", 50.0, **mean))[
        "embedding"
    ]
    assert (multilingual.likely, multilingual.unit) == (59.6, "mteb")
    assert english.likely == pytest.approx(60.2, abs=0.01)
    assert english.high - english.low > multilingual.high - multilingual.low


def test_a_zero_shot_classifier_has_an_honest_value_without_labels() -> None:
    """70.7 where the same backbone reaches 84.0 in training: .80 x 45.7 / 59 = .62."""
    model = encoder("nli", zero_shot=frozenset({"classification"}))
    metric = "mean balanced accuracy (as published)"
    found = of(model, score("zero-shot-classification-28-sets", 70.7, model=model.id, metric=metric))
    assert found["classification-untuned"].likely == pytest.approx(0.62, abs=0.001)
    assert found["classification-untuned"].unit == "value"


def test_a_guard_with_f1_85_is_about_as_good_as_a_tuned_encoder() -> None:
    """Its value, .85, lies between hundreds (.80) and thousands (.92) of labels; it does nothing else."""
    guard = facts("lab/guard-8b", "2026-01-01", kind="open-weight", specialised_for="moderation (guard)")
    found = of(guard, score("guard-average-english-prompts-7-sets", 85.0, model=guard.id, metric="F1"))
    assert list(found) == ["moderation"]
    assert (found["moderation"].likely, found["moderation"].unit) == (0.85, "value")
