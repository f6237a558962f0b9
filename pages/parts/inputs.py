"""One input per kind of answer: each shows the answer it finds, and a change becomes a new answer.

Nothing is selected before it is answered; "I'm not sure" clears the answer. Values that cannot be
used stay in the input, with a message, and leave the question unanswered.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import streamlit as st

from pages.parts import state
from pages.parts.text import safe
from recommender.answers_fields import BY_NAME, FIRST_DAY, LAST_DAY, FieldSpec, Kind

UNSURE = "?"
Entry = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Labels:
    """Options to their labels. A plain object, since Streamlit's tests keep it in the session."""

    names: Mapping[Any, str]

    def __call__(self, option: Any) -> str:
        """The label of an option, or the option itself."""
        return self.names.get(option, str(option))


def with_unsure(labels: Mapping[Any, str]) -> Mapping[Any, str]:
    """The labels, and the one that says that the answer is not known."""
    return {**labels, UNSURE: state.say("page.find.unsure")}


def draw(entry: Entry, value: Any) -> None:
    """The input of one question."""
    spec = BY_NAME[entry["id"]]
    special = _SPECIAL.get(spec.name)
    if special is not None:
        special(entry, value)
    elif spec.kind in (Kind.INTEGER, Kind.NUMBER):
        number(spec, entry.get("unit", ""), entry["question"], value)
    elif spec.kind is Kind.LIST and spec.options:
        several(entry, value)
    elif spec.kind is Kind.LIST or spec.kind is Kind.TEXT:
        _written(spec, entry, value)
    elif spec.kind is Kind.DATE:
        _day(entry, value)
    else:
        one_of(entry, value)


def seeded(key: str, value: Any) -> str:
    """The key of a widget, which shows `value` unless the visitor has already touched it."""
    if key not in st.session_state:
        st.session_state[key] = value
    return key


def one_of(entry: Entry, value: Any, options: Sequence[Entry] | None = None) -> None:
    """Buttons of which one is chosen, the last being "I'm not sure"."""
    labels = {option["id"]: option["label"] for option in options or entry["options"]}
    name = entry["id"]

    def answered() -> None:
        chosen = st.session_state[key]
        state.put({name: None if chosen == UNSURE else chosen})

    key = seeded(f"w_{name}", value)
    st.pills(
        entry["question"], [*labels, UNSURE], key=key, on_change=answered, label_visibility="collapsed",
        format_func=Labels(with_unsure(labels)),
    )  # fmt: skip


def several(entry: Entry, value: Any) -> None:
    """Buttons of which any number is chosen; none means not answered."""
    labels = {option["id"]: option["label"] for option in entry["options"]}
    name = entry["id"]

    def answered() -> None:
        state.put({name: list(st.session_state[key]) or None})

    key = seeded(f"w_{name}", list(value or ()))
    st.pills(
        entry["question"], list(labels), key=key, selection_mode="multi", on_change=answered,
        format_func=Labels(labels), label_visibility="collapsed",
    )  # fmt: skip


def number(spec: FieldSpec, unit: str, label: str, value: float | None, *, show_label: bool = False) -> None:
    """A number with its unit; what is typed stays, whether it can be used or not.

    The question stands above the input as a heading, or in its label where there is none.
    """

    def answered() -> None:
        state.put({spec.name: st.session_state[key]})

    whole = spec.kind is Kind.INTEGER
    start = value if value is None or whole else float(value)
    key = seeded(f"w_{spec.name}", start)
    st.number_input(
        f"{label} ({unit})" if show_label else state.say("page.find.in_unit", unit=unit), value=None,
        step=1 if whole else 1.0, format="%d" if whole else "%g", key=key, on_change=answered,
        placeholder=state.say("page.find.not_answered"), width=_NUMBER_WIDTH,
    )  # fmt: skip
    fault(spec.name)


def fault(name: str) -> None:
    """What is allowed, where the typed value cannot be used."""
    allowed = state.faults().get(name)
    if allowed:
        st.markdown(f":red[▲ {safe(fault_words(allowed))}]")


def fault_words(allowed: str) -> str:
    """What to enter instead of a value that cannot be used."""
    return state.say("page.find.fault", allowed=allowed)


def _written(spec: FieldSpec, entry: Entry, value: Any) -> None:
    """One or several ids: picked from the catalog where it knows them all, typed otherwise."""
    choices = _choices(spec.name)
    if choices is None:
        _typed_list(spec, entry, value)
    elif spec.kind is Kind.LIST:
        _many_from(spec.name, entry["question"], choices, list(value or ()))
    else:
        _one_from(spec.name, entry["question"], choices, value)


def _many_from(name: str, label: str, choices: Mapping[str, str], value: list[str]) -> None:
    def answered() -> None:
        state.put({name: list(st.session_state[key]) or None})

    key = seeded(f"w_{name}", value)
    options = [*choices, *(item for item in value if item not in choices)]
    st.multiselect(
        label, options, key=key, on_change=answered, format_func=Labels(choices),
        label_visibility="collapsed", placeholder=state.say("page.find.choose_several"),
    )  # fmt: skip


def _one_from(name: str, label: str, choices: Mapping[str, str], value: str | None) -> None:
    def answered() -> None:
        state.put({name: st.session_state[key]})

    key = seeded(f"w_{name}", value)
    options = [*choices, *([value] if value and value not in choices else [])]
    st.selectbox(
        label, options, index=None, key=key, on_change=answered, label_visibility="collapsed",
        format_func=Labels(choices), placeholder=state.say("page.find.not_answered"),
    )  # fmt: skip


def _typed_list(spec: FieldSpec, entry: Entry, value: Any) -> None:
    def answered() -> None:
        state.put({spec.name: re.findall(r"[^\s,;]+", st.session_state[key]) or None})

    key = seeded(f"w_{spec.name}", ", ".join(value or ()))
    st.text_input(
        entry["question"], key=key, on_change=answered, label_visibility="collapsed",
        placeholder=state.say("page.find.not_answered"), width=_NUMBER_WIDTH,
    )  # fmt: skip
    fault(spec.name)


def _day(entry: Entry, value: date | None) -> None:
    def answered() -> None:
        chosen = st.session_state[key]
        state.put({entry["id"]: chosen.isoformat() if chosen else None})

    key = seeded(f"w_{entry['id']}", value)
    st.date_input(
        entry["question"], value=None, key=key, min_value=FIRST_DAY, max_value=LAST_DAY, on_change=answered,
        format="YYYY-MM-DD", label_visibility="collapsed", width=_NUMBER_WIDTH,
    )  # fmt: skip


def _choices(name: str) -> Mapping[str, str] | None:
    """Ids and names that an answer may take from the catalog; None where it is typed."""
    catalog = state.catalog()
    match name:
        case "only_models" | "not_models" | "quality_at_least":
            return {key: model.name for key, model in sorted(catalog.models.items())}
        case "not_developers":
            return {key: developer.name for key, developer in sorted(catalog.developers.items())}
        case "languages":
            return {str(item["id"]): item["label"] for item in _entry(name)["options"] if item["id"] != "en"}
        case "grid":
            return {code: code for code in sorted(catalog.carbon)}
        case "organisation_region":
            return {str(item["id"]): item["label"] for item in _entry("region")["options"]}
    return None


def _entry(name: str) -> Entry:
    listed: list[Entry] = state.catalog().vocabulary["questions"]["questions"]
    return next(entry for entry in listed if entry["id"] == name)


def _tasks(entry: Entry, value: Sequence[str] | None) -> None:
    """The main task as one choice, the further ones as several."""
    labels = {option["id"]: option["label"] for option in entry["options"]}

    def answered() -> None:
        main = st.session_state["w_tasks"]
        further = [task for task in st.session_state.get("w_tasks_also", []) if task != main]
        state.put({"tasks": [main, *further] if main in labels else None})

    main, *further = value or (None,)
    st.pills(
        entry["question"], [*labels, UNSURE], key=seeded("w_tasks", main), on_change=answered,
        format_func=Labels(with_unsure(labels)),
        label_visibility="collapsed",
    )  # fmt: skip
    if main is None:
        return
    rest = [task for task in labels if task != main]
    seeded("w_tasks_also", further)
    st.session_state["w_tasks_also"] = [task for task in st.session_state["w_tasks_also"] if task in rest]
    with st.expander(state.say("page.find.also", count=len(further)), expanded=bool(further)):
        st.pills(
            state.say("page.find.also_label"), rest, key="w_tasks_also", selection_mode="multi",
            on_change=answered, format_func=Labels(labels), label_visibility="collapsed",
        )  # fmt: skip


def _use(entry: Entry, value: int | None) -> None:
    """How much: a size in words, or numbers."""
    sizes = _sizes()
    by_requests = {requests: size for size, requests in sizes.items()}
    answers = state.current()
    has_lengths = any(getattr(answers, name) is not None for name in _NUMBERS[1:])
    shown = by_requests.get(value)
    if has_lengths or (value is not None and shown is None):
        shown = "numbers"
    labels = {choice.get("size", "numbers"): choice["label"] for choice in entry["choices"]}

    def answered() -> None:
        chosen = st.session_state["w_use"]
        for name in _NUMBERS:
            st.session_state.pop(f"w_{name}", None)
        if chosen in sizes:
            state.put({"requests_per_month": sizes[chosen]})
        elif chosen != "numbers":
            state.put({"requests_per_month": None})

    shown_labels = {
        option: state.say("page.find.size", label=label, requests=sizes[option]) if option in sizes else label
        for option, label in labels.items()
    }

    if sizes.get(st.session_state.get("w_use"), value) != value:
        del st.session_state["w_use"]  # the main task changed, and with it what a size means
    chosen = st.pills(
        entry["question"], [*labels, UNSURE], key=seeded("w_use", shown), on_change=answered,
        format_func=Labels(with_unsure(shown_labels)), label_visibility="collapsed",
    )  # fmt: skip
    if chosen == "numbers":
        for name in _NUMBERS:
            of = _entry(name)
            number(BY_NAME[name], of["unit"], of["question"], getattr(answers, name), show_label=True)
        st.caption(state.say("page.find.words_and_tokens"))


def _sizes() -> Mapping[str, int]:
    """Requests a month of each size, for the main task."""
    sizes: Mapping[str, int] = _task()["requests"]
    return sizes


def _task() -> Entry:
    """What is assumed for the main task."""
    questions = state.catalog().vocabulary["questions"]
    main, *_ = state.current().tasks or questions["when_unanswered"]["tasks"]
    found: Entry = questions["tasks"][main]
    return found


def _only_pasted(entry: Entry, value: Mapping[str, int] | None) -> None:
    """Too rare for inputs of its own: shown, and set by pasting answers."""
    now = " ".join(f"{name} {share}" for name, share in (value or {}).items())
    told = state.say(
        "page.find.only_pasted", key=entry["id"], value=now or state.say("page.find.not_answered")
    )
    st.caption(safe(told))


def _weights(entry: Entry, value: Mapping[str, int] | None) -> None:
    """How much each group matters, each with its span."""
    scale = {step["value"]: step["label"] for step in entry["scale"]}
    groups = state.catalog().vocabulary["criteria"]["groups"]

    def answered() -> None:
        given = {group: st.session_state.get(f"w_weights_{group}") for group in groups}
        set_ones = {group: weight for group, weight in given.items() if weight is not None}
        state.put({"weights": set_ones or None})

    usual = _task()["weights"]
    for option in entry["options"]:
        group = option["id"]
        current = (value or {}).get(group)
        steps = sorted({*scale, *([] if current is None else [current])})
        st.segmented_control(
            option["label"], steps, key=seeded(f"w_weights_{group}", current), on_change=answered,
            format_func=Labels(scale),
        )  # fmt: skip
        st.caption(safe(state.say("page.find.span", span=groups[group]["span"], usual=usual[group])))


_NUMBER_WIDTH = 320  # px
_NUMBERS = ("requests_per_month", "input_tokens_per_request", "output_tokens_per_request")
_SPECIAL: dict[str, Callable[[Entry, Any], None]] = {
    "tasks": _tasks,
    "requests_per_month": _use,
    "weights": _weights,
    "weights_within": _only_pasted,
}
