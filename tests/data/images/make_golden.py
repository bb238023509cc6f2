#!/usr/bin/env python3
"""Makes the pictures in cases/ and, with Pillow and torchvision, the bytes that they must give.

Run it with the Python that has Pillow 9.4 and torchvision 0.14 (Debian 12: python3-pil, python3-torchvision):

    /usr/bin/python3 tests/data/images/make_golden.py            # writes cases/ anew
    /usr/bin/python3 tests/data/images/make_golden.py --check    # decodes what is there again and compares

cases/manifest.txt has one line a case: the file, the size S, and "ok" or what the error says. For "ok" the file
NAME.rgb holds three planes of S * S bytes: Resize(S), CenterCrop(S) of convert("RGB").
"""

import io
import pathlib
import struct
import sys
import warnings
import zlib

try:
    import numpy as np
    from PIL import Image
    from torchvision import transforms
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

FOLDER = pathlib.Path(__file__).resolve().parent / "cases"
PASSES = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
SIGNATURE = b"\x89PNG\r\n\x1a\n"
random = np.random.RandomState(20231123)


# --- a PNG writer for what Pillow does not write: filters by choice, Adam7, every depth, damage ---------------------


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def filtered(rows, distance, choose):
    out, above = b"", None
    for number, row in enumerate(rows):
        row = np.frombuffer(row, np.uint8).astype(int)
        up = np.zeros_like(row) if above is None else above
        left = np.concatenate([np.zeros(distance, int), row])[: len(row)]
        corner = np.concatenate([np.zeros(distance, int), up])[: len(row)]
        kind = choose(number)
        guess = left + up - corner
        paeth = np.where(
            (abs(guess - left) <= abs(guess - up)) & (abs(guess - left) <= abs(guess - corner)),
            left,
            np.where(abs(guess - up) <= abs(guess - corner), up, corner),
        )
        predicted = [0 * row, left, up, (left + up) // 2, paeth][kind]
        out += bytes([kind]) + ((row - predicted) & 255).astype(np.uint8).tobytes()
        above = row
    return out


def packed(samples, depth):
    """Rows of samples (height, width, channels) to bytes."""
    rows = []
    for row in samples.reshape(samples.shape[0], -1):
        if depth == 16:
            rows.append(row.astype(">u2").tobytes())
        else:
            bits = ((row[:, None] >> np.arange(depth - 1, -1, -1)) & 1).astype(np.uint8)
            rows.append(np.packbits(bits.ravel()).tobytes())
    return rows


def png(samples, depth, colour, palette=None, extra=b"", adam7=False, parts=1, end=True, choose=lambda y: y % 5):
    height, width, channels = samples.shape
    distance = max(1, channels * depth // 8)
    if adam7:
        raw = b""
        for x0, y0, dx, dy in PASSES:
            part = samples[y0::dy, x0::dx]
            if part.size:
                raw += filtered(packed(part, depth), distance, choose)
    else:
        raw = filtered(packed(samples, depth), distance, choose)
    data = zlib.compress(raw, 9)
    out = SIGNATURE + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, int(adam7)))
    if palette is not None:
        out += chunk(b"PLTE", palette)
    out += extra
    step = -(-len(data) // parts)
    for at in range(0, len(data), step):
        out += chunk(b"IDAT", data[at : at + step])
    return out + (chunk(b"IEND", b"") if end else b"")


# --- pictures -------------------------------------------------------------------------------------------------------


def smooth(width, height, channels=3, most=255):
    y, x = np.mgrid[0:height, 0:width]
    planes = [
        127.5 + 127.5 * np.sin(0.11 * x * (c + 1) + 0.07 * y + c) * np.cos(0.05 * y * (c + 1) - 0.02 * x)
        for c in range(channels)
    ]
    noise = random.normal(0, 6, (height, width, channels))
    return np.clip((np.stack(planes, -1) + noise) * most / 255, 0, most).astype(int)


def black_and_white(width, height, channels=3):
    return random.randint(0, 2, (height, width, channels)) * 255


def photo(width, height):
    return Image.fromarray(smooth(width, height).astype(np.uint8))


def jpeg(image, **options):
    out = io.BytesIO()
    image.save(out, "JPEG", **options)
    return out.getvalue()


def without_segment(data, marker):
    at = data.index(marker)
    return data[:at] + data[at + 2 + struct.unpack(">H", data[at + 2 : at + 4])[0] :]


def sizes():
    for width, height in [(1, 1), (7, 5), (9, 7), (63, 200), (64, 64), (65, 97), (301, 64), (2, 4000), (1000, 67)]:
        yield f"size_{width}x{height}.png", 64, png(black_and_white(width, height), 8, 2, choose=lambda y: 0)
    yield "size_odd_target.png", 33, png(smooth(71, 50), 8, 2)
    yield "size_one.png", 1, png(smooth(40, 31), 8, 2)


def jpegs():
    picture = photo(149, 107)
    for name, subsampling in [("444", 0), ("422", 1), ("420", 2)]:
        yield f"jpeg_{name}.jpg", 32, jpeg(picture, quality=85, subsampling=subsampling)
    yield "jpeg_enlarged.jpg", 48, jpeg(photo(23, 17), quality=90)
    yield "jpeg_tall.jpg", 32, jpeg(photo(40, 300), quality=80)
    yield "jpeg_wide.jpg", 32, jpeg(photo(300, 40), quality=80)
    yield "jpeg_progressive.jpg", 32, jpeg(picture, quality=85, progressive=True)
    yield "jpeg_gray.jpg", 32, jpeg(picture.convert("L"), quality=85)
    yield "jpeg_one_pixel.jpg", 16, jpeg(photo(1, 1), quality=90)
    cmyk = Image.fromarray(smooth(90, 70, 4).astype(np.uint8), "CMYK")
    yield "jpeg_cmyk_adobe.jpg", 32, jpeg(cmyk, quality=90)
    yield "jpeg_cmyk_without_adobe.jpg", 32, without_segment(jpeg(cmyk, quality=90), b"\xff\xee")
    exif = Image.Exif()
    exif[0x0112] = 6
    yield "jpeg_orientation_ignored.jpg", 32, jpeg(photo(60, 40), quality=85, exif=exif)
    data = jpeg(picture, quality=85)
    yield "jpeg_bytes_after_end.jpg", 32, data + b"more bytes than asked for"
    damaged = bytearray(data)
    damaged[len(data) // 2 : len(data) // 2 + 2] = b"\xff\xd3"  # a restart marker where none belongs
    yield "jpeg_damaged_middle.jpg", 32, bytes(damaged)
    yield "jpeg_named_png.png", 32, data


def pngs():
    palette = bytes(random.randint(0, 256, 768).tolist())
    kinds = {"gray": (0, 1), "rgb": (2, 3), "gray_alpha": (4, 2), "rgb_alpha": (6, 4)}
    for adam7 in (False, True):
        mark = "_adam7" if adam7 else ""
        for name, (colour, channels) in kinds.items():
            for depth in (1, 2, 4, 8, 16) if name == "gray" else (8, 16):
                samples = smooth(45, 37, channels, (1 << depth) - 1)
                yield f"png_{name}_{depth}{mark}.png", 24, png(samples, depth, colour, adam7=adam7)
        for depth in (1, 2, 4, 8):
            samples = random.randint(0, 1 << depth, (29, 41, 1))
            yield f"png_palette_{depth}{mark}.png", 24, png(samples, depth, 3, palette[: 3 << depth], adam7=adam7)
    for width, height in [(1, 1), (3, 2), (5, 9)]:
        yield f"png_adam7_{width}x{height}.png", 8, png(smooth(width, height), 8, 2, adam7=True)
    dark = np.array([[[3], [255], [256], [65535]]]).repeat(4, axis=0)
    yield "png_gray_16_saturates.png", 4, png(dark, 16, 0)
    index = random.randint(0, 4, (20, 20, 1))
    yield "png_palette_transparent.png", 16, png(index, 8, 3, palette[:12], chunk(b"tRNS", b"\0\x80"))
    yield "png_rgb_transparent.png", 16, png(smooth(20, 20), 8, 2, extra=chunk(b"tRNS", b"\0\1\0\2\0\3"))
    yield "png_palette_index_outside.png", 16, png(index + 2, 8, 3, palette[:9])
    yield "png_palette_missing.png", 16, png(index * 60, 8, 3)
    yield "png_palette_cut.png", 16, png(index, 8, 3, palette[:5])
    plain = png(smooth(40, 30), 8, 2)
    yield "png_many_idat.png", 24, png(smooth(40, 30), 8, 2, parts=7)
    yield "png_without_end.png", 24, plain[:-12]
    yield "png_bytes_after_end.png", 24, plain + b"and so on"
    at = plain.index(b"IDAT")
    length = struct.unpack(">I", plain[at - 4 : at])[0]
    yield "png_cut_in_checksum.png", 24, plain[: at + 4 + length - 2]
    yield "png_wrong_idat_crc.png", 24, plain[: at + 4 + length] + b"CRC?" + plain[at + 8 + length :]
    yield "png_too_many_rows.png", 24, plain.replace(struct.pack(">II", 40, 30), struct.pack(">II", 40, 28)).replace(
        plain[29:33], struct.pack(">I", zlib.crc32(b"IHDR" + struct.pack(">IIBBBBB", 40, 28, 8, 2, 0, 0, 0)))
    )
    for kind in range(5):
        for name, (colour, channels) in {"rgb": (2, 3), "rgba": (6, 4), "gray": (0, 1)}.items():
            samples = random.randint(0, 256, (9, 13, channels))
            yield f"png_filter_{kind}_{name}.png", 8, png(samples, 8, colour, choose=lambda y, k=kind: k)
    yield "png_named_jpg.jpg", 24, plain


def broken():
    """Files that Pillow refuses, with what our message must say."""
    picture = jpeg(photo(120, 90), quality=85)
    tall = jpeg(photo(24, 400), quality=85)
    plain = png(smooth(40, 30), 8, 2)
    at = plain.index(b"IDAT")
    length = struct.unpack(">I", plain[at - 4 : at])[0]
    yield "bad_jpeg_cut_half.jpg", picture[: len(picture) // 2], "is cut short"
    yield "bad_jpeg_without_end.jpg", picture[:-2], "is cut short"
    yield "bad_jpeg_cut_below_crop.jpg", tall[: len(tall) * 9 // 10], "is cut short"
    yield "bad_jpeg_header_only.jpg", picture[:20], "is cut short"
    yield "bad_jpeg_progressive_cut.jpg", jpeg(photo(120, 90), progressive=True)[:-40], "is cut short"
    yield "bad_empty.jpg", b"", "is empty"
    yield "bad_three_bytes.jpg", b"\xff\xd8\xff", "is cut short"
    yield "bad_text.png", b"not a picture\n", "is neither a JPEG nor a PNG file"
    yield "bad_png_cut_half.png", plain[: at + length // 2], "is cut short"
    yield "bad_png_signature_only.png", SIGNATURE, "is cut short"
    yield "bad_png_no_pixels.png", plain[: at - 4] + chunk(b"IEND", b""), "has no pixels"
    yield "bad_png_header_crc.png", plain[:29] + b"CRC?" + plain[33:], "damaged PNG header"
    yield "bad_png_checksum.png", plain[: at + length + 3] + bytes([plain[at + length + 3] ^ 1]) + plain[
        at + length + 4 :
    ], "damaged"
    wrong = bytearray(plain)
    wrong[at + 4 + length // 2] ^= 0x55
    yield "bad_png_damaged_data.png", bytes(wrong), "damaged"
    header = struct.pack(">IIBBBBB", 30000, 30000, 8, 2, 0, 0, 0)
    yield "bad_png_huge.png", SIGNATURE + chunk(b"IHDR", header) + plain[33:], "is too large"
    header = struct.pack(">IIBBBBB", 40, 30, 8, 5, 0, 0, 0)
    yield "bad_png_colour_type.png", SIGNATURE + chunk(b"IHDR", header) + plain[33:], "does not exist"
    header = struct.pack(">IIBBBBB", 0, 30, 8, 2, 0, 0, 0)
    yield "bad_png_no_width.png", SIGNATURE + chunk(b"IHDR", header) + plain[33:], "0 x 30"
    raw = bytes([5]) + bytes(9)
    header = struct.pack(">IIBBBBB", 3, 1, 8, 2, 0, 0, 0)
    data = SIGNATURE + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b"")
    yield "bad_png_filter.png", data, "a filter that does not exist"


# --- what Pillow and torchvision make of them -------------------------------------------------------------------------


def reference(data, size):
    resize = transforms.Compose([transforms.Resize(size), transforms.CenterCrop(size)])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return np.asarray(resize(Image.open(io.BytesIO(data)).convert("RGB"))).transpose(2, 0, 1).tobytes()


def refuses(data):
    try:
        reference(data, 8)
    except Exception:
        return True
    return False


def write():
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.iterdir():
        old.unlink()
    manifest = []
    for name, size, data in [*sizes(), *jpegs(), *pngs()]:
        (FOLDER / name).write_bytes(data)
        (FOLDER / name).with_suffix(".rgb").write_bytes(reference(data, size))
        manifest.append(f"{name} {size} ok")
    for name, data, message in broken():
        assert refuses(data), f"Pillow reads {name}"
        (FOLDER / name).write_bytes(data)
        manifest.append(f"{name} 8 {message}")
    (FOLDER / "manifest.txt").write_text("\n".join(manifest) + "\n")
    print(f"{len(manifest)} cases in {FOLDER}")


def check():
    wrong = []
    for line in (FOLDER / "manifest.txt").read_text().splitlines():
        name, size, outcome = line.split(" ", 2)
        data = (FOLDER / name).read_bytes()
        if outcome == "ok":
            good = reference(data, int(size)) == (FOLDER / name).with_suffix(".rgb").read_bytes()
        else:
            good = refuses(data)
        if not good:
            wrong.append(name)
    print("all cases agree with this Pillow" if not wrong else "differ: " + " ".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(check() if "--check" in sys.argv[1:] else write())
