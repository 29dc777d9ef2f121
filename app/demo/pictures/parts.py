"""What places are put together from: the sky, blocks of flats, trees, lamps, cars, fences."""

import random
from collections.abc import Sequence

from app.demo.pictures.canvas import Canvas, footprint
from app.demo.pictures.light import Colour, between, shade

Ground = tuple[float, float]
FACADES: tuple[Colour, ...] = (
    *((232, 214, 178), (198, 122, 96), (176, 196, 204), (236, 226, 206), (204, 180, 134)),
    *((226, 178, 150), (168, 184, 160), (222, 204, 110), (178, 158, 176), (146, 160, 182)),
)
ROOFS: tuple[Colour, ...] = ((150, 74, 60), (86, 96, 112), (120, 108, 96), (72, 116, 120))
LEAVES: tuple[Colour, ...] = ((74, 124, 58), (92, 140, 66), (58, 104, 62), (150, 152, 62))
CARS: tuple[Colour, ...] = (
    *((226, 228, 230), (44, 46, 52), (150, 30, 34), (52, 84, 142), (150, 154, 158)),
    (196, 170, 60),
)
GLASS: tuple[Colour, ...] = ((104, 134, 152), (84, 108, 128), (128, 156, 168), (70, 88, 104))
LIT: tuple[Colour, ...] = ((252, 222, 142), (250, 206, 120), (236, 236, 214))


def sky(canvas: Canvas, chance: random.Random) -> None:
    """From its top to the horizon, with clouds by day and a few stars by night."""
    dice = random.Random(chance.random())
    horizon = int(canvas.pixel((0.0, 1.0, -canvas.eye.pitch))[1])
    light, bands = (canvas.light, 24)
    for band in range(bands):
        top = horizon * band // bands
        colour = between(light.top, light.horizon, band / (bands - 1))
        canvas.pen.rectangle((0, top, canvas.width, horizon * (band + 1) // bands), fill=colour)
    canvas.pen.rectangle((0, horizon, canvas.width, canvas.height), fill=light.horizon)
    for _ in range(dice.randint(2, 5)):
        x, y = dice.uniform(0, 1), dice.uniform(0.08, 0.6)
        if light.dark:
            _star(canvas, x, y, horizon)
        else:
            _cloud(canvas, dice, x, y, horizon)


def _star(canvas: Canvas, x: float, y: float, horizon: int) -> None:
    left, top, size = (x * canvas.width, y * horizon, canvas.width / 500)
    canvas.pen.ellipse((left, top, left + size, top + size), fill=(220, 224, 236))


def _cloud(canvas: Canvas, dice: random.Random, x: float, y: float, horizon: int) -> None:
    colour = between(canvas.light.horizon, (255, 255, 255), 0.6)
    size = canvas.width * dice.uniform(0.03, 0.06)
    for part in range(5):
        left, high = (
            x * canvas.width + (part - 2) * size * 0.9,
            size * (0.5, 0.8, 1, 0.7, 0.4)[part],
        )
        top = y * horizon - high / 2
        canvas.pen.ellipse((left - size, top, left + size, top + high), fill=colour)


def block(
    canvas: Canvas,
    chance: random.Random,
    middle: Ground,
    size: tuple[float, float, float],
    *,
    turn: float = 0.0,
) -> None:
    """A block of flats in a style of its own: metres wide, deep and high."""
    colour, trim = (chance.choice(FACADES), chance.choice(FACADES))
    bay, storey = (chance.uniform(2.6, 3.6), 2.9)
    style, seed = (chance.randrange(4), chance.random())

    def draw() -> None:
        for start, end in canvas.sides_seen(footprint(middle, size[0], size[1], turn)):
            canvas.upright(start, end, 0, size[2], colour)
            canvas.upright(start, end, 0, 0.9, shade(colour, 0.72))
            _windows(canvas, random.Random(seed), (start, end), size[2], (bay, storey), style, trim)
            canvas.upright(start, end, size[2], size[2] + 0.5, shade(trim, 0.86))

    canvas.stand(*middle, draw)


def _windows(
    canvas: Canvas,
    chance: random.Random,
    side: tuple[Ground, Ground],
    high: float,
    step: tuple[float, float],
    style: int,
    trim: Colour,
) -> None:
    """Rows of windows on a side; every style has its own share of glass, bands or balconies."""
    (x1, y1), (x2, y2) = side
    length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5
    columns, floors = (max(1, round(length / step[0])), max(1, round(high / step[1])))
    left, right = ((0.22, 0.78), (0.12, 0.88), (0.3, 0.7), (0.2, 0.8))[style]
    if style == 3:
        for floor in range(1, floors):
            low = floor * high / floors
            canvas.upright((x1, y1), (x2, y2), low - 0.12, low + 0.16, trim)
    for floor in range(floors):
        low = floor * high / floors
        for column in range(columns):
            at = [(column + share) / columns for share in (left, right)]
            ends = [(x1 + (x2 - x1) * share, y1 + (y2 - y1) * share) for share in at]
            shines = chance.random() < 0.4 and canvas.light.dark
            glass = LIT[chance.randrange(3)] if shines else GLASS[chance.randrange(3)]
            canvas.upright(ends[0], ends[1], low + 1.0, low + 2.4, (238, 238, 232))
            canvas.upright(
                along(ends, 0.06), along(ends, 0.94), low + 1.08, low + 2.3, glass, lit=not shines
            )
            if style == 1 and column % 2 == 0:
                canvas.upright(ends[0], ends[1], low + 0.5, low + 1.1, trim)
            elif style == 0 and chance.random() < 0.35:
                canvas.upright(
                    along(ends, 0.25), along(ends, 0.75), low + 0.45, low + 0.9, (222, 224, 222)
                )


def along(ends: Sequence[Ground], share: float) -> Ground:
    """The place a share of the way from one end to the other."""
    (x1, y1), (x2, y2) = ends
    return (x1 + (x2 - x1) * share, y1 + (y2 - y1) * share)


def house(
    canvas: Canvas, chance: random.Random, middle: Ground, size: tuple[float, float, float]
) -> None:
    """A village house of one or two storeys under a pitched roof."""
    wall, roof = (
        chance.choice(((238, 234, 224), (214, 196, 168), (226, 214, 196))),
        chance.choice(ROOFS),
    )
    wide, deep, high = size
    seed = chance.random()

    def draw() -> None:
        canvas.box(middle, size, wall)
        front = middle[1] - deep / 2
        side = ((middle[0] - wide / 2, front), (middle[0] + wide / 2, front))
        _windows(canvas, random.Random(seed), side, high, (3.0, 2.9), 0, wall)
        door = middle[0] + wide * 0.04
        canvas.front(door - 0.6, door + 0.6, front - 0.02, 0, 2.1, (120, 62, 44))
        eaves = [(-0.5, -0.4, 0.0), (0.5, -0.4, 0.0), (0.42, 0.5, 2.0), (-0.42, 0.5, 2.0)]
        canvas.face(
            [
                (middle[0] + x * (wide + 1), front + (y + 0.4) * deep * 0.55 - 0.4, high + z)
                for x, y, z in eaves
            ],
            roof,
        )

    canvas.stand(*middle, draw)


def tree(canvas: Canvas, chance: random.Random, x: float, y: float) -> None:
    """A round, tall or pointed tree."""
    kind, high, colour = (chance.randrange(3), chance.uniform(4.0, 7.5), chance.choice(LEAVES))
    seed = chance.random()

    def draw() -> None:
        dice = random.Random(seed)
        canvas.line([(x, y, 0), (x, y, high * 0.6)], 0.22, (104, 82, 62))
        if kind == 2:
            for step in range(5):
                low, wide = (high * (0.2 + step * 0.16), high * 0.25 * (1 - step * 0.17))
                canvas.face(
                    [(x - wide, y, low), (x + wide, y, low), (x, y, low + high * 0.3)],
                    shade(colour, 0.8 + step * 0.06),
                )
            return
        for number in range(11):
            share = number / 10
            canvas.ball(
                (
                    x + dice.gauss(0, high * 0.11),
                    y,
                    high * (0.52 + 0.36 * dice.random()) + (high * 0.1 if kind else 0),
                ),
                high * dice.uniform(0.12, 0.17),
                shade(colour, 0.78 + share * 0.4),
                flat=1.25 if kind else 0.9,
            )

    canvas.stand(x, y, draw)


def lamp(canvas: Canvas, x: float, y: float, *, shines: bool) -> None:
    """A street lamp; a lit one is seen at night only."""

    def draw() -> None:
        canvas.line([(x, y, 0), (x, y, 4.2), (x + 0.7, y, 4.4)], 0.11, (88, 94, 100))
        glows = shines and canvas.light.dark
        if glows:
            canvas.ball((x + 0.7, y, 4.3), 0.55, (150, 138, 104), lit=False)
        canvas.ball(
            (x + 0.7, y, 4.3),
            0.24,
            (255, 240, 190) if glows else (214, 212, 200),
            flat=0.6,
            lit=not glows,
        )

    canvas.stand(x, y, draw)


def car(canvas: Canvas, chance: random.Random, x: float, y: float) -> None:
    """A parked car, its length along y, its tail to the photographer."""
    colour = chance.choice(CARS)

    def draw() -> None:
        for dx in (-0.74, 0.74):
            for dy in (1.35, -1.35):
                canvas.box((x + dx, y + dy), (0.26, 0.62, 0.6), (32, 32, 34))
        canvas.box((x, y), (1.75, 4.3, 0.58), colour, low=0.3)
        _cabin(canvas, (x, y + 0.2), colour)
        tail = y - 2.16
        canvas.front(x - 0.875, x + 0.875, tail, 0.3, 0.44, shade(colour, 0.72))
        for left in (x - 0.82, x + 0.5):
            canvas.front(left, left + 0.32, tail, 0.62, 0.78, (184, 38, 34))
        canvas.front(x - 0.23, x + 0.23, tail, 0.5, 0.63, (38, 84, 166))

    canvas.stand(x, y, draw)


def _cabin(canvas: Canvas, middle: Ground, colour: Colour) -> None:
    """Glass that leans inwards under a roof."""
    low, high = 0.88, 1.46
    below, above = (footprint(middle, *size, 0.0) for size in ((1.66, 2.7), (1.3, 1.6)))
    corners = dict(zip(below, above, strict=True))
    for start, end in canvas.sides_seen(below):
        ends = [(*start, low), (*end, low), (*corners[end], high), (*corners[start], high)]
        canvas.face(ends, (62, 76, 88), turn=0.9)
        for one in (start, end):
            canvas.line([(*one, low), (*corners[one], high)], 0.09, shade(colour, 0.86))
    canvas.box(middle, (1.34, 1.64, 0.08), colour, low=high)


def hedge(canvas: Canvas, chance: random.Random, start: Ground, end: Ground) -> None:
    """A clipped hedge between two places."""
    colour, seed = (chance.choice(LEAVES), chance.random())

    def draw() -> None:
        dice = random.Random(seed)
        for number in range(15):
            share = number / 14
            x, y = along((start, end), share)
            canvas.ball((x, y, 0.42), 0.5, shade(colour, dice.uniform(0.8, 1.1)), flat=0.85)

    canvas.stand((start[0] + end[0]) / 2, (start[1] + end[1]) / 2, draw)


def grass(
    canvas: Canvas, chance: random.Random, corners: Sequence[Ground], count: int = 90
) -> None:
    """A lawn with tufts."""
    green = chance.choice(((112, 152, 78), (128, 160, 84), (100, 140, 80), (150, 160, 92)))
    canvas.ground(corners, green)
    x1, x2 = (min((x for x, _ in corners)), max((x for x, _ in corners)))
    y1, y2 = (min((y for _, y in corners)), max((y for _, y in corners)))
    for _ in range(count):
        x, y = (chance.uniform(x1, x2), y1 + (y2 - y1) * chance.random() ** 2)
        canvas.line(
            [(x, y, 0), (x + chance.uniform(-0.05, 0.05), y, 0.14)],
            0.035,
            shade(green, chance.choice((0.8, 0.88, 1.12))),
        )
