"""Makes `image_loader.py`'s pictures: `image_loader_pictures.py FOLDER photos COUNT` and `... png FONT COUNT`.

photos: 640x480 JPEGs that look natural to a decoder: octaves of noise, a slope of light, soft shapes; not real photos.
png: the pictures of a colour font as they lie in it (most have a palette), and the same as RGBA.
"""

import io
import random
import re
import sys
from pathlib import Path

import numpy
from PIL import Image, ImageChops, ImageDraw, ImageFilter

WIDTH, HEIGHT, QUALITY = 640, 480, 85


def noise(numbers, cells, amplitude):
    """Smooth noise around the middle gray, about `cells` bumps across."""
    shape = (max(2, cells * HEIGHT // WIDTH), cells, 3)
    gray = numbers.normal(size=(*shape[:2], 1)) + 0.4 * numbers.normal(size=shape)
    small = Image.fromarray(numpy.clip(128 + amplitude * gray, 0, 255).astype(numpy.uint8))
    return small.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)


def photo(seed):
    numbers, shapes = numpy.random.Generator(numpy.random.PCG64(seed)), random.Random(seed)
    picture = noise(numbers, 3, 60)
    draw = ImageDraw.Draw(picture)
    for _ in range(shapes.randint(6, 14)):
        x, y, size = shapes.randrange(WIDTH), shapes.randrange(HEIGHT), shapes.randint(20, 200)
        colour = tuple(shapes.randrange(256) for _ in range(3))
        box = (x - size, y - size * 0.7, x + size, y + size * 0.7)
        (draw.ellipse if shapes.random() < 0.6 else draw.rectangle)(box, fill=colour)
    picture = picture.filter(ImageFilter.GaussianBlur(1))
    detail = shapes.uniform(0.15, 0.85)
    for cells, amplitude in ((12, 20), (40, 12), (130, 9), (320, 5), (640, 2)):
        picture = ImageChops.add(picture, noise(numbers, cells, amplitude * detail), 1, -128)
    return picture


def photos(folder, count):
    (folder / "all").mkdir(parents=True)
    for i in range(count):
        photo(i).save(folder / f"all/{i:04}.jpg", quality=QUALITY)


def png(folder, font, count):
    """One picture of the font in so many that about `count` are taken."""
    found = re.findall(rb"\x89PNG\r\n\x1a\n.*?IEND\xaeB`\x82", Path(font).read_bytes(), re.DOTALL)
    for kind in ("font", "rgba"):
        (folder / kind / "all").mkdir(parents=True)
    for i, content in enumerate(found[:: max(1, len(found) // count)]):
        (folder / f"font/all/{i:04}.png").write_bytes(content)
        Image.open(io.BytesIO(content)).convert("RGBA").save(folder / f"rgba/all/{i:04}.png")


if __name__ == "__main__":
    if sys.argv[2] == "photos":
        photos(Path(sys.argv[1]), int(sys.argv[3]))
    else:
        png(Path(sys.argv[1]), sys.argv[3], int(sys.argv[4]))
