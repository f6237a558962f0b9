"""Speed: orders of magnitude of published measurements, directions, intervals."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.estimate.encoders import texts_per_s
from recommender.estimate.fit import typed_machine
from recommender.estimate.memory import kv_cache_gb, memory, weights_gb
from recommender.estimate.prefill import prefill_tps, ttft_s
from recommender.estimate.quantisation import bits_per_weight
from recommender.estimate.runtimes import Runtime, runtime_named, runtime_of_family
from recommender.estimate.speed import batch_read_gb, batched_decode_tps, decode_tps, spilled_decode_tps
from tests.estimate.samples import (
    BERT_BASE,
    GPT_OSS_120B,
    LLAMA_8B,
    LLAMA_70B,
    LLAMA_405B,
    UNKNOWN_SHAPE,
    device,
    dgx_spark,
    formats,
    h100,
    hardware,
    loaded,
    machine,
    phone,
    raspberry_pi_5,
    rows,
)

ALL = rows(LLAMA_8B, LLAMA_70B, LLAMA_405B, GPT_OSS_120B, UNKNOWN_SHAPE)
GGUF = Runtime.LLAMA_CPP


def decode(models, gb, on=None, runtime=GGUF, **options):
    """Decode speed of models with so many GB of weights."""
    options.setdefault("kv_cache_gb", 0.0)
    return decode_tps(loaded(models, gb), on or machine(), runtime, **options)


@pytest.mark.parametrize(("tokens", "published"), [(16, 59.02), (8_208, 51.85), (32_784, 41.35)])
def test_gpt_oss_on_a_dgx_spark(tokens, published):
    """llama.cpp's own benches/dgx-spark.md (build 6918, MIT): gpt-oss-120b MXFP4 by cache depth."""
    cache = kv_cache_gb(rows(GPT_OSS_120B), context_tokens=tokens).likely
    found = decode(rows(GPT_OSS_120B), 63.0, machine(dgx_spark()), kv_cache_gb=cache)
    assert found.likely[0] == pytest.approx(published, rel=0.25)
    assert found.low[0] <= published <= found.high[0]


def test_llama_1b_on_a_phone():
    """ExecuTorch's README (BSD): Llama 3.2 1B in BF16 decodes 19.2 tokens/s on a OnePlus 12."""
    one = rows(replace(LLAMA_8B, parameters_total=1_236_000_000))
    found = decode_tps(
        loaded(one, 2.47, decode_factor=1.0), machine(phone()), Runtime.EXECUTORCH, kv_cache_gb=0.0
    )
    assert found.low[0] <= 19.2 <= found.high[0]


def test_splitting_layers_does_not_add_decode_speed():
    """Splitting layers over cards buys room, not speed; splitting tensors buys speed."""
    one, layers = (decode(ALL, 20.0, machine(count=n)).likely for n in (1, 4))
    tensors = decode(ALL, 20.0, machine(count=4), tensor_split=True).likely
    assert (layers < one).all()
    assert (tensors > one).all()


def test_sparse_models_read_only_what_is_active():
    """gpt-oss-120b decodes faster than a dense model of its size."""
    dense = rows(replace(GPT_OSS_120B, architecture="decoder", parameters_active=None))
    assert decode(rows(GPT_OSS_120B), 63.0).likely[0] > 5 * decode(dense, 63.0).likely[0]


@given(gb=st.lists(st.floats(0.5, 400), min_size=2, max_size=2), runtime=st.sampled_from(list(Runtime)))
def test_more_bytes_never_run_faster(gb, runtime):
    """More weights to read never give more tokens per second."""
    light, heavy = sorted(gb)
    assert (decode(ALL, heavy, runtime=runtime).likely <= decode(ALL, light, runtime=runtime).likely).all()


@given(bandwidth=st.lists(st.floats(10, 8000), min_size=2, max_size=2))
def test_more_bandwidth_never_runs_slower(bandwidth):
    """A faster memory never gives fewer tokens per second."""
    slow, fast = (machine(device(bandwidth_gb_s=each)) for each in sorted(bandwidth))
    assert (decode(ALL, 30.0, fast).likely >= decode(ALL, 30.0, slow).likely).all()


@given(st.lists(st.integers(1, 512), min_size=2, max_size=2))
def test_more_sequences_never_lower_the_throughput(sequences):
    """Batching never lowers the sum over all sequences while the cache is small."""
    few, many = (
        batched_decode_tps(loaded(ALL, 30.0), machine(h100()), sequences=each, kv_cache_gb=0.0).likely
        for each in sorted(sequences)
    )
    assert (many >= few * (1 - 1e-9)).all()


def test_saturated_server():
    """Llama 3.3 70B in FP8 on two H100 sustains some thousands of tokens a second (4,205 published)."""
    weights = replace(loaded(rows(LLAMA_70B), 71.0), compute_factor=np.asarray(2.0))
    cache = kv_cache_gb(rows(LLAMA_70B), context_tokens=1500, sequences=128).likely
    found = batched_decode_tps(weights, machine(h100(), count=2), sequences=128, kv_cache_gb=cache)
    assert 1500 < found.likely[0] < 6000


def test_batches_touch_more_experts():
    """One sequence reads the active parameters of a sparse model, many read nearly all."""
    one, many = (batch_read_gb(loaded(rows(GPT_OSS_120B), 60.0), each)[0] for each in (1, 512))
    assert one == pytest.approx(60 * 5.13 / 116.83, rel=0.01)
    assert many == pytest.approx(60, rel=0.01)


def test_spilling_is_slower_than_fitting():
    """A model that spills into host memory decodes slower than one that fits."""
    inside = spilled_decode_tps(loaded(rows(LLAMA_70B), 20.0), machine())
    outside = spilled_decode_tps(loaded(rows(LLAMA_70B), 42.0), machine())
    assert outside.likely[0] < inside.likely[0] / 3


def test_intervals_widen_with_doubt():
    """Known shapes on usual machines are narrow, sparse ones wider, processors widest."""

    def spread(found):
        return found.high[0] / found.low[0]

    dense, sparse = decode(rows(LLAMA_8B), 4.6), decode(rows(GPT_OSS_120B), 60.0)
    processor = decode(rows(LLAMA_8B), 4.6, machine(raspberry_pi_5()))
    assert spread(dense) < spread(sparse) < spread(processor)


def test_typed_machines_widen_further():
    """A machine known by its memory alone widens the interval by 0.5 to 1.6."""
    typed = typed_machine(24, "vram", hardware())
    found = decode(rows(LLAMA_8B), 4.6, typed)
    assert found.low[0] == pytest.approx(found.likely[0] * 0.75 * 0.5)
    assert found.high[0] == pytest.approx(found.likely[0] * 1.3 * 1.6)


def test_prefill_on_a_dgx_spark():
    """llama.cpp dgx-spark.md: gpt-oss-120b reads 2,048 tokens at 1,938 a second, 1,155 after 32k."""
    for depth, published in ((0, 1937.54), (32_768, 1155.4)):
        found = prefill_tps(
            loaded(rows(GPT_OSS_120B), 63.0), machine(dgx_spark()), prompt_tokens=2048, depth_tokens=depth
        )
        assert found.low[0] <= published <= found.high[0]


def test_first_token_waits_for_the_prompt_and_one_step():
    """Time to the first token is prefill, queueing and one decode step."""
    weights = loaded(rows(LLAMA_8B), 4.6)
    prefill = prefill_tps(weights, machine(), prompt_tokens=1000).inverse(1000)
    step = decode(rows(LLAMA_8B), 4.6)
    assert ttft_s(prefill, step, queueing_s=0.2).likely[0] == pytest.approx(
        prefill.likely[0] + 1 / step.likely[0] + 0.2
    )


def test_prompts_deep_in_a_conversation_read_slower():
    """The same prompt takes longer after 100,000 cached tokens, by more than a tenth for a dense 8B."""
    at_start, deep = (
        prefill_tps(loaded(rows(LLAMA_8B), 4.6), machine(), prompt_tokens=2048, depth_tokens=depth).likely[0]
        for depth in (0, 100_000)
    )
    assert deep < 0.9 * at_start


@given(st.lists(st.integers(1, 200_000), min_size=2, max_size=2))
def test_longer_prompts_never_take_less(prompts):
    """A longer prompt never reaches its first token sooner."""
    weights = loaded(ALL, 30.0)
    short, long = sorted(prompts)
    less, more = (each / prefill_tps(weights, machine(), prompt_tokens=each).likely for each in (short, long))
    assert (more >= less * (1 - 1e-9)).all()


def test_bert_on_a_raspberry_pi():
    """Derived from some 50 GFLOP/s: bert-base takes some 0.4 s a text of 128 tokens on a Pi 5."""
    found = texts_per_s(rows(BERT_BASE), machine(raspberry_pi_5()), tokens_per_text=128)
    assert 1 / found.likely[0] == pytest.approx(0.4, rel=0.35)
    assert found.high[0] / found.low[0] == pytest.approx(9)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("ollama", Runtime.LLAMA_CPP),
        ("llama.cpp-rocm fa", Runtime.LLAMA_CPP),
        ("vllm", Runtime.SERVER),
        ("MLX", Runtime.MLX),
        ("transformers-old(full-prompt logits)", Runtime.TRANSFORMERS_OLD),
        ("abacus", None),
    ],
)
def test_runtimes_by_name(name, kind):
    """Runtimes are recognised by their usual names; others are not guessed."""
    assert runtime_named(name) is kind


def test_runtimes_by_family():
    """GGUF files run in llama.cpp, MLX in MLX, everything else in a server."""
    assert [runtime_of_family(each) for each in ("gguf", "mlx", "server", "native")] == [
        Runtime.LLAMA_CPP, Runtime.MLX, Runtime.SERVER, Runtime.SERVER,
    ]  # fmt: skip


def test_scalar_equals_vector():
    """One model alone decodes as fast as it does in the table."""
    table = decode(ALL, np.array([5.0, 42.0, 244.0, 63.0, 18.0])).likely
    for index, gb in enumerate([5.0, 42.0, 244.0, 63.0, 18.0]):
        assert float(decode(ALL.take(index), gb).likely) == table[index]


def evaluate(models, columns, dtypes):
    """Memory, decode speed and prefill of every model in every format on one machine."""
    bits = bits_per_weight(formats(), columns, models, dtypes)
    grid = models.column()
    weights = weights_gb(grid, body_bits=bits.body, input_bits=bits.input, output_bits=bits.output)
    needed = memory(grid, runtime=GGUF, weights=weights, context_tokens=8192.0)
    held = replace(loaded(grid, weights), decode_factor=columns.decode_factor)
    speed = decode_tps(held, machine(), GGUF, kv_cache_gb=needed.kv_cache_gb.likely)
    return needed, speed, prefill_tps(held, machine(), prompt_tokens=1500)


def test_a_catalog_in_a_few_milliseconds():
    """400 models in 8 formats on one machine take less than 5 ms, the best of several runs."""
    models = rows(*[LLAMA_8B, GPT_OSS_120B, UNKNOWN_SHAPE, LLAMA_70B] * 100)
    columns = formats().columns(["NATIVE", "F16", "Q8_0", "Q6_K", "Q5_K_M", "Q4_K_M", "Q3_K_M", "Q2_K"])
    times = []
    for _ in range(10):
        start = perf_counter()
        evaluate(models, columns, ["bf16"] * 400)
        times.append(perf_counter() - start)
    assert min(times) < 0.005
