"""A rule's conditions in readable words, made from the same tree that the engine evaluates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pages.parts import state
from recommender import words

say = state.say


def condition(node: Any) -> str:
    """One condition, or several joined by and / or, as a sentence part."""
    if isinstance(node, str):
        return say(f"page.learn.when_{node}")
    for joint in ("any", "all"):
        if joint in node:
            parts = [_inner(part) for part in node[joint]]
            return say(f"page.learn.join_{joint}").join(parts)
    if "not" in node:
        return say("page.learn.join_not", what=condition(node["not"]))
    kind = "answer_" if "field" not in node else ""
    known = state.catalog().vocabulary["strings"]["en"]
    sentence = f"page.learn.op_{kind}{node['op']}"
    sentence = sentence if sentence in known else f"page.learn.op_{node['op']}"
    return say(sentence, left=_left(node), right=_right(node))


def _inner(node: Any) -> str:
    """A part of a longer condition: in brackets where it is long itself."""
    text = condition(node)
    return f"({text})" if isinstance(node, Mapping) and ("any" in node or "all" in node) else text


def _left(node: Mapping[str, Any]) -> str:
    if "field" in node:
        return field(node["field"])
    return say("page.learn.your_answer", question=question(node["answer"]))


def _right(node: Mapping[str, Any]) -> str:
    if "field_required" in node:
        return field(node["field_required"])
    if "answer" in node and "field" in node:
        return say("page.learn.what_you_answer", question=question(node["answer"]))
    if "answer_level" in node:
        return say("page.learn.level_you_answer", question=question(node["answer_level"]))
    if "reference" in node:
        return say("page.learn.model_you_name", question=question(node["reference"]))
    if "assumption" in node:
        limits = state.catalog().vocabulary["criteria"]["caveat_limits"]
        known = limits.get(node["assumption"])
        return words.plain(known) if known is not None else field(node["assumption"])
    return _values(node)


def _values(node: Mapping[str, Any]) -> str:
    """The values a rule names itself; answers by the label of their option."""
    if "values" not in node:
        return words.plain(node["value"]) if "value" in node else ""
    labels = options(node["answer"]) if "answer" in node else {}
    named = [f'"{labels[each]}"' if each in labels else field(str(each)) for each in node["values"]]
    return say("page.learn.or").join(named)


def question(key: str) -> str:
    """The question behind an answer."""
    asked = state.catalog().vocabulary["questions"]["questions"]
    return next((str(each["question"]) for each in asked if each["id"] == key), key)


def options(key: str) -> Mapping[Any, str]:
    """The labels of a question's options by their ids."""
    asked = state.catalog().vocabulary["questions"]["questions"]
    found = next((each.get("options", []) for each in asked if each["id"] == key), [])
    return {each["id"]: str(each["label"]) for each in found}


def field(name: str) -> str:
    """A quantity that rules compare, in words."""
    known = state.catalog().vocabulary["strings"]["en"]
    return say(f"page.learn.field_{name}") if f"page.learn.field_{name}" in known else name.replace("_", " ")
