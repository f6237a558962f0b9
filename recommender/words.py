"""Sentences from ids and parameters, and numbers in the page's formats. The words stand in data/strings."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from string import Formatter
from typing import Any

BILLION = 1e9
_FORMATTER = Formatter()


class UnknownSentence(KeyError):
    """A sentence id that data/strings does not hold."""


def say(strings: Mapping[str, str], sentence: str, /, **params: Any) -> str:
    """The sentence with this id, its parameters filled in. Raises UnknownSentence."""
    if sentence not in strings:
        raise UnknownSentence(sentence)
    return fill(strings[sentence], params)


def fill(template: str, params: Mapping[str, Any]) -> str:
    """A template with its {parameters} filled in; numbers and lists in the page's formats."""
    names = {name for _, name, _, _ in _FORMATTER.parse(template) if name}
    return template.format_map({name: plain(params.get(name)) for name in names})


def plain(value: Any) -> str:
    """Any parameter as words: lists joined, numbers rounded, nothing as 'not known'."""
    match value:
        case None:
            return "not known"
        case bool():
            return "yes" if value else "no"
        case float() | int():
            return number(float(value))
        case str():
            return value
        case date():
            return value.isoformat()
        case Iterable():
            return joined([plain(part) for part in value])
    return str(value)


def number(value: float) -> str:
    """A number with the digits that matter: 1,234 or 12.3 or 0.045."""
    if value != value or value in (float("inf"), float("-inf")):
        return "unlimited" if value > 0 else "not known"
    if abs(value) >= 100 or float(value).is_integer():
        return f"{value:,.0f}"
    if abs(value) >= 1:
        return f"{value:,.1f}"
    return f"{value:.2g}"


def money(usd: float) -> str:
    """US dollars: under 1 two significant digits, over 100 no cents."""
    if usd >= 100:
        return f"${usd:,.0f}"
    if usd >= 1:
        return f"${usd:,.2f}"
    if usd >= 0.1:
        return f"${usd:.2f}"
    return "$0" if usd <= 0 else f"${usd:.2g}"


def money_range(low: float, likely: float, high: float) -> str:
    """A cost with its range; one figure where the ends agree to the cent."""
    if money(low) == money(high):
        return money(likely)
    return f"{money(likely)} ({money(low)} to {money(high)})"


def parameters(count: int | None) -> str:
    """A parameter count in billions or millions."""
    if count is None:
        return "not disclosed"
    if count < 100_000_000:
        return f"{count / 1e6:,.3g} million"
    return f"{count / BILLION:,.4g} billion"


def tokens(count: int | None) -> str:
    """A number of tokens."""
    return "not known" if count is None else f"{count:,} tokens"


def of_hundred(share: float) -> int:
    """A share as so many of 100; only 0 and 1 themselves are none and all."""
    if 0 < share < 1:
        return min(max(round(share * 100), 1), 99)
    return round(share * 100)


def joined(parts: list[str]) -> str:
    """a, b and c."""
    if not parts:
        return "none"
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def rounded_parts(parts: Sequence[float], decimals: int = 0) -> list[float]:
    """The parts rounded so that they add up to the rounded sum: largest remainders are rounded up first."""
    step = 10.0**-decimals
    units = [math.floor(part / step) for part in parts]
    missing = round(sum(parts) / step) - sum(units)
    order = sorted(range(len(parts)), key=lambda at: (units[at] - parts[at] / step, at))
    for at in order[:missing]:
        units[at] += 1
    return [round(unit * step, decimals) for unit in units]


def share(part: float) -> str:
    """A share of one as a whole percentage."""
    return f"{part:.0%}"


def gigabytes(gb: float) -> str:
    """Memory in GB (10^9 bytes), one decimal."""
    return f"{gb:,.1f}"


def shortened(text: str, most: int) -> str:
    """The text, cut with an ellipsis where it is longer than `most` characters."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
