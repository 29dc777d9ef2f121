"""The application in a process of its own, to be killed: `python -m tests.journeys.serve PORT`.

With a file named it stops for good half-way through the body of a photo, after making the file.
"""

import sys
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from werkzeug.serving import make_server

from app import create_app
from tests.servers import _Silent


def stalling(app: Any, half_way: Path) -> Callable[[dict[str, Any], Any], Iterable[bytes]]:
    """An application that never gets to the end of a photo."""

    def answer(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "POST" and environ["PATH_INFO"].endswith("/photos"):
            environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]) // 2)
            half_way.touch()
            threading.Event().wait()
        found: Iterable[bytes] = app(environ, start)
        return found

    return answer


def main(port: int, half_way: Path | None) -> None:
    """Serves until killed."""
    app = create_app()
    served = stalling(app, half_way) if half_way else app
    make_server("127.0.0.1", port, served, threaded=True, request_handler=_Silent).serve_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
