"""What follows from one model's facts alone: its class, how open it is, what it discloses, what it is for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from recommender.catalog.licences import Verdict, licence_of, verdict
from recommender.catalog.types import Licence, Model, ModelClass

# Items of the disclosure criterion that the openness indices answer; the rest is read from the facts.
_OPEN_ENOUGH = ("open", "partial")
_EVALUATION = ("preprint", "peer_reviewed_paper", "model_card")
_NEVER_CHECKED = 4  # compute, energy, safety evaluation, contact: no source in the catalog yet
_DECODERS = ("decoder", "moe", "hybrid", "hybrid-moe", "diffusion")


def has_weights(model: Model) -> bool | None:
    """Whether the weights can be downloaded; None where the kind is not established."""
    return None if model.kind == "unknown" else model.kind in ("open-weight", "fully-open")


def model_class(model: Model, rule: Mapping[str, Any]) -> ModelClass | None:
    """Closed, open-weight or small by the one rule of data/rules.yaml; None where the kind is unknown."""
    if model.kind == "unknown":
        return None
    if model.kind == "closed":
        return ModelClass.CLOSED
    few = model.parameters_total is not None and model.parameters_total <= rule["small_parameters_max"]
    return (
        ModelClass.SMALL
        if few or model.architecture in rule["small_architectures"]
        else ModelClass.OPEN_WEIGHT
    )


def openness_level(model: Model, licence: Licence | None) -> int | None:
    """Level 0 to 5 of criterion C06; None where the licence is not established.

    0 no weights, 1 no commercial use, 2 use limits, 3 permissive, 4 and training code, 5 and training data.
    """
    if model.kind == "closed":
        return 0
    if model.kind == "unknown" or model.commercial_use in ("unknown", "api-terms"):
        return None
    if model.commercial_use == "no":
        return 1
    code, data = model.open_training_code == "yes", model.open_data == "yes"
    if model.kind == "fully-open" or (code and data):
        return 5
    if model.commercial_use != "yes" or licence is None or not licence.permissive:
        return 2
    return 4 if code else 3


def licence_verdict(model: Model, licences: Mapping[str, Licence], given: Mapping[str, Any]) -> Verdict:
    """Whether the licence of a model's weights covers the organisation of these answers and its use."""
    return verdict(
        licence_of(model, licences),
        users=given.get("monthly_active_users"),
        revenue=given.get("annual_revenue_usd"),
        region=given.get("organisation_region"),
        commercial=given.get("commercial_use"),
        modalities=(*model.input_modalities, *model.output_modalities),
    )


def disclosure(model: Model) -> tuple[int, int]:
    """Items disclosed, of ten: those known to be, and those that may be once everything was checked."""
    ratings: Mapping[str, str] = model.openness.get("ratings", {})
    answers = [
        model.parameters_total is not None,
        model.architecture != "undisclosed" and (model.shape is not None or model.kind != "closed"),
        _rated(ratings, ("data_sheet", "base_training_data"), model.open_data in ("yes", "partial")),
        True if model.knowledge_cutoff else None,
        _rated(ratings, _EVALUATION, False),
        model.licence != "unknown",
    ]
    known = sum(1 for answer in answers if answer)
    open_points = sum(1 for answer in answers if answer is None) + _NEVER_CHECKED
    return known, known + open_points


def _rated(ratings: Mapping[str, str], dimensions: tuple[str, ...], also: bool) -> bool | None:
    found = [ratings[name] for name in dimensions if name in ratings]
    if also or any(rating in _OPEN_ENOUGH for rating in found):
        return True
    return False if found else None


def kind_of_work(model: Model) -> str:
    """What a model is by build: decoder, guard, translator, completer, encoder-decoder, encoder, embedder."""
    purpose = model.specialised_for or ""
    if purpose.startswith("moderation"):
        return "guard"
    if purpose.startswith("translation"):
        return "translator"
    if purpose.startswith("code completion"):
        return "completer"
    if model.architecture == "encoder":
        return "encoder"
    if "embedding" in model.output_modalities and "text" not in model.output_modalities:
        return "embedder"
    if model.architecture == "encoder-decoder":
        return "sequence-to-sequence"
    return "decoder"


_FITS: Mapping[str, tuple[str, ...]] = {
    "decoder": (
        "chat", "writing", "summarisation", "rag", "coding", "code-completion", "agents", "reasoning",
        "extraction", "classification", "translation", "moderation",
    ),
    "completer": ("code-completion", "coding"),
    "guard": ("moderation",),
    "translator": ("translation",),
    "sequence-to-sequence": ("summarisation", "extraction", "classification", "translation"),
    "encoder": ("extraction", "classification", "embedding", "moderation"),
    "embedder": ("embedding", "classification"),
}  # fmt: skip


def fits_task(model: Model, task: str) -> bool | None:
    """Whether the build of a model suits a task; None where it is not known."""
    if not model.output_modalities:
        return None
    work = kind_of_work(model)
    if task == "embedding" and work == "encoder":
        return "embedding" in model.ability or "embedding" in model.output_modalities
    return task in _FITS[work]


def needs_labels(model: Model, task: str) -> bool:
    """Whether a model must be trained on labelled examples before it can do this task."""
    if task not in ("classification", "extraction", "moderation") or task in model.zero_shot:
        return False
    if task == "moderation" and "classification" in model.zero_shot:
        return False
    return kind_of_work(model) in ("encoder", "embedder", "sequence-to-sequence")


def covers_languages(model: Model, wanted: tuple[str, ...]) -> bool | None:
    """Whether a model was made for all these languages; None where no source lists them.

    A list that names only English settles it for encoders and for makers that state English only;
    other lists are read as what was promised, not as all it can do.
    """
    if not model.languages:
        return None
    if set(wanted) <= set(model.languages):
        return True
    english_only = set(model.languages) == {"en"}
    if kind_of_work(model) in ("encoder", "embedder") or (
        english_only and model.languages_basis != "carried-over"
    ):
        return False
    return None


def language_value(model: Model, wanted: tuple[str, ...], spec: Mapping[str, Any]) -> float:
    """Mean over the wanted languages: how well a model is expected to handle them, 0..1.

    `spec` is the `languages` table of data/criteria.yaml: what a listed language counts, and what an
    unlisted one does by its spread and the model's strength.
    """
    general = model.ability.get("general")
    strong = general is not None and general.likely >= spec["strong_points"]
    recent = model.released.year >= spec["recent_since"]
    few = model.parameters_total is not None and model.parameters_total < spec["few_parameters"]

    def one(code: str) -> float:
        if code in model.languages:
            return float(spec["listed"][model.languages_basis or "listed"])
        spread = next((name for name in ("wide", "middle") if code in spec[name]), "rare")
        value = float(spec["unlisted"][spread]["strong" if strong and recent else "other"])
        return max(value - (float(spec["few_parameters_minus"]) if few else 0.0), 0.0)

    return sum(one(code) for code in wanted) / len(wanted)
