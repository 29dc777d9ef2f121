"""A real timestamp authority of a throw-away CA: openssl behind a small HTTP server."""

import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

Reply = Callable[["Authority", bytes], tuple[int, bytes]]

_CONFIG = """
[req]
distinguished_name = name
[name]
[ca]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign
[tsa]
extendedKeyUsage = critical,timeStamping
[tsa_config]
serial = {folder}/serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
"""


class Authority:
    """Its CA, its certificate, and what it answers now."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.url, self.asked = folder, "", 0
        self.reply: Reply = honest
        self.packed = ""
        self.ca = folder / "ca.pem"
        (folder / "openssl.cnf").write_text(_CONFIG.format(folder=folder))
        (folder / "serial").write_text("01\n")
        self._certificates()

    def openssl(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Runs openssl in the folder."""
        return subprocess.run(
            ["openssl", *arguments], cwd=self.folder, check=check, capture_output=True, text=True
        )

    def _certificates(self) -> None:
        new = ("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
               "-config", "openssl.cnf")  # fmt: skip
        self.openssl(*new, "-x509", "-extensions", "ca", "-subj", "/CN=Test root",
                     "-keyout", "ca.key", "-out", "ca.pem", "-days", "3650")  # fmt: skip
        self.openssl(*new, "-subj", "/CN=Test TSA", "-keyout", "tsa.key", "-out", "tsa.csr")
        self.openssl("x509", "-req", "-in", "tsa.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
                     "-extfile", "openssl.cnf", "-extensions", "tsa", "-days", "3650",
                     "-out", "tsa.pem")  # fmt: skip

    def stamp(self, query: bytes) -> bytes:
        """The answer to a query."""
        (self.folder / "query.tsq").write_bytes(query)
        self.openssl("ts", "-reply", "-config", "openssl.cnf", "-section", "tsa_config",
                     "-queryfile", "query.tsq", "-signer", "tsa.pem", "-inkey", "tsa.key",
                     "-out", "answer.tsr")  # fmt: skip
        return (self.folder / "answer.tsr").read_bytes()

    def query(self, text: bytes) -> bytes:
        """A query of its own making."""
        (self.folder / "other.txt").write_bytes(text)
        self.openssl("ts", "-query", "-data", "other.txt", "-sha256", "-cert", "-out", "other.tsq")
        return (self.folder / "other.tsq").read_bytes()


def honest(authority: Authority, query: bytes) -> tuple[int, bytes]:
    """As it should."""
    return 200, authority.stamp(query)


@contextmanager
def serving(folder: Path) -> Iterator[Authority]:
    """The authority on a port of this machine, one question after the other."""
    authority = Authority(folder)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = self.rfile.read(int(self.headers["Content-Length"]))
            authority.asked += 1
            status, body = authority.reply(authority, query)
            self.send_response(status)
            self.send_header("Content-Type", "application/timestamp-reply")
            if authority.packed:
                self.send_header("Content-Encoding", authority.packed)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    authority.url = f"http://127.0.0.1:{server.server_port}/tsr"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield authority
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
