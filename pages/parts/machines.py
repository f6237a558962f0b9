"""The question about hardware: a kind of machine, then its memory, then how many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from pages.parts import state
from pages.parts.inputs import UNSURE, Entry, Labels, fault, seeded, with_unsure
from recommender.answers import Hardware


def draw(entry: Entry, value: tuple[Hardware, ...] | None) -> None:
    """The inputs of the hardware question."""
    choices = {choice["label"]: choice for choice in entry["choices"]}
    seeded("w_hw_kind", _label_of(value, entry["choices"]))
    label = st.pills(
        entry["question"], [*choices, UNSURE], key="w_hw_kind", on_change=_kind_chosen, args=(choices,),
        format_func=Labels(with_unsure({})),
        label_visibility="collapsed",
    )  # fmt: skip
    chosen = choices.get(label or "", {})
    one = value[0] if value else Hardware()
    if "sizes_gb" in chosen:
        _sizes(chosen, one)
    elif chosen.get("device"):
        _device(one)
    elif value and label is None:
        st.caption(state.say("page.find.hardware_as_in_link", machines=[described(each) for each in value]))
    fault("hardware")


def described(one: Hardware) -> str:
    """A machine in words."""
    catalog = state.catalog()
    known = catalog.devices.get(catalog.device_aliases.get(one.device or "", one.device or ""))
    name = known.name if known else one.device or ""
    if one.memory_gb is not None:
        kind = state.say(f"page.find.memory_kind_{one.memory_kind or 'ram'}")
        memory = state.say("page.find.gb", size=one.memory_gb, kind=kind)
        name = f"{name}, {memory}" if name else memory
    return name if one.count == 1 else state.say("page.find.times", count=one.count, name=name)


def _label_of(value: tuple[Hardware, ...] | None, choices: Sequence[Mapping[str, Any]]) -> str | None:
    """The choice that a given answer belongs to; None where no single choice says it."""
    if value is None or len(value) > 1:
        return None
    return next((choice["label"] for choice in choices if _covers(choice, value)), None)


def _covers(choice: Mapping[str, Any], value: tuple[Hardware, ...]) -> bool:
    if not value:
        return choice.get("hardware") == []
    (one,) = value
    if one.device is not None:
        return bool(choice.get("device"))
    counts = choice.get("count", [Hardware().count])
    same_kind = choice.get("memory_kind") == (one.memory_kind or "ram")
    return same_kind and one.memory_gb in choice.get("sizes_gb", []) and one.count in counts


def _kind_chosen(choices: Mapping[str, Mapping[str, Any]]) -> None:
    """A kind alone is no answer yet, except for having nothing."""
    chosen = choices.get(st.session_state["w_hw_kind"] or "", {})
    for key in ("w_hw_size", "w_hw_count", "w_hw_device"):
        st.session_state.pop(key, None)
    state.put({"hardware": [] if chosen.get("hardware") == [] else None})


def _sizes(chosen: Mapping[str, Any], one: Hardware) -> None:
    counts = chosen.get("count", [])

    def answered() -> None:
        size = st.session_state["w_hw_size"]
        count = st.session_state.get("w_hw_count") or (counts[0] if counts else Hardware().count)
        machine = {"memory_gb": size, "memory_kind": chosen["memory_kind"], "count": count}
        state.put({"hardware": None if size is None else [machine]})

    st.pills(
        state.say("page.find.memory_of_each" if counts else "page.find.memory_size"), chosen["sizes_gb"],
        key=seeded("w_hw_size", one.memory_gb), on_change=answered,
        format_func=Labels({size: state.say("page.find.size_gb", size=size) for size in chosen["sizes_gb"]}),
    )  # fmt: skip
    if counts:
        st.pills(
            state.say("page.find.how_many_cards"), counts, on_change=answered,
            key=seeded("w_hw_count", one.count if one.count in counts else None),
        )  # fmt: skip


def _device(one: Hardware) -> None:
    devices = state.catalog().devices

    def answered() -> None:
        device, count = st.session_state["w_hw_device"], st.session_state["w_hw_times"]
        state.put({"hardware": None if device is None else [{"device": device, "count": count}]})

    st.selectbox(
        state.say("page.find.device"), sorted(devices, key=lambda key: devices[key].name), index=None,
        key=seeded("w_hw_device", one.device), on_change=answered,
        format_func=Labels({key: device.name for key, device in devices.items()}),
        placeholder=state.say("page.find.not_answered"),
    )  # fmt: skip
    st.number_input(
        state.say("page.find.how_many_devices"), min_value=Hardware().count, step=1,
        key=seeded("w_hw_times", one.count), on_change=answered,
    )  # fmt: skip
