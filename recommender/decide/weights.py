"""Weights: from group swings to integers that sum exactly to the whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from recommender.decide.values import Criterion, Units


def largest_remainder(shares: Sequence[float], total: int) -> list[int]:
    """Integers in proportion to the shares that sum to `total`; all zero when every share is zero.

    Equal remainders go to the earlier entry, so the outcome does not depend on rounding noise.
    """
    whole = sum(shares)
    if whole <= 0:
        return [0] * len(shares)
    exact = [share * total / whole for share in shares]
    floors = [int(part) for part in exact]
    order = sorted(range(len(shares)), key=lambda i: (-round(exact[i] - floors[i], 9), i))
    for index in order[: total - sum(floors)]:
        floors[index] += 1
    return floors


def inside_shares(
    criteria: Sequence[Criterion], within: Mapping[str, int], answers: Mapping[str, object]
) -> list[float]:
    """Share of each criterion inside its group: the stated one, else the default; 0 where not asked for."""
    shares = []
    for criterion in criteria:
        asked = criterion.only_with_answer is None or bool(answers.get(criterion.only_with_answer))
        shares.append(float(within.get(criterion.id, criterion.share)) if asked else 0.0)
    return shares


def criterion_weights(
    criteria: Sequence[Criterion],
    groups: Mapping[str, int],
    shares: Sequence[float],
    applicable: Sequence[bool],
    *,
    total: int,
) -> list[int]:
    """Integer weights summing to `total` for one pattern of applicable criteria.

    A group keeps its weight however many children it has: the share of a criterion that
    does not apply goes to the others of its group. All-zero groups count
    as no preference: every group the same.
    """
    swing = dict(groups) if any(groups.values()) else dict.fromkeys(groups, 1)
    parts = []
    for criterion, share, applies in zip(criteria, shares, applicable, strict=True):
        siblings = sum(
            s
            for k, s, a in zip(criteria, shares, applicable, strict=True)
            if k.group == criterion.group and a
        )
        parts.append(swing[criterion.group] * share / siblings if applies and siblings > 0 else 0.0)
    return largest_remainder(parts, total)


def weight_rows(
    criteria: Sequence[Criterion],
    groups: Mapping[str, int],
    shares: Sequence[float],
    applicable: NDArray[np.bool_],
    *,
    total: int,
) -> Units:
    """One row of integer weights per candidate, following what applies to it."""
    codes = applicable @ (1 << np.arange(len(criteria), dtype=np.int64))
    _, first, which = np.unique(codes, return_index=True, return_inverse=True)
    table = np.array(
        [criterion_weights(criteria, groups, shares, list(applicable[row]), total=total) for row in first],
        dtype=np.int64,
    )
    return table.reshape(len(first), len(criteria))[which]
