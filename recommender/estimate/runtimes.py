"""Software that runs a model: the kinds whose memory, speed and energy differ."""

from __future__ import annotations

from enum import StrEnum


class Runtime(StrEnum):
    """Kinds of runtime that have constants of their own."""

    LLAMA_CPP = "llama.cpp"
    MLX = "mlx"
    SERVER = "server"  # vLLM, SGLang, TensorRT-LLM: batched, weights in safetensors
    TRANSFORMERS = "transformers"
    TRANSFORMERS_OLD = "transformers-old"  # before about 4.45: keeps the logits of the whole prompt
    AUTOAWQ = "autoawq"
    EXECUTORCH = "executorch"


# First match wins: the specific spellings stand before those they contain.
_SPELLINGS = (
    ("transformers-old", Runtime.TRANSFORMERS_OLD),
    ("transformers", Runtime.TRANSFORMERS),
    ("autoawq", Runtime.AUTOAWQ),
    ("executorch", Runtime.EXECUTORCH),
    ("litert", Runtime.EXECUTORCH),
    ("mlx", Runtime.MLX),
    ("vllm", Runtime.SERVER),
    ("sglang", Runtime.SERVER),
    ("tensorrt", Runtime.SERVER),
    ("tgi", Runtime.SERVER),
    ("lmdeploy", Runtime.SERVER),
    ("server", Runtime.SERVER),
    ("llama", Runtime.LLAMA_CPP),
    ("gguf", Runtime.LLAMA_CPP),
    ("lm studio", Runtime.LLAMA_CPP),
)


def runtime_named(name: str) -> Runtime | None:
    """The kind a runtime's name stands for ("ollama", "vllm", "llama.cpp-rocm fa"), or None."""
    lowered = name.lower()
    return next((kind for part, kind in _SPELLINGS if part in lowered), None)


def runtime_of_family(family: str) -> Runtime:
    """The usual runtime of a format family: gguf, mlx, server or native."""
    return {"gguf": Runtime.LLAMA_CPP, "mlx": Runtime.MLX}.get(family, Runtime.SERVER)
