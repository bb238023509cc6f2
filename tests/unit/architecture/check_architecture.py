#!/usr/bin/env python3
"""Checks a source tree against the rules of ARCHITECTURE.md: check_architecture.py ROOT

Prints one line per violation, "file:line: what", and ends with 1 when there is one. The table "Libraries" of
ARCHITECTURE.md is read, not repeated: what stands there is what is checked.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

LONGEST_FILE = 900
LONGEST_FUNCTION = 120
SOURCE_FOLDERS = ("apps", "libs", "sagemaker_container", "tools", "tests", "benchmarks")
SOURCE_SUFFIXES = (".cpp", ".hpp")

# What the programs may include; None is everything.
PROGRAMS = {
    "apps/train": {"base", "contract", "runtime"},
    "sagemaker_container": {"base", "contract", "config", "images", "training"},
    "tools": {"base"},
}
NOT_IN_THE_LAUNCHER = {"runtime", "images", "training"}

# Headers that stay in one place. Tests and benchmarks are free.
HEAVY_HEADERS = [
    (r"yaml-cpp/", ("libs/config/src/",)),
    (r"(torch|ATen|c10)/", ("libs/training/", "sagemaker_container/")),
    (r"archive(_entry)?\.h$", ("libs/storage/src/",)),
    (r"zlib\.h$", ("libs/storage/src/", "libs/images/src/", "libs/board/src/")),
    (r"(jpeglib|libdeflate)\.h$", ("libs/images/src/",)),
    (r"(ft2build|png)\.h$|freetype/", ("tools/emoji_dataset/",)),
    (r"CLI/", ("apps/smflow/", "tools/emoji_dataset/")),
    (r"httplib\.h$", ("libs/emulator/src/", "libs/board/src/")),
    (r"curl/", ("libs/http/src/",)),
    (r"openssl/|pugixml\.hpp$", ("libs/aws/src/",)),
]

INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]')
# Split, so that this file does not violate its own rule.
FORBIDDEN_WORDS = re.compile(r"\b(" + "TO" + "DO|" + "FIX" + r"ME)\b")


def read_table(root):
    """Library -> set of libraries it may include, from the table of ARCHITECTURE.md."""
    table = {}
    for line in (root / "ARCHITECTURE.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        name = re.fullmatch(r"`(\w+)`", cells[0])
        if name and len(cells) == 4:
            table[name.group(1)] = set(re.findall(r"\w+", cells[2]))
    return table


def source_files(root):
    for folder in SOURCE_FOLDERS:
        for file in sorted((root / folder).rglob("*")):
            if file.suffix in SOURCE_SUFFIXES and file.is_file():
                yield file


def allowed_libraries(path, table):
    """What the file may include, or None when it is free."""
    parts = path.split("/")
    if parts[0] == "libs":
        return table.get(parts[1], set()) | {parts[1]}
    if path.startswith("apps/smflow/"):
        return set(table) - NOT_IN_THE_LAUNCHER
    for folder, libraries in PROGRAMS.items():
        if path.startswith(folder + "/"):
            return libraries
    return None


def check_include(path, header, table):
    """What is wrong with including `header` in the file, or None."""
    if path.startswith(("tests/", "benchmarks/")):
        return None
    library = re.match(r"smflow/(\w+)/", header)
    if library:
        allowed = allowed_libraries(path, table)
        if allowed is not None and library.group(1) not in allowed:
            return f"includes <{header}>, and may include only {', '.join(sorted(allowed))}"
        return None
    for pattern, owners in HEAVY_HEADERS:
        if re.match(pattern, header) and not path.startswith(owners):
            return f"includes <{header}>, which belongs to {' and '.join(owners)} only"
    return None


def check_file(path, text, table):
    lines = text.splitlines()
    if len(lines) > LONGEST_FILE:
        yield len(lines), f"{len(lines)} lines, at most {LONGEST_FILE}"
    if path.endswith(".hpp") and "#pragma once" not in lines:
        yield 1, "a header without #pragma once"
    for number, line in enumerate(lines, 1):
        include = INCLUDE.match(line)
        problem = check_include(path, include.group(1), table) if include else None
        if problem:
            yield number, problem
        word = FORBIDDEN_WORDS.search(line)
        if word:
            yield number, f"holds the word {word.group(1)}"


def check_libraries(root, table):
    """Every library has a row and every row goes down only."""
    order = list(table)
    for library in sorted(path.name for path in (root / "libs").iterdir() if path.is_dir()):
        if library not in table:
            yield f"ARCHITECTURE.md:1: the library {library} has no row in the table"
    for library, below in table.items():
        for other in sorted(below):
            if other not in table:
                yield f"ARCHITECTURE.md:1: {library} may include {other}, which has no row"
            elif library in reachable(other, table):
                yield f"ARCHITECTURE.md:1: {library} and {other} include each other"
    if not order:
        yield "ARCHITECTURE.md:1: the table of libraries was not found"


def reachable(library, table):
    seen, todo = set(), [library]
    while todo:
        for below in table.get(todo.pop(), set()):
            if below not in seen:
                seen.add(below)
                todo.append(below)
    return seen


def function_lengths(files):
    """(file, line, name, lines) of every function, by universal-ctags; None when it is not installed."""
    if not shutil.which("ctags"):
        return None
    command = ["ctags", "-f", "-", "--languages=C++", "--language-force=C++", "--kinds-C++=f", "--fields=+ne", "-L", "-"]
    run = subprocess.run(command, input="\n".join(map(str, files)), capture_output=True, text=True)
    if run.returncode != 0:
        return None
    found = []
    for line in run.stdout.splitlines():
        columns = line.split("\t")
        begin = re.search(r"\tline:(\d+)", line)
        end = re.search(r"\tend:(\d+)", line)
        if begin and end:
            first, last = int(begin.group(1)), int(end.group(1))
            found.append((columns[1], first, columns[0], last - first + 1))
    return found


def check_functions(root, files):
    for file, line, name, length in function_lengths(files) or []:
        if length > LONGEST_FUNCTION:
            path = Path(file).relative_to(root).as_posix()
            yield f"{path}:{line}: the function {name} has {length} lines, at most {LONGEST_FUNCTION}"


def check_tree(root):
    table = read_table(root)
    files = list(source_files(root))
    violations = list(check_libraries(root, table))
    for file in files:
        path = file.relative_to(root).as_posix()
        for line, problem in check_file(path, file.read_text(encoding="utf-8"), table):
            violations.append(f"{path}:{line}: {problem}")
    return violations + list(check_functions(root, files))


def main():
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    root = Path(sys.argv[1]).resolve()
    violations = check_tree(root)
    for violation in violations:
        print(violation)
    if not shutil.which("ctags"):
        print("the length of functions was not checked: universal-ctags is not installed")
    print(f"{len(violations)} violations in {len(list(source_files(root)))} files")
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main())
