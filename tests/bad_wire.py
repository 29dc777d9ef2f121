"""A bad connection to a server on this machine: slow, silent, cut in the middle, or refused."""

import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_PIECE_BYTES = 1 << 14
_RESET = struct.pack("ii", 1, 0)


class BadWire:
    """A TCP proxy on a port of its own. It passes everything on until told otherwise:

    `delay_s` waits before each piece; `silent_after` and `cut_after` let so many more bytes through
    (`sent` to the server, `answered` by it), then nothing more, or reset the connection, and every
    later one too, or with `once` no other. `connections` counts those since the last order.
    """

    def __init__(self, port: int) -> None:
        self._target = ("127.0.0.1", port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._closed = False
        self.mend()
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    @property
    def url(self) -> str:
        """The address to use in place of the server's."""
        return f"http://127.0.0.1:{self.port}"

    def mend(self, *, delay_s: float = 0) -> None:
        """Pass everything on from now on, each piece after `delay_s` seconds."""
        with self._lock:
            self._left: dict[str, int] = {}
            self._cuts, self._once = False, False
            self.delay_s, self.connections = delay_s, 0

    def cut_after(self, *, once: bool = False, **left: int) -> None:
        """Reset connections when so many more bytes have passed; `sent` or `answered`."""
        self.mend()
        with self._lock:
            self._left, self._cuts, self._once = dict(left), True, once

    def silent_after(self, **left: int) -> None:
        """Pass nothing on, and keep connections open, when so many more bytes have passed."""
        self.mend()
        with self._lock:
            self._left = dict(left)

    @contextmanager
    def refusing(self) -> Iterator[None]:
        """Nobody listens while the block runs, and what was connected is cut."""
        # A thread that waits in accept keeps a listener alive: shut down, it lets go.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._cut_all()
        try:
            yield
        finally:
            self._listener = socket.create_server(("127.0.0.1", self.port))
            threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def close(self) -> None:
        """Stop listening and cut everything."""
        self._closed = True
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._cut_all()

    def _cut_all(self) -> None:
        with self._lock:
            connected = list(self._open)
        for end in connected:
            _reset(end)

    def _accept(self, listener: socket.socket) -> None:
        while not self._closed:
            try:
                near, _ = listener.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(self._target, 5)
            except OSError:
                _reset(near)
                continue
            with self._lock:
                self.connections += 1
                self._open |= {near, far}
            for source, to, way in ((near, far, "sent"), (far, near, "answered")):
                threading.Thread(target=self._pass_on, args=(source, to, way), daemon=True).start()

    def _pass_on(self, source: socket.socket, to: socket.socket, way: str) -> None:
        with suppress(OSError):
            while piece := source.recv(_PIECE_BYTES):
                time.sleep(self.delay_s)
                passed = self._share(way, len(piece))
                to.sendall(piece[:passed])
                if passed < len(piece) and self._cuts_now():
                    break
        for end in (source, to):
            _reset(end)
        with self._lock:
            self._open -= {source, to}

    def _share(self, way: str, wanted: int) -> int:
        with self._lock:
            left = self._left.get(way)
            if left is None:
                return wanted
            self._left[way] = max(0, left - wanted)
            return min(left, wanted)

    def _cuts_now(self) -> bool:
        with self._lock:
            cuts = self._cuts
            if cuts and self._once:
                self._left, self._cuts = {}, False
            return cuts


def _reset(end: socket.socket) -> None:
    """Close without a farewell, as a broken line does; who waits in recv is woken first."""
    with suppress(OSError):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        end.shutdown(socket.SHUT_RD)
    end.close()
