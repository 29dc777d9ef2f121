"""A waste station, the foot of a wall, a stairwell."""

import random

from app.demo.pictures import parts
from app.demo.pictures.canvas import Canvas
from app.demo.pictures.light import Colour, shade
from app.demo.pictures.site import Site, paved


def station(canvas: Canvas, chance: random.Random) -> Site:
    """A waste station: a roof over a back wall, four sorted bins."""
    parts.sky(canvas, chance)
    paved(canvas, chance)
    for number in range(2):
        parts.block(
            canvas,
            chance,
            (-13 + number * 25 + chance.uniform(-5, 5), chance.uniform(22, 30)),
            (15, 9, chance.choice((14.5, 20.3, 26.1))),
        )
    for x in (-8.5, 8.5):
        parts.tree(canvas, chance, x + chance.uniform(-1.5, 1.5), 12)
    y, half = (chance.uniform(7.4, 8.6), chance.uniform(3.0, 3.6))
    wall = chance.choice(((66, 132, 110), (74, 118, 168), (206, 198, 180), (120, 150, 84)))
    roof = chance.choice(((54, 92, 122), (120, 70, 58), (88, 94, 98), (40, 110, 84)))

    def shed() -> None:
        canvas.front(-half, half, y, 0, 2.5, wall)
        canvas.front(-half * 0.8, half * 0.8, y - 0.02, 1.55, 2.2, (240, 240, 234))
        for x in (-half, half):
            canvas.line([(x, y - 1.7, 0), (x, y - 1.7, 2.7)], 0.12, (110, 116, 122))
        lid = [
            (-half - 0.4, y - 2.0, 2.6),
            (half + 0.4, y - 2.0, 2.6),
            (half + 0.4, y + 0.2, 3.1),
            (-half - 0.4, y + 0.2, 3.1),
        ]
        canvas.face(lid, roof)
        canvas.front(-half - 0.4, half + 0.4, y - 2.0, 2.5, 2.72, shade(roof, 0.8))

    canvas.stand(0, y + 0.3, shed)
    return Site((0.0, y - 1.2), (-9, 5, -5, 11), ((-half, y), (half, y)))


def wall(canvas: Canvas, chance: random.Random) -> Site:
    """The foot of a block of flats from close by: a wall, a door, windows, a strip of pavement."""
    parts.sky(canvas, chance)
    paved(canvas, chance)
    y = chance.uniform(6.4, 7.8)
    colour, trim = (chance.choice(parts.FACADES), chance.choice(parts.FACADES))
    canvas.front(-26, 26, y, 0, 14, colour)
    canvas.front(-26, 26, y, 0, 0.8, shade(trim, 0.7))
    _brickwork(canvas, chance, y, colour)
    canvas.front(-26, 26, y, 3.1, 3.3, trim)
    door = chance.choice((-1, 1)) * chance.uniform(3.6, 5.0)
    step = chance.uniform(3.0, 3.8)
    for column in range(-4, 5):
        x = column * step + 0.8
        free = abs(x) < 3.4 or abs(x - door) < 2
        _windows(canvas, random.Random(chance.random()), (x, y), trim, lowest=1 if free else 0)
    wood = chance.choice(((96, 66, 52), (70, 82, 96), (128, 42, 38)))
    canvas.front(door - 0.8, door + 0.8, y - 0.02, 0, 2.3, wood)
    canvas.box((door, y - 0.5), (2.4, 1.0, 0.16), shade(trim, 0.8), low=2.6)
    canvas.box((door, y - 0.4), (2.2, 0.8, 0.14), (188, 186, 180))
    pipe = -door + chance.uniform(-0.6, 0.6)
    canvas.line([(pipe, y - 0.08, 0), (pipe, y - 0.08, 12)], 0.13, shade(trim, 0.9))
    for column in range(-2, 3):
        if chance.random() < 0.5:
            _cooler(canvas, column * step + 0.8 + step / 2, y)
    return Site((-door * 0.12, y - 1.7), (-2, 2.4, 2, 4), ((-2.6, y), (2.6, y)))


def _windows(
    canvas: Canvas, dice: random.Random, at: tuple[float, float], trim: Colour, *, lowest: int
) -> None:
    """The windows over one another from a storey on, with sills above the ground floor."""
    x, y = at
    for floor in range(lowest, 4):
        low, shines = floor * 3.1 + 1.1, dice.random() < 0.4 and canvas.light.dark
        glass = parts.LIT[dice.randrange(3)] if shines else parts.GLASS[dice.randrange(3)]
        canvas.front(x - 0.85, x + 0.85, y - 0.02, low, low + 1.5, (240, 240, 236))
        pane = (low + 0.08, low + 1.42)
        canvas.front(x - 0.76, x + 0.76, y - 0.03, *pane, glass, lit=not shines)
        if floor:
            canvas.box((x, y - 0.3), (1.9, 0.5, 0.12), shade(trim, 0.9), low=low - 0.2)


def _brickwork(canvas: Canvas, chance: random.Random, y: float, colour: Colour) -> None:
    """Courses of brick or panels, or plain render."""
    kind = chance.randrange(3)
    if kind == 0:
        for course in range(1, 24):
            canvas.line([(-14, y, course * 0.3), (14, y, course * 0.3)], 0.025, shade(colour, 0.9))
    elif kind == 1:
        for column in range(-9, 10):
            x = column * 1.5
            canvas.line([(x, y, 0.8), (x, y, 9)], 0.03, shade(colour, 0.88))


def _cooler(canvas: Canvas, x: float, y: float) -> None:
    """An air conditioner on its bracket."""
    canvas.box((x, y - 0.22), (0.8, 0.4, 0.55), (228, 230, 228), low=3.5)
    canvas.ball((x - 0.12, y - 0.44, 3.77), 0.2, (120, 124, 126))


def stairwell(canvas: Canvas, chance: random.Random) -> Site:
    """A landing: painted dado, two doors, steps that go up, a window over them."""
    half, back, high = (chance.uniform(1.7, 2.1), chance.uniform(5.2, 6.2), 2.9)
    paint = chance.choice(((236, 232, 220), (226, 230, 232), (240, 226, 206)))
    dado = chance.choice(((120, 158, 132), (112, 142, 174), (168, 150, 132), (150, 156, 160)))
    floor = chance.choice(((168, 164, 156), (150, 146, 140), (176, 160, 142)))
    canvas.pen.rectangle((0, 0, canvas.width, canvas.height), fill=canvas.light.on(paint, 0.8, 4))
    canvas.patch(-half, -2, half, back, floor)
    canvas.face(
        [(-half, -2, high), (half, -2, high), (half, back, high), (-half, back, high)],
        paint,
        turn=0.86,
    )
    for x, light in ((-half, 0.92), (half, 0.82)):
        canvas.face([(x, -2, 0), (x, back, 0), (x, back, high), (x, -2, high)], paint, turn=light)
        canvas.face([(x, -2, 0), (x, back, 0), (x, back, 1.2), (x, -2, 1.2)], dado, turn=light)
    canvas.front(-half, half, back, 0, high, paint)
    canvas.front(-half, half, back, 0, 1.2, dado)
    left = chance.choice((-1, 1))
    glass, wide = ((60, 70, 100) if canvas.light.dark else (206, 228, 240), half * 0.8)
    x = -left * half * 0.45
    canvas.front(x - wide / 2, x + wide / 2, back - 0.01, 1.75, 2.6, (240, 240, 238))
    canvas.front(
        x - wide / 2 + 0.08, x + wide / 2 - 0.08, back - 0.02, 1.83, 2.52, glass, lit=False
    )
    _steps(canvas, left, half, back)
    for number in range(2):
        y = 2.6 + number * 1.7
        _door(canvas, -left * half, y, chance)
    side = sorted([(-left * half * 0.98, back), (left * half * 0.06, back)])
    return Site((-left * half * 0.25, chance.uniform(3.6, 4.2)), (-1, 2, 1, 4), (side[0], side[1]))


def _steps(canvas: Canvas, left: int, half: float, back: float) -> None:
    """Steps against the back wall on one side, with a rail."""
    inner, outer = (left * half * 0.1, left * half)
    for number in range(6):
        y, low = (back - 1.8 + number * 0.3, number * 0.17)
        canvas.front(min(inner, outer), max(inner, outer), y, low, low + 0.17, (196, 192, 184))
        canvas.face(
            [
                (inner, y, low + 0.17),
                (outer, y, low + 0.17),
                (outer, y + 0.3, low + 0.17),
                (inner, y + 0.3, low + 0.17),
            ],
            (212, 208, 200),
        )
    canvas.line([(inner, back - 1.8, 0.9), (inner, back - 0.1, 1.9)], 0.06, (120, 70, 50))
    for number in range(5):
        y = back - 1.75 + number * 0.4
        canvas.line(
            [(inner, y, number * 0.22), (inner, y, 0.9 + number * 0.24)], 0.03, (110, 112, 116)
        )


def _door(canvas: Canvas, x: float, y: float, chance: random.Random) -> None:
    colour = chance.choice(((150, 60, 44), (92, 66, 52), (60, 84, 100), (112, 88, 60)))
    inward = -0.01 if x > 0 else 0.01
    for widen, paint in ((0.08, (206, 200, 190)), (0.0, colour)):
        canvas.face(
            [
                (x + inward, y - 0.5 - widen, 0),
                (x + inward, y + 0.5 + widen, 0),
                (x + inward, y + 0.5 + widen, 2.1 + widen),
                (x + inward, y - 0.5 - widen, 2.1 + widen),
            ],
            paint,
            turn=0.9,
        )
    canvas.ball((x + inward * 4, y - 0.35, 1.0), 0.05, (220, 190, 90))
