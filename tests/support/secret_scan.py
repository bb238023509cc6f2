"""Looks through everything that a run left for what must never be there: keys, tokens and the signatures of requests."""

import re
import tarfile
from pathlib import Path

# A signature is as good as a key until it expires.
SIGNATURES = re.compile(rb"Signature=([0-9a-f]{64})")


def signatures_in(headers_or_text):
    """The signatures in what a server was sent, for those who saw it."""
    text = headers_or_text if isinstance(headers_or_text, bytes) else str(headers_or_text).encode()
    return {found.decode() for found in SIGNATURES.findall(text)}


def finds(content, secrets):
    """The secrets in some bytes, by name, and any signature."""
    found = [name for name, secret in secrets.items() if secret and secret.encode() in content]
    return found + (["a signature"] if SIGNATURES.search(content) else [])


def contents_of(path):
    """A file's bytes, and those of the files in it when it is an archive."""
    yield path.read_bytes()
    if path.name.endswith((".tar", ".tar.gz")):
        with tarfile.open(path) as archive:
            for member in archive:
                if member.isfile():
                    yield archive.extractfile(member).read()


def leaks(secrets, folders=(), texts=()):
    """Where secrets ({name: value}) are: in the files and file names below folders, and in named texts [(name, text)]."""
    found = []
    for name, text in texts:
        found += [f"{what} in {name}" for what in finds(text.encode() if isinstance(text, str) else text, secrets)]
    for path in (path for folder in folders for path in sorted(Path(folder).rglob("*"))):
        found += [f"{what} in the name {path}" for what in finds(str(path).encode(), secrets)]
        if path.is_file() and not path.is_symlink():
            found += [f"{what} in {path}" for content in contents_of(path) for what in finds(content, secrets)]
    return found
