"""What the first screen shows, shaped from recommendations: one pick per class, and what sets each apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pages.parts import state
from recommender import Answers, Recommendation, words
from recommender.decide.result import Contribution, Excluded, Ranked

CLASSES = ("closed", "open-weight", "small")
_LAPTOP = {"hardware": [{"memory_gb": 16, "memory_kind": "ram"}], "data_boundary": "own-machines"}
_BOUGHT = "caveat.assumed_machine"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """The best of one class, or why there is none."""

    model_class: str
    row: Ranked | None
    is_best: bool = False
    on_laptop: bool = False  # judged on an assumed laptop, not by the answers alone
    why_none: str = ""
    plus: str = ""
    minus: str = ""


def home_answers() -> Answers:
    """What the first page assumes before anything is answered."""
    return Answers.parse(state.catalog().vocabulary["questions"]["home"]["answers"])


def picks(answers: Answers, found: Recommendation) -> tuple[Pick, ...]:
    """One pick per class, in the order closed, open-weight, small."""
    rows = {name: found.best_of(name) for name in CLASSES}
    laptop = _laptop_pick(answers, found)
    if laptop is not None:
        rows["small"] = laptop
    present = [row for row in rows.values() if row is not None]
    return tuple(
        Pick(
            model_class=name,
            row=row,
            is_best=row is not None and row is found.best,
            on_laptop=row is not None and row is laptop,
            why_none="" if row else why_none(found, name),
            plus=_difference(row, present, ahead=True),
            minus=_difference(row, present, ahead=False),
        )
        for name, row in rows.items()
    )


def _laptop_pick(answers: Answers, found: Recommendation) -> Ranked | None:
    """The best small model on a laptop, where neither hardware nor place was answered."""
    best_is_small = found.best is not None and found.best.model_class == "small"
    if answers.hardware is not None or answers.data_boundary is not None or best_is_small:
        return None
    return state.recommended(answers.changed(**_LAPTOP)).best_of("small")


def _difference(row: Ranked | None, rows: Sequence[Ranked], *, ahead: bool) -> str:
    """The criterion in which a pick gains, or loses, most against the mean of the other picks."""
    if row is None:
        return ""
    others = [other for other in rows if other is not row]
    gaps = {
        part: part.points - _mean_points(part.criterion, others)
        for part in row.contributions
        if part.group != "deduction"
    }
    if not others or not gaps:
        return ""
    part = (max if ahead else min)(gaps, key=lambda one: gaps[one])
    if gaps[part] == 0 or (gaps[part] > 0) is not ahead:
        return ""
    best = all(part.points > points_of(other, part.criterion) for other in others)
    worst = all(part.points < points_of(other, part.criterion) for other in others)
    sentence = "page.find.ahead_of_all" if best else "page.find.behind_all" if worst else "page.find.ahead"
    if not ahead and not worst:
        sentence = "page.find.behind"
    return state.say(sentence, criterion=criterion_words(part))


def _mean_points(criterion: str, rows: Sequence[Ranked]) -> float:
    """The mean of what a criterion adds to these rows."""
    return sum(points_of(row, criterion) for row in rows) / max(len(rows), 1)


def points_of(row: Ranked, criterion: str) -> float:
    """What a criterion adds to the score of a row."""
    return sum(part.points for part in row.contributions if part.criterion == criterion)


def criterion_words(part: Contribution) -> str:
    """The name of a criterion inside a sentence."""
    return part.name[:1].lower() + part.name[1:]


def why_none(found: Recommendation, model_class: str) -> str:
    """Why a class has no pick: the rule that took out most of it."""
    rules = Counter(
        failure.title for one in found.excluded if one.model_class == model_class for failure in one.failed
    )
    if not rules:
        return state.say("page.find.none_in_class", class_word=state.say(f"class.{model_class}"))
    rule, count = rules.most_common(1)[0]
    return state.say("runner.none", class_word=state.say(f"class.{model_class}"), rule=rule, count=count)


def excluded_by_rule(found: Recommendation) -> list[tuple[str, int]]:
    """Rules with the number of models that break them, most first; a model may break several."""
    return Counter(failure.title for one in found.excluded for failure in one.failed).most_common()


def nearest_miss(found: Recommendation, model_class: str) -> Excluded | None:
    """The excluded model of a class that breaks the fewest rules."""
    return next((one for one in found.excluded if one.model_class == model_class), None)


def cost_words(cost: Mapping[str, float] | None) -> str:
    """A monthly cost with its range."""
    if not cost:
        return state.say("page.find.cost_unknown")
    return words.money_range(cost["low"], cost["likely"], cost["high"])


def headline(found: Recommendation) -> str:
    """The result in one sentence: the pick, the decisive figure, or that it is too close to call."""
    best = found.best
    if best is None:
        return state.say("page.find.no_data" if found.status == "no-data" else "headline.none")
    parts: dict[str, object] = {
        "name": best.name,
        "developer": best.developer,
        "class_word": state.say(f"class.{best.model_class}"),
        "cost": cost_words(best.monthly_cost_usd),
        "provider": provider_name(best),
        "machine": best.way.machine,
    }
    if best.way.memory_gb:
        parts["memory"] = words.gigabytes(best.way.memory_gb["total"])
        parts["usable"] = words.gigabytes(best.way.memory_gb["usable"])
    return state.say(f"headline.{_kind(best)}", **parts)


def _kind(row: Ranked) -> str:
    bought = row.way.kind == "own" and any(caveat.id == _BOUGHT for caveat in row.caveats)
    return "own_bought" if bought else row.way.kind


def tie(found: Recommendation) -> str:
    """The sentence for a first place that several share; nothing where it is clear."""
    best = found.best
    if best is None:
        return ""
    points = state.catalog().vocabulary["criteria"]["scales"]["tie_points"]
    close = [row for row in found.ranking if row is not best and best.score - row.score < points]
    names = [row.name for row in close]
    names += [row.name for row in found.ranking if row.model in best.tied_with and row not in close]
    sure = found.robustness
    if not names and sure and sure["is_tie"]:
        rivals = [state.catalog().models[one["model"]].name for one in sure["rivals"][:_NAMES_IN_TIE]]
        share = words.of_hundred(sure["p_first"])
        return state.say("headline.open", name=best.name, share=share, others=rivals)
    if not names:
        return ""
    shown = names[:_NAMES_IN_TIE]
    if len(names) > len(shown):
        shown = [*shown, state.say("page.find.more_models", count=len(names) - len(shown))]
    return state.say("headline.tie", name=best.name, others=shown, points=points)


_NAMES_IN_TIE = 3


def provider_name(row: Ranked) -> str | None:
    """The name of who serves this way."""
    provider = state.catalog().providers.get(row.way.provider or "")
    return provider.name if provider else row.way.provider
