"""What the hour does to colours: the sky, the tint of everything, lit windows."""

from bisect import bisect_right
from dataclasses import dataclass

Colour = tuple[int, int, int]


@dataclass(frozen=True)
class Light:
    """The sky from its top to the horizon, the tint of what it falls on, and whether it is dark.

    `flash` is how much brighter the nearest things are: a phone lights them at night.
    """

    top: Colour
    horizon: Colour
    tint: tuple[float, float, float]
    dark: bool = False
    flash: float = 0.0

    def on(self, colour: Colour, share: float = 1.0, metres: float = 20.0) -> Colour:
        """A colour as it looks in this light, `share` of it by how the face is turned."""
        near = self.flash / (1 + (metres / 7) ** 2)
        red, green, blue = (
            min(255, int(level * (tint * share + near)))
            for level, tint in zip(colour, self.tint, strict=True)
        )
        return red, green, blue


_NIGHT = Light((14, 20, 44), (46, 54, 88), (0.34, 0.38, 0.50), dark=True, flash=0.2)
_BY_HOUR: tuple[tuple[float, Light], ...] = (
    (0.0, _NIGHT),
    (6.0, Light((150, 178, 212), (252, 216, 186), (0.90, 0.86, 0.84))),
    (8.0, Light((118, 174, 226), (222, 236, 244), (1.0, 0.99, 0.97))),
    (11.5, Light((96, 160, 220), (208, 230, 246), (1.02, 1.02, 1.02))),
    (15.5, Light((124, 164, 206), (248, 224, 188), (1.04, 0.98, 0.89))),
    (17.0, Light((84, 98, 150), (244, 166, 120), (0.84, 0.74, 0.72))),
    (18.5, _NIGHT),
)
_OVERCAST = Light((176, 188, 198), (220, 224, 226), (0.93, 0.95, 0.97))


def light_at(hour: float, *, overcast: bool = False) -> Light:
    """The light of an hour of the day (0–24, Asia/Shanghai)."""
    hours = [begins for begins, _ in _BY_HOUR]
    light = _BY_HOUR[bisect_right(hours, hour % 24) - 1][1]
    return _OVERCAST if overcast and not light.dark and 8 <= hour < 17 else light


def shade(colour: Colour, share: float) -> Colour:
    """A colour a share darker (below 1) or lighter."""
    red, green, blue = (min(255, int(level * share)) for level in colour)
    return red, green, blue


def between(one: Colour, other: Colour, share: float) -> Colour:
    """The colour a share of the way from one to another."""
    red, green, blue = (int(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue
