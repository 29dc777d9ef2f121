"""The network is closed while tests run: nothing but this machine is reached."""

import ipaddress
import sys


class NetworkClosed(AssertionError):
    """A test tried to reach another machine."""


_listening = False


def close_network() -> None:
    """From now on, in this process, connecting anywhere but to loopback raises NetworkClosed.

    Python announces every connection and name look-up to audit hooks; nothing is patched.
    """
    global _listening
    if not _listening:
        sys.addaudithook(_listen)
        _listening = True


def _listen(event: str, arguments: tuple[object, ...]) -> None:
    if event == "socket.connect":
        address = arguments[1]
        if isinstance(address, tuple) and not stays_here(str(address[0])):
            raise NetworkClosed(f"a test connects to {address}")
    elif event == "socket.getaddrinfo":
        host = str(arguments[0] or "")
        if not stays_here(host) and not _is_numeric(host):
            raise NetworkClosed(f"a test looks up {host}")


def stays_here(host: str) -> bool:
    """Whether a host name or address means this machine."""
    if host in ("", "localhost", "None"):
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _is_numeric(host: str) -> bool:
    """An address is understood without asking anybody."""
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True
