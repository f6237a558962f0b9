"""Formats: the file loads, ladders hold, and the penalty follows the table."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.estimate.memory import weights_gb
from recommender.estimate.quantisation import bits_per_weight, offered, offered_mask, penalty_points
from tests.estimate.samples import GPT_OSS_120B, LLAMA_8B, formats, rows

CONSUMER = ("F16", "Q8_0", "Q6_K", "Q5_K_M", "Q4_K_M", "Q3_K_M", "Q2_K")
NATIVE_120B = "mxfp4 experts, bf16 rest"


def points(total_b, names, *, active_b=None, sparse=False):
    """Penalty of one model in the named formats."""
    return penalty_points(
        formats(),
        formats().columns(names),
        total_parameters=np.array([total_b * 1e9]),
        active_parameters=np.array([(active_b or total_b) * 1e9]),
        is_sparse=np.array([sparse]),
    )


def test_ladders():
    """Consumer machines are offered GGUF formats, servers what they serve at full speed."""
    assert offered(formats(), "consumer") == CONSUMER
    assert offered(formats(), "server") == ("BF16", "FP8", "AWQ")


@pytest.mark.parametrize(
    ("dtype", "ladder", "expected"),
    [
        ("fp8", "consumer", ("NATIVE", "Q6_K", "Q5_K_M", "Q4_K_M", "Q3_K_M", "Q2_K")),
        ("fp8", "server", ("NATIVE", "AWQ")),
        (NATIVE_120B, "server", ("NATIVE",)),
        ("bf16", "server", ("BF16", "FP8", "AWQ")),
        (None, "server", ("BF16", "FP8", "AWQ")),
    ],
)
def test_nothing_wider_than_published(dtype, ladder, expected):
    """A model published in 8 or 4 bit is offered as published and narrower, never wider."""
    assert offered(formats(), ladder, dtype) == expected


def test_mask_agrees_with_offered():
    """The table form of the rule says the same as the list form."""
    ids = ("NATIVE", *CONSUMER)
    dtypes = ["bf16", "fp8", NATIVE_120B, None]
    mask = offered_mask(formats(), ids, dtypes)
    for row, dtype in zip(mask, dtypes, strict=True):
        assert tuple(np.array(ids)[row]) == offered(formats(), "consumer", dtype)


def test_native_size_of_gpt_oss():
    """gpt-oss-120b in 16-bit, FP8 or as published weighs its published 65.2 GB."""
    models = rows(GPT_OSS_120B)
    columns = formats().columns(["NATIVE", "BF16", "FP8"])
    bits = bits_per_weight(formats(), columns, models, [NATIVE_120B])
    size = weights_gb(models.column(), body_bits=bits.body, input_bits=16.0, output_bits=16.0)
    assert size[0] == pytest.approx([65.2] * 3, rel=0.02)


def test_wide_models_keep_the_format_bits():
    """A model published in 16 bit has the bits of the format."""
    columns = formats().columns(["BF16", "Q4_K_M"])
    bits = bits_per_weight(formats(), columns, rows(LLAMA_8B), ["bf16"])
    assert bits.body.tolist() == [[16.0, 4.81]]


@pytest.mark.parametrize(
    ("total_b", "expected"), [(1, 17), (3, 17), (8, 15), (14, 15), (32, 10), (70, 6), (405, 6)]
)
def test_penalty_of_q4_k_m(total_b, expected):
    """Q4_K_M costs what the table says in each size column."""
    assert points(total_b, ["Q4_K_M"]).likely[0, 0] == pytest.approx(expected)


def test_penalty_between_columns():
    """Between columns the penalty lies between its neighbours."""
    assert 10 < points(18, ["Q4_K_M"]).likely[0, 0] < 15


def test_interval_of_the_penalty():
    """Half to twice the penalty, because its scale rests on one figure."""
    found = points(8, ["Q3_K_M"])
    assert (found.low[0, 0], found.likely[0, 0], found.high[0, 0]) == (27, 54, 108)


def test_sparse_models_count_active_parameters():
    """A sparse model below 10 B active stands in its active column, with a doubled interval."""
    found = points(120, ["Q4_K_M"], active_b=3, sparse=True)
    assert (found.low[0, 0], found.likely[0, 0], found.high[0, 0]) == (0, 17, 51)


def test_sparse_models_with_many_active_count_in_all():
    """From 10 B active a sparse model counts by its total parameters."""
    assert points(120, ["Q4_K_M"], active_b=12, sparse=True).likely[0, 0] == 6


def test_below_two_and_a_half_bit_only_for_the_largest():
    """Formats below 2.5 bit are not offered under 70 B."""
    assert np.isnan(points(40, ["IQ1_S"]).likely[0, 0])
    assert points(70, ["IQ1_S"]).likely[0, 0] == 100


@given(st.floats(0.1, 2000))
def test_fewer_bits_never_cost_less(total_b):
    """Down the consumer ladder the penalty never falls."""
    assert (np.diff(points(total_b, list(CONSUMER)).likely[0]) >= 0).all()


@pytest.mark.parametrize(
    ("name", "expected"),
    [("q4_k_m", "Q4_K_M"), ("gptq-int4", "GPTQ-INT4"), ("fp16", "F16"), ("MLX-4bit", "MLX-4BIT")],
)
def test_names_are_forgiving(name, expected):
    """Formats are found by id or usual spelling, whatever the case."""
    assert formats().named(name).id == expected


def test_unknown_name_is_none():
    """A format nobody knows is not guessed."""
    assert formats().named("Q99") is None


def test_task_factor():
    """Reasoning suffers twice as much as chat, classification hardly."""
    assert [formats().task_factor(task) for task in ("chat", "reasoning", "classification")] == [1, 2, 0.3]
