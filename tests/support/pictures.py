"""Small pictures to train on, the same ones each time."""

import random
import struct
import zlib


def png(width, height, pixels):
    """The bytes of an 8-bit RGB PNG file."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + pixels[y * 3 * width : (y + 1) * 3 * width] for y in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def write_pictures(folder, count):
    """Of two classes."""
    numbers = random.Random(1)
    for number in range(count):
        of_class = folder / ("even", "odd")[number % 2]
        of_class.mkdir(parents=True, exist_ok=True)
        (of_class / f"{number:02}.png").write_bytes(png(37, 34, numbers.randbytes(37 * 34 * 3)))
