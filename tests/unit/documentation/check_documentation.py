#!/usr/bin/env python3
"""Checks that the documentation knows what the source has: check_documentation.py ROOT

Every error code has its row in docs/guide/errors.md and every row a code; every error E1xx to E4xx offers a fix,
unless its row has '-' there; every relative link of a Markdown file leads
somewhere; every test that docs/reliability.md names exists. Prints one line a fault and ends with 1 when there is one.
"""

import re
import sys
from pathlib import Path

SOURCE_FOLDERS = ("apps", "libs", "sagemaker_container", "tools")
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(#[^)\s]*)?\)")


def sources(root):
    for folder in SOURCE_FOLDERS:
        for suffix in ("*.cpp", "*.hpp"):
            yield from sorted((root / folder).rglob(suffix))


def codes_of_source(root):
    codes = set()
    for file in sources(root):
        codes.update(re.findall(r'"(E\d{3})"', file.read_text(encoding="utf-8")))
    return codes


def faults_of_codes(root):
    documented = re.findall(r'^\| <a id="(E\d{3})"></a>\1 \| [^|]+ \| [^|]+ \|$',
                            (root / "docs/guide/errors.md").read_text(encoding="utf-8"), re.MULTILINE)
    source = codes_of_source(root)
    for code in sorted(source - set(documented)):
        yield f"docs/guide/errors.md: no row for {code}"
    for code in sorted(set(documented) - source):
        yield f"docs/guide/errors.md: {code} is in no source file"
    for code in sorted({code for code in documented if documented.count(code) > 1}):
        yield f"docs/guide/errors.md: {code} has two rows"


def initializer_around(text, position):
    """The text from there to the brace that closes the one before it."""
    open_braces = 1
    for end in range(position, len(text)):
        open_braces += {"{": 1, "}": -1}.get(text[end], 0)
        if open_braces == 0:
            return text[position:end]
    return text[position:]


def faults_of_fixes(root):
    rows = re.findall(r'^\| <a id="(E\d{3})">.* \| - \|$', (root / "docs/guide/errors.md").read_text(encoding="utf-8"),
                      re.MULTILINE)
    for file in sources(root):
        text = file.read_text(encoding="utf-8")
        for error in re.finditer(r'\.code = "(E[1-4]\d{2})"', text):
            if error[1] not in rows and ".fix =" not in initializer_around(text, error.start()):
                line = text.count("\n", 0, error.start()) + 1
                yield f"{file.relative_to(root)}:{line}: {error[1]} offers no fix"


def faults_of_links(root):
    pages = [*root.glob("*.md"), *(root / "docs").rglob("*.md"), root / "sagemaker_container/README.md"]
    for page in pages:
        for target, _ in LINK.findall(page.read_text(encoding="utf-8")):
            if "://" not in target and not (page.parent / target).exists():
                yield f"{page.relative_to(root)}: no such file '{target}'"


def faults_of_reliability(root):
    tests = set()
    for file in (root / "tests").rglob("*.cpp"):
        tests.update(".".join(name) for name in re.findall(r"^TEST(?:_F|_P)?\((\w+), (\w+)\)",
                                                           file.read_text(encoding="utf-8"), re.MULTILINE))
    for file in (root / "tests").rglob("*.py"):
        tests.update(re.findall(r"^    def (test_\w+)\(", file.read_text(encoding="utf-8"), re.MULTILINE))
    rows = re.findall(r"^\| (?!fault|---).*\| ([^|]*) \|$", (root / "docs/reliability.md").read_text(encoding="utf-8"),
                      re.MULTILINE)
    for row in rows:
        named = re.findall(r"`(\w+\.\w+|test_\w+)`", row)
        if not named:
            yield f"docs/reliability.md: a row names no test: '{row}'"
        for name in named:
            if name not in tests:
                yield f"docs/reliability.md: there is no test {name}"


def main():
    root = Path(sys.argv[1])
    if not codes_of_source(root):
        sys.exit(f"{root} has no error codes: is it the repository?")
    faults = [*faults_of_codes(root), *faults_of_fixes(root), *faults_of_links(root), *faults_of_reliability(root)]
    print("\n".join(faults))
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
