"""What a made-up corner of a compound looks like, and what is wrong with it before it is fixed."""

import random
from collections.abc import Callable, Mapping

from PIL.ImageDraw import ImageDraw

WIDTH, HEIGHT = 1740, 1310
GROUND = 820

Colour = tuple[int, int, int]
FACADES: tuple[Colour, ...] = ((214, 196, 170), (196, 202, 205), (205, 178, 158), (222, 214, 190))
CARTONS: tuple[Colour, ...] = ((176, 132, 84), (158, 116, 70), (190, 150, 102))
BAGS: tuple[Colour, ...] = ((32, 34, 38), (70, 82, 120), (150, 44, 40), (225, 222, 214))


def draw_place(pen: ImageDraw, chance: random.Random) -> None:
    """The corner itself: sky, a block of flats, pavement, lawn, trees and a lamp."""
    _sky(pen)
    _building(pen, chance)
    _ground(pen, chance)
    for _ in range(chance.randint(2, 3)):
        _tree(pen, chance, chance.randint(60, 560), GROUND + chance.randint(-20, 40))
    lamp = chance.randint(1350, 1600)
    pen.rectangle((lamp, 330, lamp + 14, GROUND + 60), fill=(84, 88, 92))
    pen.ellipse((lamp - 34, 300, lamp + 48, 350), fill=(236, 232, 214))


def _sky(pen: ImageDraw) -> None:
    for y in range(0, GROUND, 4):
        share = y / GROUND
        pen.rectangle(
            (0, y, WIDTH, y + 4),
            fill=(int(140 + 70 * share), int(176 + 44 * share), int(214 + 18 * share)),
        )


def _building(pen: ImageDraw, chance: random.Random) -> None:
    facade = chance.choice(FACADES)
    left, right, top = chance.randint(180, 320), chance.randint(1240, 1420), chance.randint(40, 110)
    pen.rectangle((left, top, right, GROUND), fill=facade)
    pen.rectangle((left - 16, top - 18, right + 16, top), fill=_darker(facade, 0.7))
    columns, floors = 6, 5
    step_x, step_y = (right - left) / columns, (GROUND - top) / floors
    for floor in range(floors):
        for column in range(columns):
            corner = (left + column * step_x, top + floor * step_y)
            _window(pen, chance, corner, (step_x, step_y), facade)
    door = left + int(step_x * 2.6)
    pen.rectangle((door, GROUND - 130, door + 96, GROUND), fill=(86, 60, 48))
    pen.rectangle((door - 16, GROUND - 150, door + 112, GROUND - 130), fill=_darker(facade, 0.6))


def _window(
    pen: ImageDraw,
    chance: random.Random,
    corner: tuple[float, float],
    step: tuple[float, float],
    facade: Colour,
) -> None:
    x, y = corner[0] + step[0] * 0.2, corner[1] + step[1] * 0.2
    wide, high = step[0] * 0.56, step[1] * 0.5
    glass = chance.choice(((70, 86, 100), (96, 112, 124), (54, 64, 78), (150, 158, 150)))
    pen.rectangle((x - 6, y - 6, x + wide + 6, y + high + 6), fill=(232, 232, 226))
    pen.rectangle((x, y, x + wide, y + high), fill=glass)
    pen.line((x + wide / 2, y, x + wide / 2, y + high), fill=(226, 226, 220), width=5)
    if chance.random() < 0.5:
        pen.rectangle(
            (x + wide * 0.3, y + high + 8, x + wide * 0.8, y + high + 40), fill=(216,) * 3
        )
    if chance.random() < 0.4:
        pen.rectangle(
            (x - 8, y + high * 0.6, x + wide + 8, y + high + 6), outline=_darker(facade, 0.4)
        )


def _ground(pen: ImageDraw, chance: random.Random) -> None:
    pen.rectangle((0, GROUND, WIDTH, HEIGHT), fill=(150, 148, 142))
    pen.polygon(((0, GROUND), (760, GROUND), (560, HEIGHT), (0, HEIGHT)), fill=(96, 128, 66))
    for _ in range(900):
        x, y = chance.randint(0, 740), chance.randint(GROUND, HEIGHT)
        if x < 760 - (y - GROUND) * 0.41:
            pen.line((x, y, x + chance.randint(-5, 5), y - 14), fill=_near((88, 124, 58), chance))
    for x in range(800, WIDTH + 400, 130):
        pen.line((x, GROUND, x + (x - 900) * 0.7, HEIGHT), fill=(132, 130, 124), width=3)
    for y in (860, 920, 1010, 1140):
        pen.line((700 - (y - GROUND) * 0.3, y, WIDTH, y), fill=(132, 130, 124), width=3)


def _tree(pen: ImageDraw, chance: random.Random, x: int, foot: int) -> None:
    height = chance.randint(260, 420)
    pen.rectangle((x - 12, foot - height * 0.5, x + 12, foot), fill=(92, 72, 54))
    for _ in range(60):
        leaf_x = x + chance.gauss(0, 60)
        leaf_y = foot - height * 0.75 + chance.gauss(0, 70)
        radius = chance.randint(18, 42)
        box = (leaf_x - radius, leaf_y - radius, leaf_x + radius, leaf_y + radius)
        pen.ellipse(box, fill=_near((62, 102, 52), chance))


def clutter(pen: ImageDraw, chance: random.Random, before: bool) -> None:
    """Cartons, planks and an old cupboard by the entrance; afterwards the pavement is free."""
    if not before:
        return
    pen.rectangle((1040, 800, 1200, 1030), fill=(120, 84, 58), outline=(70, 48, 34), width=4)
    pen.line((1120, 804, 1120, 1026), fill=(70, 48, 34), width=4)
    for _ in range(22):
        x, y = chance.randint(820, 1380), chance.randint(960, 1120)
        wide, high = chance.randint(60, 150), chance.randint(50, 120)
        colour = _near(chance.choice(CARTONS), chance)
        pen.rectangle(
            (x, y - high, x + wide, y), fill=colour, outline=_darker(colour, 0.6), width=3
        )
        pen.line((x, y - high * 0.5, x + wide, y - high * 0.5), fill=_darker(colour, 0.8), width=5)
    for _ in range(7):
        x, y = chance.randint(800, 1200), chance.randint(1000, 1140)
        tilt = chance.randint(-90, 20)
        pen.line((x, y, x + 320, y + tilt), fill=_near((150, 118, 76), chance), width=16)


def garden(pen: ImageDraw, chance: random.Random, before: bool) -> None:
    """Vegetable beds dug into the lawn; afterwards grass again, paler where it was sown."""
    soil = (104, 76, 52) if before else (128, 152, 84)
    pen.polygon(((60, 920), (640, 920), (520, 1230), (10, 1230)), fill=soil)
    if not before:
        for _ in range(700):
            x, y = chance.randint(40, 560), chance.randint(930, 1225)
            pen.line((x, y, x + 3, y - 12), fill=_near((132, 164, 80), chance))
        return
    for row in range(6):
        y = 950 + row * 48
        pen.line((50 - row * 6, y + 16, 620 - row * 18, y + 16), fill=(78, 56, 38), width=8)
        for plant in range(13):
            x = 70 + plant * 40 - row * 5
            for _ in range(6):
                dx, dy = chance.randint(-20, 20), chance.randint(-26, 4)
                box = (x + dx - 12, y + dy - 9, x + dx + 12, y + dy + 9)
                pen.ellipse(box, fill=_near((84, 158, 62), chance))
    for x in range(90, 560, 90):
        pen.line((x, 1120, x + 26, 880), fill=(190, 170, 120), width=7)


def rubbish(pen: ImageDraw, chance: random.Random, before: bool) -> None:
    """Bags heaped round full bins; afterwards two bins with their lids shut."""
    for x, colour in ((900, (40, 96, 60)), (1060, (60, 66, 72))):
        pen.rectangle((x, 820, x + 130, 1010), fill=colour, outline=_darker(colour, 0.6), width=4)
        lid = (x - 8, 700, x + 40, 830) if before else (x - 8, 800, x + 138, 828)
        pen.rectangle(lid, fill=_darker(colour, 0.75))
    if not before:
        return
    for _ in range(46):
        x, y = int(chance.gauss(1040, 170)), chance.randint(930, 1130)
        wide, high = chance.randint(40, 90), chance.randint(34, 70)
        colour = _near(chance.choice(BAGS), chance)
        pen.ellipse((x - wide, y - high, x + wide, y + high), fill=colour)
        pen.arc(
            (x - wide, y - high, x + wide, y + high), 200, 320, fill=_darker(colour, 1.3), width=4
        )


def wires(pen: ImageDraw, chance: random.Random, before: bool) -> None:
    """A cable hung from a window to charge a scooter; afterwards only the scooter stands there."""
    pen.ellipse((960, 1010, 1050, 1100), outline=(30, 30, 32), width=16)
    pen.ellipse((1220, 1010, 1310, 1100), outline=(30, 30, 32), width=16)
    pen.polygon(((1000, 1040), (1040, 930), (1230, 940), (1290, 1040)), fill=(176, 44, 40))
    pen.line((1040, 930, 1020, 850), fill=(40, 40, 44), width=12)
    if not before:
        return
    for strand in range(3):
        sag = chance.randint(120, 240)
        start, end = (620 + strand * 90, 300 + strand * 60), (1120 + strand * 8, 960)
        points = []
        for step in range(25):
            share = step / 24
            x = start[0] + (end[0] - start[0]) * share
            y = start[1] + (end[1] - start[1]) * share + sag * 4 * share * (1 - share)
            points.append((x, min(y, 1060)))
        pen.line(points, fill=(24, 24, 28), width=7)
    pen.rectangle((1090, 940, 1170, 975), fill=(238, 236, 230), outline=(120, 120, 120), width=3)


SCENES: Mapping[str, Callable[[ImageDraw, random.Random, bool], None]] = {
    "clutter": clutter,
    "garden": garden,
    "rubbish": rubbish,
    "wires": wires,
}


def _near(colour: Colour, chance: random.Random) -> Colour:
    """A shade a little lighter or darker."""
    return _darker(colour, chance.uniform(0.8, 1.2))


def _darker(colour: Colour, share: float) -> Colour:
    red, green, blue = (min(255, int(level * share)) for level in colour)
    return red, green, blue
