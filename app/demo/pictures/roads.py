"""What is wrong with roads, drains, lines and lamps."""

import random

from app.demo.pictures.canvas import Canvas
from app.demo.pictures.litter import scraps
from app.demo.pictures.parts import car
from app.demo.pictures.site import Site
from app.demo.pictures.walls import sagging


def cables(canvas: Canvas, site: Site, chance: random.Random, before: bool) -> None:
    """Lines that hang down over the way; afterwards they are fastened high up."""
    x, y = site.spot
    for number in range(3):
        sag = chance.uniform(2.0, 3.3) if before and number != 1 else 0.35
        start, end = (
            (x - 5.5, y + 1.6 + number * 0.3, 4.3),
            (x + 5.5, y + 1.2 + number * 0.5, 4.5),
        )
        points = sagging(start, end, sag)
        canvas.stand_line((x, y + 1.2 + number * 0.3), points, 0.045, (30, 30, 34))
    if before:
        loose = sagging((x + 0.6, y + 1.2, 1.6), (x - 0.5, y + 0.6, 0.05), 0.3)
        canvas.stand_line((x, y), loose, 0.045, (30, 30, 34))


def sewage(canvas: Canvas, site: Site, chance: random.Random, before: bool) -> None:
    """Dirty water over the pavement from a bucket or a pipe; afterwards washed and dry."""
    x, y = site.spot
    rim = [chance.uniform(0.6, 1.3) for _ in range(18)]
    if before:
        canvas.blot((x, y), 1.6, (96, 96, 80), rim)
        canvas.blot((x + 0.2, y + 0.1), 1.2, (118, 120, 96), rim)
        canvas.blot((x - 0.2, y + 0.3), 0.5, (176, 186, 178), rim)
        canvas.ground(
            [(x - 0.2, y - 0.8), (x + 0.1, y - 0.8), (x + 0.8, y - 3), (x + 0.4, y - 3)],
            (96, 96, 80),
        )
        canvas.stand_box((x + 1.2, y + 0.5), (0.36, 0.36, 0.4), (206, 84, 66))
    _grate(canvas, x + 1.9, y + 0.6)


def drain(canvas: Canvas, site: Site, chance: random.Random, before: bool) -> None:
    """A manhole that wells up; afterwards dry with its cover on."""
    x, y = site.spot
    if before:
        rim = [chance.uniform(0.7, 1.25) for _ in range(18)]
        canvas.blot((x, y), 1.9, (92, 98, 92), rim)
        canvas.blot((x, y), 1.2, (122, 132, 124), rim)
        scraps(canvas, (x, y), chance, 10)
    canvas.disc((x, y), 0.46, (74, 76, 80))
    canvas.disc((x, y), 0.38, (60, 66, 62) if before else (104, 106, 110))
    if before:
        canvas.stand(x, y, lambda: canvas.ball((x, y, 0.06), 0.3, (150, 162, 156), flat=0.5))
        lid = (x + 0.9, y + 0.3)
        canvas.stand(*lid, lambda: canvas.blot(lid, 0.42, (110, 112, 116), [1.0] * 14))
    else:
        for number in range(-2, 3):
            canvas.line(
                [(x - 0.28, y + number * 0.13, 0), (x + 0.28, y + number * 0.13, 0)],
                0.025,
                (80, 82, 86),
            )


def _grate(canvas: Canvas, x: float, y: float) -> None:
    canvas.patch(x - 0.3, y - 0.2, x + 0.3, y + 0.2, (70, 72, 74))
    for number in range(4):
        left = x - 0.22 + number * 0.14
        canvas.line([(left, y - 0.18, 0), (left, y + 0.18, 0)], 0.04, (130, 132, 134))


def fire_lane(canvas: Canvas, site: Site, chance: random.Random, before: bool) -> None:
    """A car left on the marked lane; afterwards the lane is free."""
    if not before:
        return
    x, y = site.spot
    car(canvas, chance, x, y + 1.6)
    if chance.random() < 0.6:
        car(canvas, chance, x + chance.uniform(-0.4, 0.4), y + 7.2)


def pothole(canvas: Canvas, site: Site, chance: random.Random, before: bool) -> None:
    """A broken surface with loose stones; afterwards a darker, level patch."""
    x, y = site.spot
    rim = [chance.uniform(0.7, 1.25) for _ in range(15)]
    if not before:
        canvas.patch(x - 1.4, y - 0.9, x + 1.4, y + 1, (76, 78, 82))
        return
    canvas.blot((x, y), 1.3, (112, 104, 94), rim)
    canvas.blot((x + 0.05, y + 0.08), 1.0, (86, 78, 68), rim)
    canvas.blot((x, y + 0.1), 0.5, (128, 140, 146), rim)
    for _ in range(16):
        place = (x + chance.gauss(0, 0.8), y + chance.gauss(0, 0.5))
        size = chance.uniform(0.05, 0.13)
        canvas.stand_box(place, (size, size, size * 0.6), (150, 142, 132))


def lighting(canvas: Canvas, site: Site, chance: random.Random, before: bool) -> None:
    """A lamp post bent and dark; afterwards upright, and lit at night."""
    x, y = site.post or (site.spot[0], site.spot[1] + 2.4)
    lean = (-0.9 if x > 0 else 0.9) if before else 0.0
    dark = canvas.light.dark

    def draw() -> None:
        canvas.line([(x, y, 0), (x + lean * 0.4, y, 2.0), (x + lean, y, 3.6)], 0.14, (96, 102, 108))
        if before:
            hangs = x + lean * 1.3
            canvas.line([(x + lean, y, 3.6), (hangs, y, 3.2)], 0.04, (40, 40, 44))
            canvas.ball((hangs, y, 3.1), 0.22, (120, 120, 116), flat=0.7)
            return
        if dark:
            canvas.ball((x, y, 3.7), 0.8, (120, 110, 86), lit=False)
        canvas.ball((x, y, 3.7), 0.3, (255, 244, 200) if dark else (236, 234, 222), lit=not dark)

    if dark and not before:
        for radius, colour in (
            (2.9, (120, 116, 104)),
            (2.1, (170, 162, 138)),
            (1.2, (226, 214, 178)),
        ):
            canvas.disc((x, y), radius, colour)
    canvas.stand(x, y, draw)
    if before:
        canvas.stand_box((x + lean / 2, y - 0.3), (0.3, 0.2, 0.1), (190, 196, 200))
