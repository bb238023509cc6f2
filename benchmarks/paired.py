"""Paired measurement: ours and the peer run in turn, A B B A ..., in one session, and are compared as ratios of medians.

Machines are shared and noisy, so an absolute time says little; both sides of a pair see the same minute of the machine.
"""

import dataclasses
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time


@dataclasses.dataclass
class Usage:
    """What one finished process and the descendants it waited for used."""

    wall_s: float
    cpu_s: float
    peak_mib: float
    status: int
    output: bytes  # the last 64 KiB


def run(argv, *, cwd=None, env=None):
    """Runs `argv` to its end. stdout and stderr go to one file, so that a long output costs this process no time."""
    with tempfile.TemporaryFile() as output:
        started = time.monotonic()
        child = subprocess.Popen(argv, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        _, status, rusage = os.wait4(child.pid, 0)
        wall = time.monotonic() - started
        child.returncode = os.waitstatus_to_exitcode(status)
        output.seek(max(0, output.seek(0, os.SEEK_END) - 65536))
        return Usage(wall, rusage.ru_utime + rusage.ru_stime, rusage.ru_maxrss / 1024, child.returncode, output.read())


def checked(argv, expected_status=0, **options):
    """`run`, and the end of the benchmark when the command does not answer as it should: wrong answers have no speed."""
    usage = run(argv, **options)
    if usage.status != expected_status:
        sys.exit(f"error: {' '.join(map(str, argv))} ended with {usage.status}, not {expected_status}:\n"
                 + usage.output.decode(errors="replace")[-2000:])
    return usage


@dataclasses.dataclass
class Comparison:
    """Figures of one row, a list a side, equally long."""

    name: str
    unit: str
    ours: list
    peer: list
    peer_name: str
    bar: str = ""

    def ratio(self):
        """Peer's median over ours: above 1 we use less of the unit."""
        return statistics.median(self.peer) / statistics.median(self.ours)


def take_turns(sides, rounds, warm_up=1):
    """Calls every function `rounds` times in turn, in reverse order every other round; returns a list of results each."""
    for _ in range(warm_up):
        for side in sides:
            side()
    results = tuple([] for _ in sides)
    for i in range(rounds):
        for side, found in list(zip(sides, results))[::1 if i % 2 == 0 else -1]:
            found.append(side())
    return results


def interleave(ours, peer, rounds, warm_up=1):
    """`take_turns` of two; returns both lists of results."""
    return take_turns((ours, peer), rounds, warm_up)


def usage_rows(name, measured, peer_name, cpu_bar="", wall_bar="", memory=False):
    """CPU and wall milliseconds, and the peak of memory if asked, of what `interleave` measured with functions that return
    a Usage."""
    figures = [("CPU ms", "cpu_s", 1e3, cpu_bar), ("wall ms", "wall_s", 1e3, wall_bar)]
    figures += [("peak MiB", "peak_mib", 1, "")] if memory else []
    return [Comparison(name, unit, *[[factor * getattr(usage, figure) for usage in side] for side in measured], peer_name, bar)
            for unit, figure, factor, bar in figures]


def spread(values):
    return f"{statistics.median(values):.3g} ({min(values):.3g} to {max(values):.3g})"


def machine():
    """One line that says what ran: processor, cores this process may use, memory, system."""
    model = "unknown processor"
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        for line in file:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = os.getloadavg()[0]
    return (f"{model}, {len(os.sched_getaffinity(0))} cores, {memory:.0f} GiB, Linux {platform.release()}, "
            f"Python {platform.python_version()}, load {load:.1f}")


def table(comparisons):
    """The comparisons as a Markdown table, medians with minimum and maximum."""
    lines = ["| what | unit | smflow | peer | ratio | bar |", "| --- | --- | --- | --- | --- | --- |"]
    for row in comparisons:
        lines.append(f"| {row.name} | {row.unit} | {spread(row.ours)} | {row.peer_name}: {spread(row.peer)} | "
                     f"{row.ratio():.2f} | {row.bar} |")
    return "\n".join(lines)
