#!/usr/bin/env bash
# Installs what is needed, builds with warnings as errors, and runs every test. Safe to run again. Arguments go to
# ctest, for example
#   ./test.sh -L unit            the fast ones
#   ./test.sh -R ConfigErrors    by name
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")"
started=$SECONDS

step() { printf '\n==> %s\n' "$*"; }

# What the tests that failed said last, so that nobody has to look for it among the output of all.
show_failures() {
  local failed=build/dev/Testing/Temporary/LastTestsFailed.log
  [ -s "$failed" ] || return 0
  step "the last lines of what failed"
  awk -v lines=12 '
    NR == FNR { split($0, field, ":"); wanted[substr($0, length(field[1]) + 2)] = 1; next }
    /^[0-9]+\/[0-9]+ Testing: / { name = substr($0, index($0, "Testing: ") + 9); count = 0; kept = name in wanted }
    kept && /^(FAIL|ERROR): / { print name ": " $0 }
    kept && /^<end of output>/ { for (i = count - lines; i < count; i++) if (i >= 0) print name " | " text[i]; kept = 0 }
    kept { text[count++] = $0 }
  ' "$failed" build/dev/Testing/Temporary/LastTest.log
}

step "system packages (system_packages.txt)"
tools/packages.sh install build run test

step "moto, a fake of AWS (build/moto)"
# Without a mirror everything else is still worth testing; ctest names what it skips.
tools/moto.sh || echo "the tests against moto are skipped"

# Without the registry everything else is still worth testing.
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
  show_failures
  printf '\nSome tests failed (%d s in all). Again, only those: ctest --preset dev --rerun-failed\n' $((SECONDS - started))
fi
exit $status
