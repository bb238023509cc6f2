#!/usr/bin/env bash
# Puts the npm packages of tools/npm/package-lock.json, each checked against the hash written there, in a folder. Nothing
# is installed, no script of a package is run.
#   tools/npm_packages.sh [--test] [FOLDER]   FOLDER is build/npm unless named; instant when it is there
# --test brings what the tests need too. Exit: 0 done, 2 usage, 5 this machine cannot.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
omit=(--omit=dev)
if [ "${1:-}" = --test ]; then
  omit=()
  shift
fi
folder=${1:-build/npm}

fail() { # message fix
  printf 'error: %s\n  = fix: %s\n' "$1" "$2" >&2
  exit 5
}

contents() { cat tools/npm/package-lock.json; }
# Packages for the tests are more than those without, so their folder serves both.
is_there() { contents | cmp -s - "$folder/test.lock" || { [ ${#omit[@]} -gt 0 ] && contents | cmp -s - "$folder/board.lock"; }; }

if is_there; then
  echo "the npm packages are in $folder"
  exit 0
fi
command -v npm >/dev/null || fail "npm is missing" "install Node.js with npm (Debian: apt-get install npm)"

mkdir -p "$folder"
cp tools/npm/package.json tools/npm/package-lock.json "$folder"
rm -f "$folder"/*.lock
npm ci --prefix "$folder" --ignore-scripts --no-audit --no-fund --loglevel=error "${omit[@]}" >/dev/null ||
  fail "the npm packages could not be fetched" "see the messages of npm above; run the same command again"
if [ ${#omit[@]} -gt 0 ]; then contents >"$folder/board.lock"; else contents >"$folder/test.lock"; fi
echo "the npm packages are in $folder ($(du -sh "$folder/node_modules" | cut -f 1))"
