"""A fixed table of points that fill the unit cube evenly: an unscrambled Sobol sequence with a fixed shift.

Direction numbers: S. Joe and F. Y. Kuo, "Constructing Sobol sequences with better two-dimensional
projections", SIAM J. Sci. Comput. 30 (2008), table new-joe-kuo-6, first 16 dimensions.
"""

from __future__ import annotations

from functools import cache
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

BITS = 32
POINTS = 4096
# Degree, coefficients of the primitive polynomial, initial direction numbers; the first dimension has none.
_JOE_KUO: tuple[tuple[int, int, tuple[int, ...]], ...] = (
    (1, 0, (1,)),
    (2, 1, (1, 3)),
    (3, 1, (1, 3, 1)),
    (3, 2, (1, 1, 1)),
    (4, 1, (1, 1, 3, 3)),
    (4, 4, (1, 3, 5, 13)),
    (5, 2, (1, 1, 5, 5, 17)),
    (5, 4, (1, 1, 5, 5, 5)),
    (5, 7, (1, 1, 7, 11, 19)),
    (5, 11, (1, 1, 5, 1, 1)),
    (5, 13, (1, 1, 1, 3, 11)),
    (5, 14, (1, 3, 5, 5, 31)),
    (6, 1, (1, 3, 3, 9, 7, 49)),
    (6, 13, (1, 1, 1, 15, 21, 21)),
    (6, 16, (1, 3, 1, 13, 27, 49)),
)
MOST_DIMENSIONS = len(_JOE_KUO) + 1
_PRIMES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53)


def _directions(dimension: int) -> list[int]:
    """Direction numbers of one dimension (0-based) as 32-bit integers."""
    if dimension == 0:
        return [1 << (BITS - 1 - bit) for bit in range(BITS)]
    degree, coefficients, start = _JOE_KUO[dimension - 1]
    numbers = [m << (BITS - 1 - bit) for bit, m in enumerate(start)]
    for bit in range(degree, BITS):
        value = numbers[bit - degree] ^ (numbers[bit - degree] >> degree)
        for step in range(1, degree):
            if coefficients >> (degree - 1 - step) & 1:
                value ^= numbers[bit - step]
        numbers.append(value)
    return numbers


@cache
def sobol(dimensions: int, points: int = POINTS) -> NDArray[np.float64]:
    """The first points of the plain sequence, points x dimensions, each in [0, 1)."""
    if not 1 <= dimensions <= MOST_DIMENSIONS:
        raise ValueError(f"{dimensions} dimensions; 1 to {MOST_DIMENSIONS} are tabulated")
    index = np.arange(points, dtype=np.uint64)
    gray = index ^ (index >> np.uint64(1))
    table = np.zeros((points, dimensions), dtype=np.uint64)
    for dimension in range(dimensions):
        for bit, number in enumerate(_directions(dimension)):
            taken = (gray >> np.uint64(bit)) & np.uint64(1)
            table[:, dimension] ^= taken * np.uint64(number)
    return table / 2.0**BITS


@cache
def shifted(dimensions: int, points: int = POINTS) -> NDArray[np.float64]:
    """The sequence moved by the fractional parts of the square roots of the first primes, modulo 1.

    The shift keeps every point off the edges 0 and 1, where the normal quantile is infinite.
    """
    shift = np.sqrt(np.array(_PRIMES[:dimensions], dtype=np.float64)) % 1.0
    moved: NDArray[np.float64] = (sobol(dimensions, points) + shift) % 1.0
    return moved


@cache
def normal_scores(dimensions: int, points: int = POINTS) -> NDArray[np.float64]:
    """Standard normal quantiles of the shifted sequence, points x dimensions."""
    quantile = NormalDist().inv_cdf
    flat = [quantile(number) for number in shifted(dimensions, points).ravel().tolist()]
    return np.array(flat, dtype=np.float64).reshape(points, dimensions)
