"""Memory against figures typed from publications, and the directions it may not break."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.estimate.memory import (
    host_embedding_gb,
    kv_cache_gb,
    memory,
    overhead_gb,
    published_sizes_gb,
    weights_gb,
)
from recommender.estimate.runtimes import Runtime
from tests.estimate.samples import (
    BERT_BASE,
    GPT_OSS_120B,
    LLAMA_8B,
    LLAMA_70B,
    LLAMA_405B,
    LLAMA_405B_16_HEADS,
    QWEN2_05B,
    UNKNOWN_SHAPE,
    formats,
    rows,
)

GIB = 1024**3 / 1e9
ALL = rows(LLAMA_8B, LLAMA_70B, LLAMA_405B, GPT_OSS_120B, BERT_BASE, UNKNOWN_SHAPE)
TOKENS = st.integers(0, 1_000_000)


def sizes(models, name):
    """Weights of the models in the named format, GB."""
    columns = formats().columns([name])
    bits = (columns.body_bits, columns.input_bits, columns.output_bits)
    return weights_gb(models, body_bits=bits[0], input_bits=bits[1], output_bits=bits[2])


@pytest.mark.parametrize(
    ("name", "low", "high"), [("Q4_K_M", 244, 251), ("FP8", 405, 415), ("BF16", 810, 815)]
)
def test_weights_of_llama_405b(name, low, high):
    """Llama 3.1 405B weighs what its published files weigh."""
    assert low <= sizes(rows(LLAMA_405B), name)[0] <= high


@pytest.mark.parametrize(
    ("model", "gib"), [(LLAMA_8B, 15.62), (LLAMA_70B, 39.06), (LLAMA_405B_16_HEADS, 123.05)]
)
def test_cache_of_llama_31_at_128k(model, gib):
    """The Hugging Face table of 2024-07-23, FP16, 128,000 tokens (405B as first released, 16 KV heads)."""
    assert kv_cache_gb(rows(model), context_tokens=128_000).likely[0] == pytest.approx(gib * GIB, rel=1e-3)


@pytest.mark.parametrize(("tokens", "gb"), [(8_192, 4.2), (128_000, 66.0)])
def test_cache_of_todays_405b(tokens, gb):
    """With the 8 KV heads of today's configuration the 405B cache is half of the first release's."""
    assert kv_cache_gb(rows(LLAMA_405B), context_tokens=tokens).likely[0] == pytest.approx(gb, rel=0.01)


def test_published_file_size_wins():
    """A published file's size replaces the formula, only where it is given."""
    both = weights_gb(
        rows(LLAMA_8B, LLAMA_8B),
        body_bits=4.81,
        input_bits=4.5,
        output_bits=6.56,
        file_gb=np.array([4.92, np.nan]),
    )
    assert both[0] == 4.92
    assert both[1] == pytest.approx(4.92, rel=0.02)


def test_published_sizes_are_looked_up_by_format():
    """Files are found by format id; the native format takes the file the weights came in."""
    found = published_sizes_gb([{"Q4_K_M": 4.92}, {"MXFP4": 63.4}], ["Q4_K_M", "NATIVE"])
    np.testing.assert_array_equal(found, [[4.92, np.nan], [np.nan, 63.4]])


def test_tied_matrix_is_counted_once():
    """With tied embeddings one matrix is stored, at the output's bits, and nothing stays in host memory."""
    tied, matrix = rows(QWEN2_05B), 896 * 151_936
    found = weights_gb(tied, body_bits=4.0, input_bits=1.0, output_bits=8.0)[0]
    assert found == pytest.approx((0.494e9 - matrix) * 0.5e-9 + matrix * 1e-9)
    assert host_embedding_gb(tied, input_bits=16.0)[0] == 0
    assert host_embedding_gb(rows(LLAMA_8B), input_bits=16.0)[0] == pytest.approx(1.05, rel=0.01)


def test_window_stops_growing():
    """Beyond the window only the full-attention layers of gpt-oss add to the cache."""
    at = kv_cache_gb(rows(GPT_OSS_120B), context_tokens=np.array([128.0, 1128.0])).likely
    assert at[1] - at[0] == pytest.approx(18 * 1024 * 1000 * 2 / 1e9)


def test_unknown_shape_spans_a_tenth_to_the_whole():
    """Without a shape the cache is 10 to 100 % of a full formula, and says it is not confident."""
    cache = kv_cache_gb(rows(UNKNOWN_SHAPE), context_tokens=32_768)
    assert cache.low[0] == pytest.approx(0.1 * cache.high[0])
    total = memory(rows(UNKNOWN_SHAPE), runtime=Runtime.LLAMA_CPP, weights=18.0, context_tokens=32_768)
    assert not total.confident[0]


def test_encoder_has_no_cache():
    """An encoder needs weights and a small activation, no key-value cache."""
    needed = memory(rows(BERT_BASE), runtime=Runtime.TRANSFORMERS, weights=0.44, context_tokens=512)
    assert needed.kv_cache_gb.high[0] == 0
    assert needed.total_gb.likely[0] < 1.0


def test_old_transformers_keep_prompt_logits():
    """Qwen2-0.5B at 30k tokens needed 29 GB before logits were dropped."""
    qwen = rows(QWEN2_05B)
    old, new = (
        memory(qwen, runtime=each, weights=0.988, context_tokens=30_720, whole_device=False).total_gb.likely[
            0
        ]
        for each in (Runtime.TRANSFORMERS_OLD, Runtime.TRANSFORMERS)
    )
    assert old == pytest.approx(29, rel=0.05)
    assert new == pytest.approx(2.3, rel=0.2)


@given(first=TOKENS, second=TOKENS, runtime=st.sampled_from(list(Runtime)))
def test_more_context_never_needs_less(first, second, runtime):
    """Memory does not fall when the context grows, for any runtime and kind of model."""
    short, long = sorted((first, second))
    less, more = (
        memory(ALL, runtime=runtime, weights=5.0, context_tokens=float(each)).total_gb
        for each in (short, long)
    )
    assert (more.low >= less.low).all()
    assert (more.high >= less.high).all()


@given(bits=st.lists(st.floats(1.5, 16), min_size=2, max_size=2), runtime=st.sampled_from(list(Runtime)))
def test_more_bits_never_need_less(bits, runtime):
    """Memory does not fall when every weight takes more bits, the step around small models included."""
    few, many = sorted(bits)
    less, more = (
        memory(
            ALL,
            runtime=runtime,
            weights=weights_gb(ALL, body_bits=each, input_bits=each, output_bits=each),
            context_tokens=4096.0,
        ).total_gb.likely
        for each in (few, many)
    )
    assert (more >= less).all()


def test_overhead_has_no_step_downwards():
    """Growing weights never lower the overhead of llama.cpp, small models included."""
    models = rows(LLAMA_8B)
    grid = np.linspace(0.1, 12, 500)
    found = overhead_gb(models, runtime=Runtime.LLAMA_CPP, weights=grid, prompt_tokens=4096.0)
    assert (np.diff(found) >= 0).all()
    assert found[0] < 0.5 < found[-1]


def test_ends_are_in_order():
    """Low, likely and high stand in order for known and unknown shapes."""
    total = memory(ALL, runtime=Runtime.SERVER, weights=10.0, context_tokens=65_536.0, sequences=8).total_gb
    assert (total.low <= total.likely).all()
    assert (total.likely <= total.high).all()


def test_scalar_equals_vector():
    """One model alone gets what it gets in a table of models and contexts."""
    contexts = np.array([1024.0, 65_536.0])
    table = memory(ALL.column(), runtime=Runtime.LLAMA_CPP, weights=6.0, context_tokens=contexts).total_gb
    for index in np.ndindex(table.likely.shape):
        alone = memory(
            ALL.take(index[0]), runtime=Runtime.LLAMA_CPP, weights=6.0, context_tokens=contexts[index[1]]
        )
        assert float(alone.total_gb.likely) == table.likely[index]
