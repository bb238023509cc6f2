#!/usr/bin/env bash
# Installs what is needed, builds with warnings as errors, and runs every test. Safe to run again. Arguments go to
# ctest, for example
#   ./test.sh -L unit            the fast ones
#   ./test.sh -R ConfigErrors    by name
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")"
started=$SECONDS

step() { printf '\n==> %s\n' "$*"; }

step "system packages (system_packages.txt)"
tools/packages.sh install build run test

step "moto, a fake of AWS (build/moto)"
# Without a mirror everything else is still worth testing; ctest names what it skips.
tools/moto.sh || echo "the tests against moto are skipped"

step "npm packages of the board and its tests (build/npm)"
tools/npm_packages.sh --test || echo "the tests of the board in a browser are skipped"

step "build (build/dev)"
if [ ! -f build/dev/build.ninja ]; then
  cmake --preset dev
fi
cmake --build --preset dev

step "tests"
status=0
ctest --preset dev "$@" || status=$?

if [ $status = 0 ]; then
  printf '\nAll tests passed (%d s in all). Again, only the fast ones: ctest --preset dev -L unit\n' $((SECONDS - started))
else
  printf '\nSome tests failed (%d s in all). Again, only those: ctest --preset dev --rerun-failed\n' $((SECONDS - started))
fi
exit $status
