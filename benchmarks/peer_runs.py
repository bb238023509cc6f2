#!/usr/bin/env python3
"""What a team does without an index: read the one JSON file of every run, and keep those with an option's value.

peer_runs.py FOLDER OPTION VALUE
"""

import json
import os
import sys


def main():
    folder, option, value = sys.argv[1:]
    found = []
    for path, _, files in os.walk(folder):
        for name in files:
            with open(os.path.join(path, name), encoding="utf-8") as file:
                run = json.load(file)
            if str(run["params"].get(option)) == value:
                found.append(run["id"])
    print("\n".join(sorted(found, reverse=True)))


if __name__ == "__main__":
    main()
