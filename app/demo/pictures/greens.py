"""What is wrong with greens before it is put right."""

import random

from app.demo.pictures.canvas import Canvas
from app.demo.pictures.light import Colour, shade
from app.demo.pictures.litter import scraps
from app.demo.pictures.parts import tree
from app.demo.pictures.site import Site

SOIL: Colour = (122, 92, 66)


def garden(canvas: Canvas, site: Site, chance: random.Random, before: bool) -> None:
    """Vegetable beds dug into the lawn; afterwards grass again, paler where it was sown."""
    left, right, near, far = bed(site)
    corners = [(left, near), (right, near), (right, far), (left, far)]
    canvas.ground(corners, SOIL if before else (164, 184, 110))
    if not before:
        for _ in range(140):
            x, y = (chance.uniform(left, right), chance.uniform(near, far))
            canvas.line([(x, y, 0), (x + 0.02, y, 0.1)], 0.03, (120, 164, 76))
        return
    rows, leaf = (
        chance.randint(4, 6),
        chance.choice(((86, 164, 66), (110, 174, 80), (72, 140, 74))),
    )
    for row in range(rows):
        y = near + (far - near) * (row + 0.5) / rows
        canvas.line([(left, y + 0.14, 0), (right, y + 0.14, 0)], 0.1, shade(SOIL, 0.72))
        for number in range(9):
            x = left + (right - left) * (number + 0.5) / 9 + chance.uniform(-0.06, 0.06)
            plant(canvas, x, y, shade(leaf, chance.uniform(0.85, 1.15)), chance.uniform(0.1, 0.17))
    if chance.random() < 0.6:
        for number in range(5):
            x = left + (right - left) * number / 4
            _pole(canvas, x, far, 1.5)


def bed(site: Site) -> tuple[float, float, float, float]:
    x1, y1, x2, _ = site.lawn
    middle, half = ((x1 + x2) / 2, min(1.9, (x2 - x1) / 2 - 0.5))
    middle = max(-2.3, min(2.3, middle))
    return (middle - half, middle + half, y1 + 0.8, y1 + 3.6)


def plant(canvas: Canvas, x: float, y: float, colour: Colour, size: float) -> None:
    canvas.stand(x, y, lambda: canvas.ball((x, y, size), size, colour, flat=0.8))


def _pole(canvas: Canvas, x: float, y: float, high: float) -> None:
    canvas.stand_line((x, y), [(x, y, 0), (x + 0.1, y, high)], 0.04, (206, 184, 130))


def dirty_green(canvas: Canvas, site: Site, chance: random.Random, before: bool) -> None:
    """Litter strewn over a lawn; afterwards picked up."""
    if before:
        left, right, near, far = bed(site)
        for _ in range(4):
            middle = (chance.uniform(left, right), chance.uniform(near, far))
            scraps(canvas, middle, chance, 16)


def bare_green(canvas: Canvas, site: Site, chance: random.Random, before: bool) -> None:
    """Bare soil and a dead shrub; afterwards planted anew."""
    left, right, near, far = bed(site)
    middle = ((left + right) / 2, (near + far) / 2)
    rim = [chance.uniform(0.75, 1.15) for _ in range(16)]
    canvas.blot(middle, 1.7, (168, 144, 110) if before else (142, 110, 80), rim)
    if before:
        for _ in range(3):
            x, y = (middle[0] + chance.uniform(-1, 1), middle[1] + chance.uniform(-0.7, 0.7))
            twigs = [
                [(x, y, 0), (x + chance.uniform(-0.4, 0.4), y, chance.uniform(0.5, 1.0))]
                for _ in range(5)
            ]
            for twig in twigs:
                canvas.stand_line((x, y), twig, 0.03, (128, 104, 80))
        return
    for number in range(26):
        x = middle[0] + (number % 7 - 3) * 0.42 + chance.uniform(-0.06, 0.06)
        y = middle[1] + (number // 7 - 1.5) * 0.6
        plant(canvas, x, y, chance.choice(((96, 158, 84), (74, 136, 70), (206, 92, 110))), 0.19)


def building(canvas: Canvas, site: Site, chance: random.Random, before: bool) -> None:
    """A shed of coloured steel put up without leave; afterwards only its pale footprint."""
    left, right, near, _ = bed(site)
    x, y = ((left + right) / 2, near + 2.6)
    steel = chance.choice(((70, 122, 176), (176, 190, 200), (196, 84, 66), (94, 146, 120)))
    size = (chance.uniform(2.6, 3.4), 2.4, chance.uniform(2.1, 2.6))
    canvas.patch(x - 1.8, y - 1.5, x + 1.8, y + 1.5, (198, 190, 172))
    if not before:
        for _ in range(40):
            tuft = (x + chance.uniform(-1.7, 1.7), y + chance.uniform(-1.4, 1.4))
            canvas.line([(*tuft, 0), (*tuft, 0.09)], 0.03, (128, 160, 84))
        return

    def shed() -> None:
        canvas.box((x, y), size, steel)
        front = y - size[1] / 2 - 0.01
        for number in range(9):
            stripe = x - size[0] / 2 + size[0] * number / 9
            canvas.line([(stripe, front, 0), (stripe, front, size[2])], 0.03, shade(steel, 0.8))
        canvas.front(x - 0.4, x + 0.4, front, 0, 1.9, shade(steel, 0.55))
        canvas.box((x, y), (size[0] + 0.5, size[1] + 0.5, 0.12), shade(steel, 0.75), low=size[2])

    canvas.stand(x, y, shed)
    for number in range(5):
        place = (x + size[0] / 2 + 0.5, y - 1.2 + number * 0.02)
        low = number * 0.09
        canvas.stand_box(place, (0.7, 0.4, 0.09), (178, 92, 66), low=low)


def dead_tree(canvas: Canvas, site: Site, chance: random.Random, before: bool) -> None:
    """A leaning dead tree; afterwards a young one in its place."""
    left, right, near, far = bed(site)
    x, y = ((left + right) / 2, (near + far) / 2 + 1)
    if not before:
        canvas.disc((x, y), 0.6, (142, 110, 80))
        tree(canvas, chance, x, y)
        return
    lean = chance.choice((-1, 1)) * 1.3
    for number in range(7):
        level = 1.0 + number * 0.35
        start = (x + lean * level / 3.5, y, level)
        end = (start[0] + chance.uniform(-0.9, 0.9), y, level + chance.uniform(0.2, 0.8))
        canvas.stand_line((x, y), [start, end], 0.06, (134, 112, 90))
    canvas.stand_line((x, y), [(x, y, 0), (x + lean, y, 3.5)], 0.2, (120, 98, 78))
