#!/usr/bin/env python3
"""Loading pictures at 64x64 on one core: our loader without workers against torchvision on PIL in a DataLoader.

The floats of all pictures are compared by their hash before anything is timed. The page cache is warm. Timed are whole
epochs without the start of the processes. "From the cache" is our second epoch; the peer decodes again, having no cache.
"""

import argparse
import os
import statistics
from pathlib import Path

from paired import Comparison, checked, interleave, machine, table
from programs import PYTHON, SOURCE, folder, program

PEER = "torchvision on PIL"
PEER_SCRIPT = str(SOURCE / "benchmarks/peer_image_loader.py")
PICTURES_SCRIPT = str(SOURCE / "benchmarks/image_loader_pictures.py")
FONT = "/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf"
CACHED_EPOCHS = 50
ENVIRONMENT = {**{name: value for name, value in os.environ.items() if name != "OPENBLAS_CORETYPE"},
               "OMP_NUM_THREADS": "1"}


def words(argv):
    return checked(argv, env=ENVIRONMENT).output.decode().splitlines()[-1].split()


def check(pictures):
    """How many pictures gave the same floats on both sides: all, or the benchmark ends."""
    mine = words([program("image_loader"), pictures, "hash"])
    theirs = words([PYTHON, PEER_SCRIPT, pictures, "hash"])
    if mine != theirs:
        raise SystemExit(f"error: floats differ in '{pictures}': {mine} {theirs}")
    return int(mine[1])


def figures(argv, count, from_cache=None):
    """(wall, CPU) microseconds a picture."""
    answer = words(argv)
    if int(answer[0]) != count or (from_cache is not None and int(answer[3]) != from_cache):
        raise SystemExit(f"error: {argv} gave {answer}, not {count} pictures")
    return [float(figure) / count * 1e6 for figure in answer[1:3]]


def compare(name, pictures, count, bars, rounds, cache):
    def ours():
        cache.unlink(missing_ok=True)
        argv = [program("image_loader"), pictures, "time"]
        cold = figures([*argv, "1"], count, 0)
        cached = CACHED_EPOCHS * count
        return cold, figures([*argv, str(CACHED_EPOCHS), str(cache)], cached, cached)

    def peer():
        return figures([PYTHON, PEER_SCRIPT, pictures, "time", "1"], count)

    mine, theirs = interleave(ours, peer, rounds)
    for which, title in enumerate(("decoded", "from the cache")):
        for unit, place in (("wall us/picture", 0), ("CPU us/picture", 1)):
            yield Comparison(f"{name}, {title}", unit, [both[which][place] for both in mine],
                             [figure[place] for figure in theirs], PEER, f">= {bars[which]}")


def data_sets(path, quick):
    """(name, folder, bars) of each; made here, always the same."""
    checked([PYTHON, PICTURES_SCRIPT, str(path / "photos"), "photos", "60" if quick else "300"])
    checked([PYTHON, PICTURES_SCRIPT, str(path / "png"), "png", FONT, "200" if quick else "1000"])
    checked([program("emoji_dataset"), str(path / "emoji"), *(["--only", "faces"] if quick else [])])
    yield "JPEG 640x480", path / "photos", (2, 50)
    yield "PNG of the font", path / "png/font", (5, 50)
    yield "PNG RGBA", path / "png/rgba", (5, 50)
    yield "PNG RGB of emoji_dataset", path / "emoji", (5, 50)


def describe(name, pictures, count):
    sizes = [file.stat().st_size for file in Path(pictures).rglob("*.*") if file.suffix in (".jpg", ".png")]
    return f"{name}: {count} pictures, median {statistics.median(sizes) / 1024:.1f} KiB; all floats equal the peer's"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--quick", action="store_true", help="three rounds of fewer pictures")
    options = parser.parse_args()
    rounds = 3 if options.quick else options.rounds
    rows, notes = [], []
    with folder() as path:
        for name, pictures, bars in data_sets(path, options.quick):
            count = check(str(pictures))
            notes.append(describe(name, pictures, count))
            rows += compare(name, str(pictures), count, bars, rounds, path / "decoded_cache")
    notes += [f"NOT REACHED: {row.name}, {row.unit}: {row.ratio():.2f}, bar {row.bar}" for row in rows
              if row.ratio() < float(row.bar.split()[-1])]
    print(f"{machine()}\n{rounds} rounds\n\n{table(rows)}\n\n" + "\n".join(notes))


if __name__ == "__main__":
    main()
