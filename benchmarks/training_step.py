#!/usr/bin/env python3
"""Training the 64x64 DCGAN of PyTorch's tutorial (batch 128): our program against the tutorial in Python.

Both start from the same weights and see the same pictures and latent vectors. Every run's losses are compared with those
of the tutorial in double precision before its time counts. Timed are the steps after the first one, without the start
of the processes. Measured twice: each side as installed, and both with the BLAS kernels that our program chooses.
"""

import argparse
import json
import os

from paired import Comparison, checked, interleave, machine, table
from programs import PYTHON, SOURCE, folder, program

PEER = "tutorial, PyTorch fp32"
# Relative to double precision. Before the first update rounding alone differs. Adam's first updates are the signs of the
# gradients, so from the second step on the losses tell how many small gradients were rounded to the other side of zero;
# the tutorial's own losses, with one set of BLAS kernels or another, are 2e-3 apart.
FIRST_LOSS_TOLERANCE = 1e-4
LATER_LOSS_TOLERANCE = 5e-3
BF16_TOLERANCE = 0.02
BARS = {"fp32": 1.3, "bf16": 2.0}


def environment(threads, kernels):
    """The same for both sides: OpenBLAS takes `kernels`, or what it finds itself."""
    kept = {name: value for name, value in os.environ.items() if name != "OPENBLAS_CORETYPE"}
    chosen = {"OPENBLAS_CORETYPE": kernels} if kernels else {}
    return {**kept, **chosen, "OMP_NUM_THREADS": str(threads)}


def check(name, result, exact):
    """The largest relative difference of a loss from `exact`; ends the benchmark above the tolerance."""
    worst = 0
    for loss in ("loss_d", "loss_g"):
        for step, (value, true) in enumerate(zip(result[loss], exact[loss])):
            tolerance = FIRST_LOSS_TOLERANCE if step == 0 else LATER_LOSS_TOLERANCE
            difference = abs(value - true) / abs(true)
            if not difference <= (BF16_TOLERANCE if name == "bf16" else tolerance):
                raise SystemExit(f"error: {name}: {loss} of step {step + 1} is {value}, in double precision {true}")
            worst = max(worst, difference)
    return worst


def compare(file, steps, threads, precisions, rounds, kernels, exact):
    """The rows of one number of threads, and the largest differences of losses from `exact`."""
    def answer(argv):
        result = json.loads(checked(argv, env=environment(threads, kernels)).output.decode().splitlines()[-1])
        if result["threads"] != threads:
            raise SystemExit(f"error: {argv} ran {result['threads']} threads, not {threads}")
        return result

    def ours():
        return {precision: answer([program("training_step"), "run", file, str(steps), precision, str(threads)])
                for precision in precisions}

    def peer():
        return answer([PYTHON, str(SOURCE / "benchmarks/peer_training_step.py"), file, str(steps), str(threads)])

    mine, theirs = interleave(ours, peer, rounds, warm_up=0)
    rows, differences = [], {"tutorial": max(check("tutorial", result, exact) for result in theirs)}
    for precision in precisions:
        results = [result[precision] for result in mine]
        differences[precision] = max(check(precision, result, exact) for result in results)
        for unit, name in (("wall s/step", "wall_s"), ("CPU s/step", "cpu_s")):
            figures = [[result[name] / (steps - 1) for result in side] for side in (results, theirs)]
            name = f"{precision}, {threads} thread{'s' * (threads > 1)}, {kernels or 'as installed'}"
            rows.append(Comparison(name, unit, *figures, PEER, f">= {BARS[precision]}"))
    return rows, differences


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--steps", type=int, default=4, help="of each run, the first of them not timed")
    parser.add_argument("--threads", type=int, nargs="+", default=[2, 1])
    parser.add_argument("--quick", action="store_true", help="two rounds")
    options = parser.parse_args()
    rounds = 2 if options.quick else options.rounds
    features = json.loads(checked([program("training_step"), "features"], env=environment(1, "")).output)
    precisions = ["fp32", "bf16"] if features["bf16"] else ["fp32"]
    rows, notes = [], [] if features["bf16"] else ["bf16 is left out: this processor has no instructions for it"]
    with folder() as path:
        file = str(path / "start.safetensors")
        checked([program("training_step"), "prepare", file, str(options.steps)])
        exact = json.loads(checked([PYTHON, str(SOURCE / "benchmarks/peer_training_step.py"), file, str(options.steps),
                                    str(len(os.sched_getaffinity(0))), "fp64"]).output)
        for threads in options.threads:
            for kernels in ("", features["kernels"]):
                more, differences = compare(file, options.steps, threads, precisions, rounds, kernels, exact)
                rows += more
                notes += [f"losses, {threads} threads, {kernels or 'as installed'}, {name}: at most {value:.1e} from those "
                          "in double precision" for name, value in differences.items()]
    notes += [f"NOT REACHED: {row.name}, {row.unit}: {row.ratio():.2f}, bar {row.bar}" for row in rows
              if row.ratio() < float(row.bar.split()[-1])]
    print(f"{machine()}\n{rounds} rounds of {options.steps - 1} timed steps\n\n{table(rows)}\n\n" + "\n".join(notes))


if __name__ == "__main__":
    main()
