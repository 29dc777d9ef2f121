"""What a place offers to whatever is wrong in it, and the paving most have."""

import random
from dataclasses import dataclass

from app.demo.pictures.canvas import Canvas
from app.demo.pictures.light import Colour, shade

Ground = tuple[float, float]
Rectangle = tuple[float, float, float, float]


PAVINGS: tuple[Colour, ...] = (
    *((166, 164, 158), (128, 130, 134), (188, 172, 150), (150, 158, 160), (176, 150, 132)),
)


@dataclass(frozen=True)
class Site:
    """Where in a place something can be wrong, in metres.

    `spot` is open ground; `lawn` is left, near, right, far; `wall` runs from left to right; `post`
    is where a lamp stands beside a road (None: in the open).
    """

    spot: Ground
    lawn: Rectangle
    wall: tuple[Ground, Ground]
    post: Ground | None = None


def paved(canvas: Canvas, chance: random.Random) -> None:
    """Paving to the horizon, with joints."""
    colour = chance.choice(PAVINGS)
    canvas.patch(-90, -2, 90, 120, colour)
    joint, step = (shade(colour, 0.9), chance.choice((1.2, 1.8, 2.6)))
    if chance.random() < 0.75:
        for number in range(1, 12):
            canvas.line([(-14, number * step, 0), (14, number * step, 0)], 0.03, joint)
        for number in range(-8, 9):
            x = number * step
            canvas.line([(x, 0.9, 0), (x, 24, 0)], 0.03, joint)
