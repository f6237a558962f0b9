"""Rules, criteria and questions as text for people."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any


def rules_text(content: Mapping[str, Any]) -> str:
    """Every hard limit with the answers that switch it on."""
    policy = {"exclude": "unknown excludes", "admit_flagged": "unknown passes, marked"}
    lines = []
    for rule in content["rules"]:
        keys = ", ".join(sorted(_answers(rule["when"]) | _answers(rule["require"]))) or "always"
        lines += [
            f"{rule['id']} {rule['title']} ({keys}; {policy[rule['on_unknown']]})",
            f"    {rule['reason']}",
        ]
    return "\n".join(lines)


def _answers(condition: Any) -> set[str]:
    if isinstance(condition, list):
        return set().union(*map(_answers, condition))
    if not isinstance(condition, Mapping):
        return set()
    own = {str(condition[key]) for key in ("answer", "answer_level", "reference") if key in condition}
    return own.union(*(_answers(condition[key]) for key in ("all", "any", "not") if key in condition))


def criteria_text(content: Mapping[str, Any]) -> str:
    """Every criterion with its anchors, by group, then the deductions."""
    lines = []
    for key in dict.fromkeys(one["group"] for one in content["criteria"]):
        group = content["groups"][key]
        lines.append(f"{group['name']} (weight {group['default_weight']}): {group['span']}")
        for one in content["criteria"]:
            if one["group"] == key:
                anchors = ", ".join(f"{x:g} -> {value:g}" for x, value in one["anchors"])
                times = f" times {one['times_answer']}" if "times_answer" in one else ""
                lines.append(
                    f"  {one['id']} {one['name']}, share {one['share']}: {anchors} {one['unit']}{times}"
                )
                lines.append(f"      {one['reason']}")
    lines += [f"{one['id']} {one['name']}: -{one['share']:.0%}. {one['reason']}" for one in content["malus"]]
    return "\n".join(lines)


def questions_text(content: Mapping[str, Any]) -> str:
    """Every question with its options."""
    lines = []
    for one in content["questions"]:
        lines.append(f"{one['id']}: {one['question']}")
        lines += [f"    {option['id']}: {option['label']}" for option in one.get("options", ())]
    return "\n".join(lines)


TEXTS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "rules": rules_text, "criteria": criteria_text, "questions": questions_text,
}  # fmt: skip
