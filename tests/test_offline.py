"""The suite uses no network, and would notice if it did."""

from __future__ import annotations

import socket

import pytest


def test_name_lookup_is_refused():
    """Asking for another machine's address fails the test that asks."""
    with pytest.raises(AssertionError, match=r"example\.org"):
        socket.getaddrinfo("example.org", 80)


def test_connection_is_refused():
    """Connecting to another machine fails the test that connects."""
    with socket.socket() as outward, pytest.raises(AssertionError, match="tests use no network"):
        outward.connect(("192.0.2.1", 80))


def test_own_machine_is_reachable():
    """Servers of the tests themselves stay reachable."""
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as client:
        client.connect(server.getsockname())
