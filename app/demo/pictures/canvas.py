"""A sheet seen by a pinhole camera: metres in, pixels out.

x is to the right, y away from the photographer, z up; the ground is z = 0. What stands further
away is drawn first: `stand` keeps things back until `settle` draws them in that order.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw

from app.demo.pictures.light import Colour, Light, shade

Point = tuple[float, float, float]
_NEAR = 0.35
_SUN = (-0.46, -0.58, 0.67)


@dataclass(frozen=True)
class Eye:
    """Where the photographer stands and looks: metres, radians, focal length in picture widths."""

    x: float = 0.0
    y: float = 0.0
    z: float = 1.55
    yaw: float = 0.0
    pitch: float = -0.06
    focal: float = 0.82


class Canvas:
    """Draws faces, boxes, rounds and lines in the light of the hour."""

    def __init__(self, picture: Image.Image, eye: Eye, light: Light) -> None:
        self.pen = ImageDraw.Draw(picture)
        self.width, self.height = picture.size
        self.eye, self.light = eye, light
        self._focal = eye.focal * self.width
        self._yaw = math.cos(eye.yaw), math.sin(eye.yaw)
        self._pitch = math.cos(eye.pitch), math.sin(eye.pitch)
        self._standing: list[tuple[float, int, Callable[[], None]]] = []

    def seen(self, point: Point) -> Point:
        """A point in the camera's own directions: right, away, up."""
        x, y, z = point[0] - self.eye.x, point[1] - self.eye.y, point[2] - self.eye.z
        cosine, sine = self._yaw
        x, y = x * cosine + y * sine, y * cosine - x * sine
        cosine, sine = self._pitch
        return x, y * cosine + z * sine, z * cosine - y * sine

    def pixel(self, seen: Point) -> tuple[float, float]:
        """Where a point in front of the camera falls on the sheet."""
        scale = self._focal / seen[1]
        return self.width / 2 + seen[0] * scale, self.height / 2 - seen[2] * scale

    def metres_to(self, x: float, y: float) -> float:
        """How far away a place on the ground is."""
        return math.hypot(x - self.eye.x, y - self.eye.y)

    def stand(self, x: float, y: float, draw: Callable[[], None]) -> None:
        """Keeps something that stands at a place until what is behind it is drawn."""
        self._standing.append((-self.metres_to(x, y), len(self._standing), draw))

    def stand_box(
        self,
        at: tuple[float, float],
        size: Point,
        colour: Colour,
        *,
        low: float = 0.0,
        turn: float = 0.0,
    ) -> None:
        """Keeps a box until what is behind it is drawn."""
        self.stand(*at, lambda: self.box(at, size, colour, low=low, turn=turn))

    def stand_line(
        self, at: tuple[float, float], points: Sequence[Point], metres: float, colour: Colour
    ) -> None:
        """Keeps a line until what is behind that place is drawn."""
        self.stand(*at, lambda: self.line(points, metres, colour))

    def settle(self) -> None:
        """Draws what stands, the furthest first."""
        for _, _, draw in sorted(self._standing, key=lambda each: each[:2]):
            draw()
        self._standing.clear()

    def face(
        self, corners: Sequence[Point], colour: Colour, *, turn: float = 1.0, lit: bool = True
    ) -> None:
        """A flat face; `turn` is its share of the light, `lit` False shines by itself."""
        ahead = _before_the_lens([self.seen(corner) for corner in corners])
        if len(ahead) < 3:
            return
        metres = sum(each[1] for each in ahead) / len(ahead)
        paint = self.light.on(colour, turn, metres) if lit else colour
        self.pen.polygon([self.pixel(each) for each in ahead], fill=paint)

    def ground(self, corners: Iterable[tuple[float, float]], colour: Colour) -> None:
        """A patch of the ground."""
        self.face([(x, y, 0.0) for x, y in corners], colour)

    def patch(self, left: float, near: float, right: float, far: float, colour: Colour) -> None:
        """A rectangle of the ground, square to the axes."""
        self.ground([(left, near), (right, near), (right, far), (left, far)], colour)

    def front(
        self,
        left: float,
        right: float,
        y: float,
        low: float,
        high: float,
        colour: Colour,
        *,
        lit: bool = True,
    ) -> None:
        """An upright rectangle that faces the photographer."""
        self.upright((left, y), (right, y), low, high, colour, lit=lit)

    def upright(
        self,
        start: tuple[float, float],
        end: tuple[float, float],
        low: float,
        high: float,
        colour: Colour,
        *,
        lit: bool = True,
    ) -> None:
        """An upright rectangle between two places of the ground, lit by how it is turned."""
        (x1, y1), (x2, y2) = start, end
        self.face(
            [(x1, y1, low), (x2, y2, low), (x2, y2, high), (x1, y1, high)],
            colour,
            turn=_turned(y2 - y1, x1 - x2),
            lit=lit,
        )

    def box(
        self,
        middle: tuple[float, float],
        size: Point,
        colour: Colour,
        *,
        low: float = 0.0,
        turn: float = 0.0,
    ) -> None:
        """A box on the ground or at a height, turned about its middle; its lid is lighter."""
        corners = footprint(middle, size[0], size[1], turn)
        high = low + size[2]
        away = self.sides_seen(corners)
        for start, end in away:
            self.upright(start, end, low, high, colour)
        if self.eye.z > high:
            self.face([(x, y, high) for x, y in corners], shade(colour, 1.12))
        elif self.eye.z < low:
            self.face([(x, y, low) for x, y in corners], shade(colour, 0.6))

    def sides_seen(
        self, corners: list[tuple[float, float]]
    ) -> list[tuple[tuple[float, float], tuple[float, float]]]:
        """The sides of a footprint (counter-clockwise) that look at the photographer."""
        sides = zip(corners, [*corners[1:], corners[0]], strict=True)
        found = []
        for (x1, y1), (x2, y2) in sides:
            normal = y2 - y1, x1 - x2
            if normal[0] * (self.eye.x - x1) + normal[1] * (self.eye.y - y1) > 0:
                found.append(((x1, y1), (x2, y2)))
        return found

    def ball(
        self, middle: Point, radius: float, colour: Colour, *, flat: float = 1.0, lit: bool = True
    ) -> None:
        """A round thing; `flat` is its height over its width."""
        seen = self.seen(middle)
        if seen[1] < _NEAR:
            return
        x, y = self.pixel(seen)
        wide = radius * self._focal / seen[1]
        paint = self.light.on(colour, 1.0, seen[1]) if lit else colour
        self.pen.ellipse((x - wide, y - wide * flat, x + wide, y + wide * flat), fill=paint)

    def disc(self, middle: tuple[float, float], radius: float, colour: Colour) -> None:
        """A round patch of the ground."""
        self.blot(middle, radius, colour, [1.0] * 20)

    def blot(
        self, middle: tuple[float, float], radius: float, colour: Colour, shares: Sequence[float]
    ) -> None:
        """A patch of the ground whose rim lies at shares of a radius all the way round."""
        step = 2 * math.pi / len(shares)
        self.ground(
            [
                (
                    middle[0] + radius * share * math.cos(step * number),
                    middle[1] + radius * share * math.sin(step * number),
                )
                for number, share in enumerate(shares)
            ],
            colour,
        )

    def line(
        self, points: Sequence[Point], metres: float, colour: Colour, *, lit: bool = True
    ) -> None:
        """A line of a width in metres through points in front of the camera."""
        ahead = [seen for seen in map(self.seen, points) if seen[1] >= _NEAR]
        if len(ahead) < 2:
            return
        away = sum(each[1] for each in ahead) / len(ahead)
        paint = self.light.on(colour, 1.0, away) if lit else colour
        wide = max(1, round(metres * self._focal / away))
        self.pen.line([self.pixel(each) for each in ahead], fill=paint, width=wide, joint="curve")


def _turned(x: float, y: float) -> float:
    """The share of light on an upright face with this outward normal."""
    length = math.hypot(x, y) or 1.0
    return 0.80 + 0.24 * max(-0.6, (x * _SUN[0] + y * _SUN[1]) / length)


def footprint(
    middle: tuple[float, float], wide: float, deep: float, turn: float
) -> list[tuple[float, float]]:
    """The corners of a rectangle on the ground, counter-clockwise, turned about its middle."""
    cosine, sine = math.cos(turn), math.sin(turn)
    half = [
        (-wide / 2, -deep / 2),
        (wide / 2, -deep / 2),
        (wide / 2, deep / 2),
        (-wide / 2, deep / 2),
    ]
    return [(middle[0] + x * cosine - y * sine, middle[1] + x * sine + y * cosine) for x, y in half]


def _before_the_lens(corners: list[Point]) -> list[Point]:
    """The part of a polygon in front of the camera."""
    if all(corner[1] >= _NEAR for corner in corners):
        return corners
    kept: list[Point] = []
    for here, after in zip(corners, [*corners[1:], corners[0]], strict=True):
        if here[1] >= _NEAR:
            kept.append(here)
        if (here[1] >= _NEAR) != (after[1] >= _NEAR):
            share = (_NEAR - here[1]) / (after[1] - here[1])
            kept.append(
                (
                    here[0] + (after[0] - here[0]) * share,
                    _NEAR,
                    here[2] + (after[2] - here[2]) * share,
                )
            )
    return kept
