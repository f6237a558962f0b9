"""Quantities known between two ends, held as arrays: low, likely, high."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.catalog.types import Range

Floats = NDArray[np.float64]
Numbers = float | Floats


def floats(numbers: Numbers) -> Floats:
    """The numbers as an array of float64; a scalar becomes an array without axes."""
    return np.asarray(numbers, dtype=np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranges:
    """Low, likely and high ends of one quantity for many candidates, in one unit."""

    low: Floats
    likely: Floats
    high: Floats

    @classmethod
    def around(cls, likely: Numbers, low_factor: Numbers, high_factor: Numbers) -> Ranges:
        """A range from factors on the likeliest value; factors broadcast against it."""
        middle = floats(likely)
        return cls(low=middle * floats(low_factor), likely=middle, high=middle * floats(high_factor))

    @classmethod
    def exactly(cls, value: Numbers) -> Ranges:
        """A range without width."""
        return cls.around(value, 1.0, 1.0)

    def plus(self, other: Ranges) -> Ranges:
        """Sum end by end: both parts are assumed to err in the same direction."""
        return Ranges(
            low=self.low + other.low, likely=self.likely + other.likely, high=self.high + other.high
        )

    def times(self, factor: Numbers) -> Ranges:
        """Every end multiplied by a factor of 0 or more."""
        number = floats(factor)
        return Ranges(low=self.low * number, likely=self.likely * number, high=self.high * number)

    def inverse(self, numerator: Numbers) -> Ranges:
        """Numerator divided by the range: the ends change places."""
        number = floats(numerator)
        with np.errstate(divide="ignore", invalid="ignore"):
            return Ranges(low=number / self.high, likely=number / self.likely, high=number / self.low)

    def over(self, other: Ranges) -> Ranges:
        """End by end quotient: the low end is divided by the other's high end, and so on."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return Ranges(
                low=self.low / other.high, likely=self.likely / other.likely, high=self.high / other.low
            )

    def at(self, index: tuple[int, ...] | int = ()) -> Range:
        """One cell as the scalar range that the catalog uses."""
        return Range(float(self.low[index]), float(self.likely[index]), float(self.high[index]))
