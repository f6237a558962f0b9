"""Why one model is, or is not, where it is: its place, and every way of running it with its sums."""

from __future__ import annotations

from typing import Any

from recommender.answers import Answers
from recommender.catalog.types import Catalog, Model


def why_document(model: Model, answers: Answers, catalog: Catalog) -> dict[str, Any]:
    """The model's row of the recommendation and all its ways, admitted ones first."""
    from recommender import recommend
    from recommender.decide.result import plain

    made = recommend(answers, catalog=catalog)
    row = next((one for one in made.ranking if one.model == model.id), None)
    out = next((one for one in made.excluded if one.model == model.id), None)
    return {
        "model": model.id,
        "name": model.name,
        "place": _place(made.status, model, row, out, made.as_of),
        "status": made.status,
        "ranked": len(made.ranking),
        "ranking": plain(row),
        "excluded": plain(out),
        "ways": _ways(model, answers, catalog),
        "released": model.released.isoformat(),
        "as_of": made.as_of.isoformat(),
        "catalog_version": catalog.version,
        "link": made.link,
    }


def _place(status: str, model: Model, row: Any, out: Any, day: Any) -> str:
    if row is not None:
        return "ranked"
    if out is not None:
        return "excluded"
    return "not-released" if model.released > day else status


def _ways(model: Model, answers: Answers, catalog: Catalog) -> list[dict[str, Any]]:
    import numpy as np

    from recommender.decide.describe import way_of
    from recommender.decide.engine import evaluate_all
    from recommender.decide.reasons import failures
    from recommender.decide.result import plain

    evaluation = evaluate_all(answers, catalog)
    position = evaluation.table.index[model.id]
    broken = evaluation.admission.failed.sum(axis=0)
    rows = np.flatnonzero(evaluation.ways.rows.model == position).tolist()
    rows.sort(key=lambda at: (broken[at], -evaluation.scores.score[at], at))
    best = evaluation.best.get(position)
    made = []
    for at in rows:
        way = way_of(evaluation, at)
        made.append(
            {
                "way": plain(way),
                "admitted": bool(broken[at] == 0),
                "is_best": at == best,
                "score": evaluation.points(int(evaluation.scores.score[at])),
                "memory": memory_sum(way.memory_gb),
                "failed": plain(failures(evaluation, at)),
            }
        )
    return made


def memory_sum(memory: Any) -> str | None:
    """The memory a way takes, as the sum that a reader can check; None over an API."""
    if not memory:
        return None
    return (
        f"weights {memory['weights']:.2f} + cache {memory['kv_cache']:.2f} "
        f"+ overhead {memory['overhead']:.2f} ="
        f" {memory['total']:.2f} GB ({memory['low']:.2f} to {memory['high']:.2f}) "
        f"of {memory['usable']:.2f} usable GB"
    )


def why_text(document: dict[str, Any]) -> str:
    """The place, the reasons, and the ways."""
    lines = [_place_line(document)]
    if document["excluded"]:
        lines += [f"  {_failure(one)}" for one in document["excluded"]["failed"]]
    if document["ranking"]:
        lines += _ranking_lines(document["ranking"])
    lines += ["", f"Ways of running it ({len(document['ways'])}):"] if document["ways"] else []
    for one in document["ways"]:
        lines += _way_lines(one)
    return "\n".join(lines)


def _place_line(document: dict[str, Any]) -> str:
    name, ranked = document["name"], document["ranked"]
    match document["place"]:
        case "ranked":
            row = document["ranking"]
            tied = f", tied with {', '.join(row['tied_with'])}" if row["tied_with"] else ""
            points = f"{row['score']:.1f} points{tied}"
            return f"{name} has rank {row['rank']} of {ranked} with {points}: {row['way']['text']}."
        case "excluded":
            out = document["excluded"]
            near = " A near miss." if out["near_miss"] else ""
            count = len(out["failed"])
            rules = "1 rule" if count == 1 else f"{count} rules"
            would = f" Without them it would have rank {out['would_rank']}." if out["would_rank"] else ""
            return f"{name} is excluded by {rules}, in its nearest way: {out['way']['text']}.{near}{would}"
        case "not-released":
            day = document["as_of"]
            return f"{name} was released on {document['released']}, after {day}, the day asked for."
    return f"{name} is not ranked: there is not enough data on this task to recommend a model."


def _failure(one: dict[str, Any]) -> str:
    source = f" [{one['source']}, {one['as_of']}]" if one["source"] else ""
    return f"{one['rule']} {one['title']}: {one['reason']}{source}"


def _ranking_lines(row: dict[str, Any]) -> list[str]:
    from recommender.cli_recommend import rounded

    kept = [part for part in row["contributions"] if part["weight"] or part["points"]]
    points = rounded([part["points"] for part in kept], row["score"])
    lines = [f"  {shown:>5.1f}  {part['name']}" for part, shown in zip(kept, points, strict=True)]
    return lines + [f"  - {caveat['text']}" for caveat in row["caveats"]]


def _way_lines(one: dict[str, Any]) -> list[str]:
    word = "best" if one["is_best"] else "passes" if one["admitted"] else "out"
    lines = [f"  {word:<7}{one['score']:>5.1f}  {one['way']['text']}"]
    lines += [f"{'':17}{one['memory']}"] if one["memory"] else []
    return lines + [f"{'':17}{_failure(failure)}" for failure in one["failed"]]
