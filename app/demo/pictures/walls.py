"""What is wrong on walls and before them."""

import random
from math import cos, pi, sin

from app.demo.pictures.canvas import Canvas
from app.demo.pictures.light import Colour, shade
from app.demo.pictures.parts import along
from app.demo.pictures.site import Site

SLIPS: tuple[Colour, ...] = (
    *((250, 232, 92), (242, 242, 238), (240, 120, 100), (130, 200, 226), (250, 180, 70)),
)


def wires(canvas: Canvas, site: Site, chance: random.Random, before: bool) -> None:
    """A cable hung from a window to charge a scooter; afterwards only the scooter stands there."""
    x, y = ((site.wall[0][0] + site.wall[1][0]) / 2, site.wall[0][1] - 0.7)
    colour = chance.choice(((196, 54, 50), (60, 110, 170), (240, 200, 70), (70, 70, 76)))
    scooters = chance.randint(1, 2)
    for number in range(scooters):
        _scooter(canvas, x - 0.5 + number * 1.3, y, colour)
    if not before:
        return
    for strand in range(scooters + 1):
        top = (x + chance.uniform(-1.6, 1.6), y + 0.62, chance.uniform(3.0, 4.4))
        end = (x - 0.3 + strand * 1.0, y - 0.05, 0.7)
        points = sagging(top, end, chance.uniform(0.5, 1.0))
        canvas.stand_line((x, y - 0.1), points, 0.035, (36, 36, 40))
    strip = (x + 0.1, y - 0.25)
    canvas.stand_box(strip, (0.45, 0.1, 0.07), (242, 240, 234))


def sagging(
    start: tuple[float, float, float], end: tuple[float, float, float], sag: float
) -> list[tuple[float, float, float]]:
    points = []
    for step in range(17):
        share = step / 16
        x, y, z = (a + (b - a) * share for a, b in zip(start, end, strict=True))
        points.append((x, y, max(0.05, z - sag * 4 * share * (1 - share))))
    return points


def _scooter(canvas: Canvas, x: float, y: float, colour: Colour) -> None:

    def draw() -> None:
        for wheel in (-0.55, 0.55):
            canvas.ball((x + wheel, y, 0.24), 0.24, (34, 34, 36))
            canvas.ball((x + wheel, y, 0.24), 0.1, (170, 172, 174))
        body = [
            (-0.5, 0.3),
            (-0.55, 0.72),
            (-0.05, 0.78),
            (0.05, 0.4),
            (0.35, 0.4),
            (0.5, 0.85),
            (0.6, 0.8),
            (0.5, 0.28),
        ]
        canvas.face([(x + dx, y - 0.05, z) for dx, z in body], colour)
        canvas.line(
            [(x + 0.5, y, 0.8), (x + 0.42, y, 1.05), (x + 0.3, y, 1.08)], 0.05, (60, 60, 64)
        )
        canvas.line([(x - 0.55, y - 0.06, 0.78), (x - 0.02, y - 0.06, 0.8)], 0.1, (40, 40, 42))

    canvas.stand(x, y, draw)


def fumes(canvas: Canvas, site: Site, chance: random.Random, before: bool) -> None:
    """A kitchen's pipe that blows onto the wall, grease below; afterwards a hood, a clean wall."""
    (left, y), (right, _) = site.wall
    x = (left + right) / 2 + chance.uniform(-0.7, 0.7)
    if before:
        rim = [chance.uniform(0.5, 0.9) for _ in range(14)]
        _patch(canvas, (x, y - 0.02, 2.1), rim, (126, 110, 84))
        for _ in range(26):
            at, wide = x + chance.gauss(0, 0.34), chance.uniform(0.03, 0.08)
            begins, ends = chance.uniform(1.6, 2.2), chance.uniform(0.1, 1.5)
            run = [(at - wide, begins), (at + wide, begins), (at + wide / 3, ends), (at, ends)]
            grease = shade((104, 86, 60), chance.uniform(0.75, 1.15))
            canvas.face([(across, y - 0.03, high) for across, high in run], grease, turn=0.85)
        for number in range(12):
            puff = (x + number * 0.14 + chance.gauss(0, 0.1), y - 0.6, 2.4 + number * 0.17)
            grey = shade((184, 182, 178), chance.uniform(0.9, 1.12))
            canvas.ball(puff, 0.12 + number * 0.03 * chance.uniform(0.8, 1.3), grey)
    else:
        canvas.box((x, y - 0.4), (1.0, 0.6, 0.7), (206, 210, 214), low=2.0)
        canvas.line([(x, y - 0.4, 2.7), (x, y - 0.4, 6.0)], 0.26, (196, 200, 204))
    canvas.box((x, y - 0.25), (0.34, 0.5, 0.34), (150, 152, 154), low=2.1)


def falling(canvas: Canvas, site: Site, chance: random.Random, before: bool) -> None:
    """Render that comes off a façade over the door; afterwards patched, a barrier gone."""
    (left, y), (right, _) = site.wall
    x = (left + right) / 2 + chance.uniform(-0.6, 0.6)
    rim = [chance.uniform(0.6, 1.2) for _ in range(12)]
    _patch(canvas, (x, y - 0.03, 3.0), rim, (150, 142, 130) if before else (226, 222, 212))
    if not before:
        return
    _patch(canvas, (x + 0.1, y - 0.04, 3.05), [each * 0.6 for each in rim], (176, 96, 70))
    for number in range(3):
        crack = [
            (x + 0.4 * number - 0.5, y - 0.05, 4.2),
            (x + 0.3 * number - 0.3, y - 0.05, 3.4),
            (x + 0.5 * number - 0.4, y - 0.05, 2.6),
        ]
        canvas.line(crack, 0.035, (70, 64, 60))
    for _ in range(12):
        place = (x + chance.gauss(0, 0.7), y - 0.6 + chance.gauss(0, 0.3))
        size = chance.uniform(0.06, 0.18)
        canvas.stand_box(place, (size, size, size * 0.5), (206, 200, 188))


def _patch(
    canvas: Canvas, middle: tuple[float, float, float], rim: list[float], colour: Colour
) -> None:
    step = 2 * pi / len(rim)
    canvas.face(
        [
            (
                middle[0] + share * 1.1 * cos(step * n),
                middle[1],
                middle[2] + share * 0.8 * sin(step * n),
            )
            for n, share in enumerate(rim)
        ],
        colour,
    )


def posters(canvas: Canvas, site: Site, chance: random.Random, before: bool) -> None:
    """Slips pasted and stamped all over a wall; afterwards painted over."""
    if not before:
        canvas.upright(along(site.wall, 0.1), along(site.wall, 0.9), 0.45, 1.72, (236, 234, 226))
        return
    for _ in range(chance.randint(18, 26)):
        share, low = (chance.uniform(0.12, 0.82), chance.uniform(0.55, 1.3))
        wide, high = (chance.uniform(0.03, 0.08), chance.uniform(0.16, 0.34))
        start, end = (along(site.wall, share), along(site.wall, share + wide))
        canvas.upright(start, end, low, low + high, chance.choice(SLIPS))
        for line in range(3):
            level = low + high * (0.25 + 0.25 * line)
            canvas.line(
                [(*start, level), (*along(site.wall, share + wide * 0.8), level)],
                0.018,
                (70, 40, 40),
            )


def board(canvas: Canvas, site: Site, chance: random.Random, before: bool) -> None:
    """A notice board with torn and missing sheets; afterwards complete."""
    (left, _), (right, y) = site.wall
    x, y = ((left + right) / 2 + chance.uniform(-0.4, 0.4), y - 0.5)
    frame = chance.choice(((186, 50, 44), (60, 100, 150), (110, 116, 122), (40, 120, 90)))

    def draw() -> None:
        for side in (-1.6, 1.6):
            canvas.line([(x + side, y, 0), (x + side, y, 2.4)], 0.1, (120, 124, 128))
        canvas.front(x - 1.7, x + 1.7, y - 0.02, 0.8, 2.3, frame)
        canvas.front(x - 1.58, x + 1.58, y - 0.03, 0.9, 2.06, (236, 238, 232))
        for number, colour in enumerate(
            ((214, 66, 56), (240, 190, 70), (84, 150, 200), (110, 170, 96))
        ):
            start = x - 1.5 + number * 0.76
            torn = before and number in (1, 3)
            if before and number == 2:
                continue
            sheet = [
                (start, y - 0.04, 0.96),
                (start + 0.68, y - 0.04, 0.96),
                (start + 0.68, y - 0.04, 2.0),
                (start, y - 0.04, 2.0),
            ]
            if torn:
                sheet = [
                    *sheet[:1],
                    (start + 0.3, y - 0.04, 1.2),
                    (start + 0.5, y - 0.04, 1.5),
                    (start + 0.68, y - 0.04, 1.6),
                    *sheet[2:],
                ]
            canvas.face(sheet, shade(colour, 0.75) if torn else colour)
            canvas.front(start + 0.08, start + 0.6, y - 0.05, 1.75, 1.88, (248, 244, 232))

    canvas.stand(x, y, draw)
