"""What every test shares: the repository on the path, hypothesis profiles, and no network."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

LOCAL = {"", "localhost", "127.0.0.1", "::1", "0.0.0.0", "::"}

# Derandomised: the same examples on every machine, so a red run can be repeated.
settings.register_profile(
    "suite",
    max_examples=300,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "deep", max_examples=5000, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("suite")


class NetworkUsed(AssertionError):
    """A test reached for an address outside this machine."""


@pytest.fixture(scope="session")
def root() -> Path:
    """The top folder of the repository."""
    return ROOT


@pytest.fixture(autouse=True, scope="session")
def _no_network() -> Iterator[None]:
    """Refuse every connection and name look-up that leaves this machine."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
        patch.setattr(socket, "getaddrinfo", _guarded_lookup(socket.getaddrinfo))
        yield


def _guarded(original: Any) -> Any:
    def connect(self: socket.socket, address: Any) -> Any:
        if isinstance(address, tuple):
            _check(address[0])
        return original(self, address)

    return connect


def _guarded_lookup(original: Any) -> Any:
    def getaddrinfo(host: Any, *args: Any, **options: Any) -> Any:
        _check(host)
        return original(host, *args, **options)

    return getaddrinfo


def _check(host: Any) -> None:
    name = host.decode() if isinstance(host, bytes) else host
    if name is not None and name not in LOCAL and not str(name).startswith("127."):
        raise NetworkUsed(f"a test tried to reach {name}; tests use no network")
