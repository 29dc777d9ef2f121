"""What lies about on the ground before it is cleared away."""

import random

from app.demo.pictures.canvas import Canvas, Point
from app.demo.pictures.light import Colour, shade
from app.demo.pictures.site import Site

CARTONS: tuple[Colour, ...] = ((186, 142, 92), (168, 124, 78), (204, 164, 114), (150, 116, 80))

BAGS: tuple[Colour, ...] = (
    (40, 42, 48),
    (78, 92, 130),
    (168, 52, 46),
    (232, 230, 222),
    (70, 120, 84),
)

BINS: tuple[Colour, ...] = ((52, 98, 176), (66, 140, 74), (190, 60, 52), (104, 108, 112))


def bag(canvas: Canvas, x: float, y: float, size: float, colour: Colour) -> None:
    """A tied bag of rubbish."""

    def draw() -> None:
        canvas.ball((x, y, size * 0.8), size, colour, flat=0.86)
        canvas.ball((x - size * 0.3, y, size * 1.05), size * 0.42, shade(colour, 1.25), flat=0.7)
        canvas.line([(x, y, size * 1.5), (x + size * 0.14, y, size * 1.9)], size * 0.3, colour)

    canvas.stand(x, y, draw)


def bin_(canvas: Canvas, x: float, y: float, colour: Colour, *, shut: bool) -> None:
    """A wheeled bin, its lid shut or thrown back."""

    def draw() -> None:
        canvas.box((x, y), (0.56, 0.6, 0.95), colour)
        canvas.front(x - 0.18, x + 0.18, y - 0.31, 0.45, 0.75, (236, 236, 230))
        if shut:
            canvas.box((x, y), (0.62, 0.66, 0.09), shade(colour, 0.72), low=0.95)
        else:
            canvas.front(x - 0.3, x + 0.3, y + 0.3, 0.9, 1.45, shade(colour, 0.72))

    canvas.stand(x, y, draw)


def clutter(canvas: Canvas, site: Site, chance: random.Random, before: bool) -> None:
    """Cartons, planks and buckets; afterwards the ground is free."""
    if not before:
        return
    x, y = site.spot
    for _ in range(chance.randint(8, 13)):
        size = (chance.uniform(0.3, 0.62), chance.uniform(0.3, 0.5), chance.uniform(0.22, 0.5))
        place = (x + chance.gauss(0, 0.62), y + chance.gauss(0.1, 0.42))
        low = chance.choice((0.0, 0.0, 0.4))
        colour, turn = (chance.choice(CARTONS), chance.uniform(-0.7, 0.7))
        canvas.stand_box(place, size, colour, low=low, turn=turn)
    for _ in range(4):
        start = (x + chance.uniform(-1.2, 0.3), y + chance.uniform(0.2, 0.9))
        end = (start[0] + chance.uniform(0.7, 1.3), start[1] + 0.1)
        top = chance.uniform(0.05, 0.9)
        points = [(*start, 0.04), (*end, top)]
        canvas.stand_line(start, points, 0.13, (172, 136, 92))
    canvas.stand_box((x - 0.9, y - 0.5), (0.3, 0.3, 0.32), (66, 110, 170))


def furniture(canvas: Canvas, site: Site, chance: random.Random, before: bool) -> None:
    """A worn sofa, a mattress against something, a cupboard without a door."""
    if not before:
        return
    x, y = site.spot
    cloth = chance.choice(((150, 60, 60), (86, 108, 92), (98, 92, 132), (176, 140, 96)))
    wood = chance.choice(((136, 92, 60), (166, 124, 84), (104, 76, 60)))

    def sofa() -> None:
        canvas.box((x - 0.2, y + 0.36), (1.8, 0.22, 0.9), shade(cloth, 0.86))
        for side in (-1.1, 0.7):
            canvas.box((x + side, y), (0.24, 0.8, 0.62), shade(cloth, 0.92))
        canvas.box((x - 0.2, y), (1.6, 0.76, 0.42), cloth)
        canvas.line([(x - 0.2, y - 0.39, 0.05), (x - 0.2, y - 0.39, 0.42)], 0.03, shade(cloth, 0.6))

    def cupboard() -> None:
        canvas.box((x + 1.3, y + 0.5), (0.8, 0.5, 1.7), wood)
        canvas.front(x + 0.96, x + 1.3, y + 0.24, 0.1, 1.6, shade(wood, 0.5))
        canvas.line([(x + 1.34, y + 0.24, 0.9), (x + 1.4, y + 0.24, 0.9)], 0.05, (220, 200, 120))

    def mattress() -> None:
        corners: list[Point] = [
            (x - 1.9, y + 0.5, 0),
            (x - 0.9, y + 0.9, 0),
            (x - 0.8, y + 1.1, 1.7),
            (x - 1.8, y + 0.7, 1.7),
        ]
        canvas.face(corners, (224, 216, 200), turn=0.95)
        for row in range(1, 5):
            seam = [
                (x - 1.9 + row * 0.02, y + 0.5 + row * 0.04, row * 0.34),
                (x - 0.9 + row * 0.02, y + 0.9 + row * 0.04, row * 0.34),
            ]
            canvas.line(seam, 0.02, (178, 170, 160))

    canvas.stand(x + 1.3, y + 0.5, cupboard)
    canvas.stand(x - 1.4, y + 0.8, mattress)
    canvas.stand(x, y, sofa)


def rubbish(canvas: Canvas, site: Site, chance: random.Random, before: bool) -> None:
    """Bags and scraps on the ground; afterwards it is swept."""
    if not before:
        return
    x, y = site.spot
    canvas.blot((x, y), 1.1, (118, 112, 100), [chance.uniform(0.7, 1.15) for _ in range(14)])
    for _ in range(chance.randint(9, 15)):
        bag(
            canvas,
            x + chance.gauss(0, 0.6),
            y + chance.gauss(0, 0.4),
            chance.uniform(0.13, 0.26),
            chance.choice(BAGS),
        )
    scraps(canvas, (x, y), chance, 26)


def scraps(canvas: Canvas, middle: tuple[float, float], chance: random.Random, count: int) -> None:
    """Bits of paper, peel and plastic round a place."""
    for _ in range(count):
        x, y = (middle[0] + chance.gauss(0, 0.95), middle[1] + chance.gauss(0, 0.6))
        colour = chance.choice(
            ((238, 236, 228), (206, 70, 60), (90, 150, 200), (214, 186, 120), (110, 150, 80))
        )
        turn, size = (chance.uniform(0, 3), chance.uniform(0.05, 0.11))
        canvas.blot((x, y), size, colour, [1.0, 0.7 + 0.2 * turn / 3, 1.1, 0.6])


def full_bins(canvas: Canvas, site: Site, chance: random.Random, before: bool) -> None:
    """Bins that run over; afterwards emptied and shut."""
    x, y = site.spot
    for number, colour in enumerate(BINS):
        left = x - 1.35 + number * 0.9
        bin_(canvas, left, y, colour, shut=not before)
        if before:
            for _ in range(4):
                _heaped(canvas, left + chance.uniform(-0.2, 0.2), y, chance)
    if before:
        for _ in range(chance.randint(8, 12)):
            bag(
                canvas,
                x + chance.uniform(-1.7, 1.7),
                y - 0.55 + chance.uniform(-0.3, 0.1),
                chance.uniform(0.15, 0.25),
                chance.choice(BAGS),
            )
        scraps(canvas, (x, y - 0.9), chance, 18)


def _heaped(canvas: Canvas, x: float, y: float, chance: random.Random) -> None:
    colour, size, high = (
        chance.choice(BAGS),
        chance.uniform(0.16, 0.24),
        chance.uniform(0.98, 1.22),
    )
    canvas.stand(x, y - 0.02, lambda: canvas.ball((x, y, high), size, colour, flat=0.9))


def unsorted(canvas: Canvas, site: Site, chance: random.Random, before: bool) -> None:
    """Mixed bags hung on and put before the sorted bins; afterwards only the bins, labelled."""
    x, y = site.spot
    for number, colour in enumerate(BINS):
        left = x - 1.35 + number * 0.9
        bin_(canvas, left, y, colour, shut=not before or number > 1)
        if before and number < 3:
            _heaped(canvas, left, y, chance)
    if before:
        for number in range(5):
            bag(canvas, x - 1.3 + number * 0.62, y - 0.5, chance.uniform(0.16, 0.2), BAGS[number])
        carton = (x + 1.5, y - 0.6)
        canvas.stand_box(carton, (0.6, 0.4, 0.5), CARTONS[0], low=0.0, turn=0.3)


def rubble(canvas: Canvas, site: Site, chance: random.Random, before: bool) -> None:
    """A heap of building rubble with bricks and sacks; afterwards the ground is level."""
    if not before:
        return
    x, y = site.spot
    canvas.blot((x, y), 1.5, (160, 150, 138), [chance.uniform(0.8, 1.1) for _ in range(16)])
    for layer in range(42):
        share = layer / 42
        place = (x + chance.gauss(0, 0.75 * (1 - share)), y + chance.gauss(0, 0.4 * (1 - share)))
        colour = chance.choice(
            ((188, 184, 176), (150, 144, 136), (178, 92, 66), (206, 198, 182), (120, 116, 112))
        )
        size = chance.uniform(0.1, 0.26)
        box = (size * 1.4, size, size * 0.8)
        canvas.stand_box(place, box, colour, low=share * 0.6, turn=chance.uniform(0, 3))
    for number in range(3):
        bag(canvas, x - 1.4 + number * 0.36, y - 0.5, 0.24, (224, 220, 206))
