"""A recommendation as text for people: the pick, the best of each class, why, and why not the others."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence

from recommender import words
from recommender.catalog.types import Catalog, ModelClass
from recommender.decide.result import Contribution, Ranked, Recommendation

_RUNNERS_UP = 7
_RELAXATIONS = 8
_TENTHS = 10


def recommendation_text(made: Recommendation, catalog: Catalog) -> str:
    """The whole answer, most important first."""
    parts = [headline(made, catalog)]
    if made.ranking:
        first = made.ranking[0]
        parts += [_picks(made, catalog), _why(first), _caveats(first), _runners_up(made)]
    parts += [_excluded(made), _relax(made), _assumed(made), f"Link: /?{made.link}", _stand(made)]
    return "\n\n".join(part for part in parts if part)


def headline(made: Recommendation, catalog: Catalog) -> str:
    """The answer in a sentence; a tie is called one."""
    say = catalog.vocabulary["strings"]["en"]
    if made.status == "no-data":
        return "There is not enough data on this task to recommend a model."
    if not made.ranking:
        return words.say(say, "headline.none")
    first, points = made.ranking[0], catalog.vocabulary["criteria"]["scales"]["tie_points"]
    near = [row.name for row in made.ranking[1:] if first.score - row.score < points and not row.flagged]
    if near:
        named = near[:3] if len(near) <= 3 else [*near[:2], f"{len(near) - 2} more"]
        return words.say(say, "headline.tie", name=first.name, others=named, points=points)
    sure = made.robustness
    share = words.of_hundred(sure["p_first"]) if sure else None
    if sure and sure["is_tie"]:
        rivals = [catalog.models[one["model"]].name for one in sure["rivals"][:2]]
        return words.say(say, "headline.open", name=first.name, share=share, others=rivals)
    sentence = words.say(say, f"headline.{_kind(first)}", **_params(first, catalog))
    if not sure:
        return sentence
    verdict = words.say(say, f"robust.{sure['verdict']}")
    return f"{sentence} {words.say(say, 'robust.sentence', share=share, verdict=verdict)}"


def _kind(row: Ranked) -> str:
    bought = any(caveat.id == "caveat.assumed_machine" for caveat in row.caveats)
    return "own_bought" if row.way.kind == "own" and bought else row.way.kind


def _params(row: Ranked, catalog: Catalog) -> dict[str, object]:
    provider = catalog.providers.get(row.way.provider or "")
    memory = row.way.memory_gb or {}
    return {
        "name": row.name,
        "developer": row.developer,
        "class_word": row.model_class,
        "cost": cost(row.monthly_cost_usd),
        "provider": provider.name if provider else row.way.provider,
        "machine": row.way.machine,
        "memory": memory.get("total"),
        "usable": memory.get("usable"),
    }


def cost(monthly: Mapping[str, float] | None) -> str:
    """The likely cost of a month; in words where nobody lists a price."""
    return words.money(monthly["likely"]) if monthly else "an unknown sum"


def _picks(made: Recommendation, catalog: Catalog) -> str:
    say, lines = catalog.vocabulary["strings"]["en"], ["Best of each class"]
    for name in ModelClass:
        row = made.best_of(name.value)
        text = _line(row) if row else words.say(say, "runner.none", **_missing(made, name.value))
        lines.append(f"  {name.value:<12} {text}")
    return "\n".join(lines)


def _missing(made: Recommendation, model_class: str) -> dict[str, object]:
    broken = Counter(
        failure.title for one in made.excluded if one.model_class == model_class for failure in one.failed
    )
    rule, count = broken.most_common(1)[0] if broken else ("no model of this class", 0)
    return {"class_word": model_class, "rule": rule, "count": count}


def _line(row: Ranked) -> str:
    tied = f", tied with {len(row.tied_with)}" if row.tied_with else ""
    monthly = f"{cost(row.monthly_cost_usd)} a month"
    return f"{row.way.text}: {row.score:.1f} points, {monthly} (rank {row.rank}{tied})"


def _why(row: Ranked) -> str:
    kept = [part for part in row.contributions if part.weight or part.points]
    shown = rounded([part.points for part in kept], row.score)
    lines = [
        f"Why {row.name}: {row.score:.1f} of 100 points (from {row.floor:.1f} to {row.ceiling:.1f}, "
        "by what is not known)"
    ]
    for part, points in zip(kept, shown, strict=True):
        lines.append(f"  {points:>5.1f}  {part.name}{_raw(part)}{_seen(part)}")
    return "\n".join(lines)


def _raw(part: Contribution) -> str:
    if part.raw is None:
        return f": {part.state}" if part.group != "deduction" else ""
    state = "" if part.state == "known" else f", {part.state}"
    return f": {words.plain(part.raw)} {part.unit}, value {part.value:.2f} x weight {part.weight:.0%}{state}"


def _seen(part: Contribution) -> str:
    return f" [{part.source}, {part.as_of}]" if part.source else ""


def rounded(points: Sequence[float], total: float) -> list[float]:
    """Points to one decimal by largest remainder, so that what is shown adds up to the total as shown."""
    exact = [part * _TENTHS for part in points]
    floors = [math.floor(part) for part in exact]
    spare = round(float(f"{total:.1f}") * _TENTHS) - sum(floors)
    order = sorted(range(len(exact)), key=lambda i: (-round(exact[i] - floors[i], 9), i))
    for index in order[:spare]:
        floors[index] += 1
    return [part / _TENTHS for part in floors]


def _caveats(row: Ranked) -> str:
    if not row.caveats:
        return ""
    return "\n".join(["Know before you rely on it", *(f"  - {caveat.text}" for caveat in row.caveats)])


def _runners_up(made: Recommendation) -> str:
    rows = made.ranking[1 : 1 + _RUNNERS_UP]
    if not rows:
        return ""
    more = len(made.ranking) - 1 - len(rows)
    lines = [f"  {_line(row)}" for row in rows] + ([f"  and {more} more"] if more else [])
    return "\n".join(["Next", *lines])


def _excluded(made: Recommendation) -> str:
    if not made.excluded:
        return ""
    titles = {failure.rule: failure.title for one in made.excluded for failure in one.failed}
    counts = Counter(failure.rule for one in made.excluded for failure in one.failed)
    lines = [f"  {count:>4}  {rule} {titles[rule]}" for rule, count in counts.most_common()]
    return "\n".join([f"Excluded: {len(made.excluded)} models, by rule (a model may break several)", *lines])


def _relax(made: Recommendation) -> str:
    if not made.relax:
        return ""
    lines = [f"  - {one.text} ({one.readmits} come back)" for one in made.relax[:_RELAXATIONS]]
    return "\n".join(["What would bring models back", *lines])


def _assumed(made: Recommendation) -> str:
    return "\n".join(["Assumed", *(f"  - {one.text}" for one in made.notices)]) if made.notices else ""


def _stand(made: Recommendation) -> str:
    return f"As of {made.as_of}, catalog {made.catalog_version}."
