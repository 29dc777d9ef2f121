"""The guard that keeps tests on this machine."""

import socket

import pytest

from tests.network import NetworkClosed


def test_another_machine_is_out_of_reach() -> None:
    with socket.socket() as connection, pytest.raises(NetworkClosed):
        connection.connect(("192.0.2.1", 80))
    with pytest.raises(NetworkClosed):
        socket.getaddrinfo("example.org", 80)


def test_this_machine_is_in_reach() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()
