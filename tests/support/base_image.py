#!/usr/bin/python3
"""Images with libtorch to build training images on, made without a registry; the tar of the root is written to stdout.

    tests/support/base_image.py bookworm | docker import - base:bookworm

bookworm: from the files of this machine's own packages (Debian 12, libtorch 1.13), in seconds and without a network.
trixie: by mmdebstrap from the mirror of this machine (Debian 13, libtorch 2.6), in minutes.
"""

import os
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
# What every PyTorch base has: a shell, Python with pip's means, libtorch, and a BLAS that is not the slow one.
CONTENT = ["apt", "python3", "libtorch-dev", "libopenblas0-pthread"]
LEFT_OUT = re.compile(r"/usr/share/(doc|man|locale|info|lintian|bug|doc-base|i18n|zoneinfo)/.")
OPEN_FOLDERS = ("tmp", "var/tmp")
# What an engine mounts into every container. BuildKit makes what a base lacks for a moment, and /etc is of another time then.
MOUNTED_FILES = ("etc/hosts", "etc/resolv.conf")
EMPTY_FOLDERS = ("dev", "proc", "sys", "run", "root", "etc", "var/lib/dpkg/info", "opt", "usr/local/bin", *OPEN_FOLDERS)


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def compiler_packages():
    return output(SOURCE / "tools/packages.sh", "list", "image").split()


class Installed:
    """The packages of this machine, as its dpkg knows them."""

    def __init__(self):
        fields = "${Package}\t${Architecture}\t${Essential}\t${db:Status-Status}\t${Pre-Depends}, ${Depends}\t${Provides}\n"
        self.depends, self.providers, self.essential = {}, {}, set()
        for line in output("dpkg-query", "-W", "-f", fields).splitlines():
            name, _, essential, status, depends, provides = line.split("\t")
            if status != "installed":
                continue
            self.depends[name] = [[self.name(each) for each in choice.split("|")] for choice in depends.split(",")]
            if essential == "yes":
                self.essential.add(name)
            for provided in (name, *map(self.name, provides.split(","))):
                self.providers.setdefault(provided, []).append(name)

    @staticmethod
    def name(dependency):
        return re.split(r"[\s(:]", dependency.strip())[0]

    def closure(self, wanted):
        """With all that they depend on."""
        found, todo = set(), [*wanted, *sorted(self.essential)]
        while todo:
            name = todo.pop()
            if name in found:
                continue
            if name not in self.depends:
                raise SystemExit(f"{name} is not installed: tools/packages.sh install build run test")
            found.add(name)
            for choices in self.depends[name]:
                there = [package for choice in choices for package in self.providers.get(choice, [])]
                if there and not found.intersection(there):
                    todo.append(there[0])
        return sorted(found)


def with_parents(paths):
    found = set()
    for path in paths:
        # Where the root has symbolic links for /bin and /lib, the files are below what these point to.
        path = os.path.join(os.path.realpath(os.path.dirname(path)), os.path.basename(path))
        while path != "/" and path not in found:
            found.add(path)
            path = os.path.dirname(path)
    return found


def alternatives(paths):
    """The names in PATH and among the libraries that update-alternatives gave to files of these packages."""
    found = set()
    for choice in Path("/etc/alternatives").iterdir():
        if os.path.realpath(choice) in paths:
            found.add(str(choice))
            found.update(link_names().get(choice.name, []))
    return found


def link_names():
    if not hasattr(link_names, "known"):
        link_names.known = {}
        for state in Path("/var/lib/dpkg/alternatives").iterdir():
            lines = state.read_text().split("\n\n")[0].splitlines()
            link_names.known.setdefault(state.name, []).append(lines[1])
            for name, link in zip(lines[2::2], lines[3::2]):
                link_names.known.setdefault(name, []).append(link)
    return link_names.known


def write_bookworm(out):
    write_installed(out, CONTENT + compiler_packages())


def write_installed(out, wanted):
    """A root with the files of these packages of this machine, and of all that they depend on."""
    packages = Installed().closure(wanted)
    listed = set(output("dpkg", "-L", *packages).splitlines())
    paths = {path for path in listed if path.startswith("/") and path != "/." and not LEFT_OUT.match(path)}
    paths = with_parents(paths | {"/bin", "/lib", "/lib64", "/sbin", "/etc/passwd", "/etc/group"})
    paths |= with_parents(alternatives({os.path.realpath(path) for path in paths}))
    paths = sorted(path for path in paths if os.path.lexists(path))
    status = output("dpkg-query", "-s", *packages)
    with tempfile.TemporaryDirectory(prefix="smflow-base-") as folder:
        root = Path(folder)
        for empty in EMPTY_FOLDERS:
            (root / empty).mkdir(parents=True, exist_ok=True)
        for mounted in MOUNTED_FILES:
            (root / mounted).touch()
        for open_folder in OPEN_FOLDERS:
            (root / open_folder).chmod(0o1777)
        (root / "var/lib/dpkg/status").write_text(status.replace("\nPackage: ", "\n\nPackage: ").replace("\n\n\n", "\n\n"))
        pack(out, root, paths)


def pack(out, root, paths):
    """These files of this machine, with what `root` adds."""
    with tarfile.open(fileobj=out, mode="w|", format=tarfile.GNU_FORMAT, bufsize=1 << 20) as tar:
        own = {"/" + str(path.relative_to(root)): path for path in root.rglob("*")}
        for name in sorted({*paths, *own}):
            tar.add(own.get(name, name), name, recursive=False)


def write_trixie(out):
    # Only Debian's own mirror has a release that Debian's keyring signed.
    mirror = output("bash", "-c", "apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Component: main' "
                    "| grep -v security | grep -m 1 /debian/ || true").strip() or "http://deb.debian.org/debian"
    packages = ",".join([*CONTENT, "ca-certificates", *compiler_packages()])
    excluded = [f"--dpkgopt=path-exclude=/usr/share/{each}/*" for each in ("doc", "man", "locale", "info")]
    subprocess.run(["mmdebstrap", "--variant=minbase", "--aptopt=Apt::Install-Recommends false", *excluded,
                    f"--include={packages}", "trixie", "-", mirror], check=True, stdout=out)


RELEASES = {"bookworm": write_bookworm, "trixie": write_trixie}

if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in RELEASES:
        raise SystemExit("usage: base_image.py " + "|".join(RELEASES))
    RELEASES[sys.argv[1]](sys.stdout.buffer)
