"""A clock that tests move."""

from datetime import UTC, datetime, timedelta


class MovableClock:
    """Shows the real time until it is set or moved; once set it stands still until moved."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Show the real time again."""
        self._standing: datetime | None = None
        self._offset = timedelta()

    def __call__(self) -> datetime:
        """The instant shown, aware, in UTC."""
        return (self._standing or datetime.now(UTC)) + self._offset

    def set(self, instant: datetime) -> None:
        """Stop the clock at an aware instant."""
        if instant.tzinfo is None:
            raise ValueError("an instant needs an offset")
        self._standing, self._offset = instant.astimezone(UTC), timedelta()

    def move(self, span: timedelta) -> None:
        """Turn the clock forward, or back by a negative span."""
        self._offset += span
