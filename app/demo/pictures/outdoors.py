"""Courtyards, lanes, lawns, entrances and villages."""

import random

from app.demo.pictures import parts
from app.demo.pictures.canvas import Canvas
from app.demo.pictures.light import Colour, shade
from app.demo.pictures.site import Site, paved

ROADS: tuple[Colour, ...] = ((176, 172, 162), (150, 150, 150), (186, 166, 140))


def courtyard(canvas: Canvas, chance: random.Random) -> Site:
    """Between blocks of flats: paving, a lawn on one side, trees, cars."""
    parts.sky(canvas, chance)
    paved(canvas, chance)
    side = chance.choice((-1, 1))
    edge = chance.uniform(0.0, 0.8)
    near, far = (chance.uniform(2.2, 3.2), chance.uniform(11, 15))
    lawn = (side * edge, near, side * (edge + 7), far)
    corners = [(lawn[0], near), (lawn[2], near), (lawn[2], far), (lawn[0], far)]
    parts.grass(canvas, chance, corners)
    kerb = (206, 204, 196)
    canvas.box((lawn[0], (near + far) / 2), (0.16, far - near, 0.14), kerb)
    canvas.box(((lawn[0] + lawn[2]) / 2, near), (7, 0.16, 0.14), kerb)
    shift, back = chance.uniform(-7, 7), chance.uniform(17, 24)
    _round_a_courtyard(canvas, chance, side, (shift, back))
    for _ in range(chance.randint(2, 4)):
        parts.tree(
            canvas, chance, side * (edge + chance.uniform(1.5, 6.5)), chance.uniform(7.5, far)
        )
    if chance.random() < 0.7:
        parts.hedge(
            canvas, chance, (side * (edge + 1.2), far - 0.4), (side * (edge + 6.5), far - 0.4)
        )
    parts.lamp(canvas, side * (edge - 0.35), chance.uniform(7, 10), shines=True)
    for _ in range(chance.randint(0, 2)):
        parts.car(canvas, chance, -side * chance.uniform(4.4, 6), chance.uniform(8, 14))
    return Site(
        (-side * chance.uniform(0.7, 1.2), chance.uniform(4.8, 5.8)),
        (min(lawn[0], lawn[2]), near, max(lawn[0], lawn[2]), far),
        ((shift - 8, back), (shift + 8, back)),
    )


def _round_a_courtyard(
    canvas: Canvas, chance: random.Random, side: int, at: tuple[float, float]
) -> None:
    """Three blocks: across, on the paved side, and further back over the lawn."""
    (shift, back), high = at, chance.choice((11.6, 14.5, 17.4, 20.3))
    across = (chance.uniform(17, 26), 9, high)
    parts.block(canvas, chance, (shift, back + 5), across, turn=chance.uniform(-0.2, 0.2))
    beside = (-side * chance.uniform(12, 15), chance.uniform(14, 22))
    parts.block(canvas, chance, beside, (9, 20, chance.choice((14.5, 17.4, 26.1))))
    behind = (16, 9, high * chance.uniform(1.1, 1.9))
    parts.block(canvas, chance, (shift + side * 26, back + 20), behind)


def lane(canvas: Canvas, chance: random.Random) -> Site:
    """A marked fire lane between two rows of flats."""
    parts.sky(canvas, chance)
    paved(canvas, chance)
    left, right = (-chance.uniform(3.6, 5.2), chance.uniform(3.6, 5.2))
    asphalt = chance.choice(((98, 100, 104), (112, 110, 108), (84, 88, 94)))
    canvas.patch(left + 0.9, -1, right - 0.9, 60, asphalt)
    yellow = (232, 190, 50)
    for x in (left + 1.2, right - 1.2):
        canvas.line([(x, 0.8, 0), (x, 46, 0)], 0.14, yellow)
    for number in range(4):
        y = 3.4 + number * 5.2
        for x in range(3):
            canvas.line([(-1 + x, y, 0), (-0.4 + x, y + 1.4, 0)], 0.12, yellow)
    for side, edge in ((-1, left), (1, right)):
        high = chance.choice((11.6, 14.5, 17.4, 20.3))
        parts.block(canvas, chance, (edge + side * 5, 13.0), (10, chance.uniform(15, 19), high))
        parts.block(
            canvas, chance, (edge + side * 5.5, 36), (10, 18, high * chance.uniform(0.8, 1.3))
        )
        parts.tree(canvas, chance, edge + side * 0.2, chance.uniform(22, 26))
    parts.block(canvas, chance, (chance.uniform(-8, 8), 62), (24, 9, chance.uniform(12, 30)))
    parts.lamp(canvas, left + 0.4, chance.uniform(6, 9), shines=True)
    return Site(
        (chance.uniform(-0.8, 0.8), chance.uniform(5.2, 6.4)),
        (left - 0.2, 3, left + 0.8, 20),
        ((-5, 24), (5, 24)),
        (right - 0.4, chance.uniform(8, 10)),
    )


def lawn(canvas: Canvas, chance: random.Random) -> Site:
    """A public lawn with trees and a path, flats behind."""
    parts.sky(canvas, chance)
    paved(canvas, chance)
    near = chance.uniform(2.0, 2.8)
    edge = [(-20, near), (20, near), (20, 22), (-20, 22)]
    parts.grass(canvas, chance, edge, 170)
    canvas.box((0, near), (40, 0.16, 0.14), (206, 204, 196))
    bend, side = (chance.uniform(-3, 3), chance.choice((-1, 1)))
    path = chance.choice(((196, 186, 168), (188, 158, 140), (170, 172, 172)))
    canvas.ground([(side * 3.4, near), (side * 5.0, near), (bend + 1, 22), (bend, 22)], path)
    for number in range(3):
        middle = (-22 + number * 21 + chance.uniform(-5, 5), chance.uniform(28, 40))
        parts.block(
            canvas,
            chance,
            middle,
            (chance.uniform(13, 18), 9, chance.choice((11.6, 17.4, 23.2, 31.9))),
        )
    for _ in range(chance.randint(4, 7)):
        x = chance.uniform(-11, 11)
        parts.tree(canvas, chance, x, chance.uniform(10, 20))
    parts.hedge(canvas, chance, (-side * 2, 13.5), (-side * 8, 14.5))
    parts.lamp(canvas, side * 5.3, chance.uniform(6, 9), shines=True)
    x = -side * chance.uniform(0.4, 1.2)
    return Site((x, chance.uniform(4.8, 5.8)), (x - 3, near + 0.4, x + 3, 9), ((-6, 25), (6, 25)))


def gate(canvas: Canvas, chance: random.Random) -> Site:
    """The entrance of a compound: pillars and a beam, a gatehouse, a barrier, a fence."""
    parts.sky(canvas, chance)
    paved(canvas, chance)
    stone, y = (chance.choice(parts.FACADES), chance.uniform(10, 13))
    half, high = (chance.uniform(3.4, 4.4), chance.uniform(4.2, 5.4))
    canvas.patch(-half, -1, half, 40, (112, 114, 118))
    for number in range(3):
        parts.block(
            canvas,
            chance,
            (-20 + number * 20 + chance.uniform(-4, 4), chance.uniform(30, 38)),
            (15, 9, chance.choice((17.4, 23.2, 31.9))),
        )
    for side in (-1, 1):
        parts.tree(canvas, chance, side * chance.uniform(9, 13), y + 4)
        for number in range(9):
            x = side * (half + 1.4 + number * 0.9)
            canvas.stand_box((x, y), (0.1, 0.1, 1.9), (70, 76, 86))
    style = chance.randrange(2)
    canvas.stand(0, y, lambda: _arch(canvas, y, (half, high), stone, with_sign=style == 1))
    side = chance.choice((-1, 1))
    house = (side * (half + 2.9), y - 2.2)
    canvas.stand(*house, lambda: _gatehouse(canvas, house))
    canvas.stand(0, y - 1, lambda: _barrier(canvas, half, y - 1))
    return Site(
        (-side * chance.uniform(0.6, 1.8), chance.uniform(5.0, 6.2)),
        (side * 4.4, 3, side * 10, 8) if side > 0 else (-10, 3, -4.4, 8),
        ((-half - 8, y + 0.6), (-half - 1.4, y + 0.6)),
    )


def _arch(
    canvas: Canvas, y: float, size: tuple[float, float], stone: Colour, *, with_sign: bool
) -> None:
    half, high = size
    for x in (-half - 0.6, half + 0.6):
        canvas.box((x, y), (1.2, 1.2, high), stone)
    beam = (2 * half + 3.2, 1.5, 0.9 if with_sign else 0.5)
    canvas.box((0, y), beam, shade(stone, 0.84), low=high)
    if with_sign:
        canvas.front(-half * 0.6, half * 0.6, y - 0.77, high + 0.2, high + 0.7, (186, 44, 36))


def _gatehouse(canvas: Canvas, at: tuple[float, float]) -> None:
    canvas.box(at, (2.2, 2.2, 2.5), (232, 232, 226))
    canvas.front(at[0] - 0.8, at[0] + 0.8, at[1] - 1.12, 1.0, 2.0, (96, 124, 144))
    canvas.box(at, (2.7, 2.7, 0.2), (70, 96, 130), low=2.5)


def _barrier(canvas: Canvas, half: float, y: float) -> None:
    canvas.box((-half + 0.2, y), (0.4, 0.4, 1.1), (220, 150, 40))
    step = 2 * half / 8
    for number in range(7):
        start = -half + 0.4 + number * step
        canvas.line(
            [(start, y, 1.0), (start + step, y, 1.0)],
            0.1,
            (238, 238, 236) if number % 2 else (206, 44, 40),
        )


def village(canvas: Canvas, chance: random.Random) -> Site:
    """A lane in a village: houses with pitched roofs, hills, a vegetable plot."""
    parts.sky(canvas, chance)
    _hills(canvas, chance)
    parts.grass(canvas, chance, [(-90, -2), (90, -2), (90, 120), (-90, 120)], 120)
    side, width = (chance.choice((-1, 1)), chance.uniform(2.6, 3.6))
    off = side * 1.9
    _road(canvas, chance, off, width)
    for number in range(3):
        x, wide = side * (chance.uniform(9.5, 11.5) + number * 1.5), chance.uniform(7, 9)
        size = (wide, 7, chance.choice((3.4, 6.2)))
        parts.house(canvas, chance, (x, 11 + number * 11), size)
    across = (-side * chance.uniform(11, 15), chance.uniform(17, 24))
    parts.house(canvas, chance, across, (9, 7, chance.choice((3.4, 6.2))))
    for _ in range(chance.randint(2, 4)):
        parts.tree(canvas, chance, -side * chance.uniform(5.5, 12), chance.uniform(9, 20))
    parts.lamp(canvas, off + side * (width + 0.4), chance.uniform(7, 9), shines=True)
    front, x = (11 - 3.5, side * 9.0)
    plot = (-7.0, 2.6, -0.4, 9.0) if side > 0 else (0.4, 2.6, 7.0, 9.0)
    return Site(
        (side * chance.uniform(0.4, 1.2), chance.uniform(4.6, 5.6)),
        plot,
        ((x - 3, front), (x + 3, front)),
        (off - side * (width + 0.3), chance.uniform(7, 8.5)),
    )


def _hills(canvas: Canvas, chance: random.Random) -> None:
    for number in range(4):
        x = -110 + number * 62 + chance.uniform(-16, 16)
        top = (x + chance.uniform(-14, 14), 130, chance.uniform(20, 42))
        colour = shade((104, 136, 120), 0.9 + number * 0.07)
        canvas.face([(x - 62, 130, 0), (x + 62, 130, 0), top], colour)


def _road(canvas: Canvas, chance: random.Random, off: float, width: float) -> None:
    """A road that begins to one side and bends."""
    colour, bend = chance.choice(ROADS), chance.uniform(-7, 7)
    middle, half = off + bend * 0.2, width * 0.9
    near = [(off - width, -2.0), (off + width, -2.0), (middle + half, 14.0)]
    far = [(width * 0.7 + bend, 46.0), (-width * 0.7 + bend, 46.0), (middle - half, 14.0)]
    canvas.ground([*near, *far], colour)
