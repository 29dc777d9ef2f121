"""Ctrl-C, noted when it comes and obeyed between two steps."""

import signal
from types import FrameType, TracebackType
from typing import Any, Self


class CtrlC:
    """Notes Ctrl-C while a block runs; a second one interrupts at once.

    Python raises KeyboardInterrupt in whatever code the signal meets: in a weak reference's
    callback it is printed and lost, and what was to be broken off goes on.
    """

    def __init__(self) -> None:
        self._came = False
        self._before: Any = None

    def __enter__(self) -> Self:
        self._before = signal.signal(signal.SIGINT, self._note)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        signal.signal(signal.SIGINT, self._before)

    def obey(self) -> None:
        """Raises KeyboardInterrupt once it was pressed."""
        if self._came:
            raise KeyboardInterrupt

    def _note(self, _signal: int, _frame: FrameType | None) -> None:
        self.obey()
        self._came = True
