#!/usr/bin/env bash
# Puts the npm packages of tools/npm/package-lock.json, each checked against the hash written there, in a folder. Needs no
# npm; nothing is installed, no script of a package is run.
#   tools/npm_packages.sh [--test] [FOLDER]   FOLDER is build/npm unless named; instant when it is there
# --test brings what the tests need too. Another registry than npm's: NPM_CONFIG_REGISTRY.
# Exit: 0 done, 2 usage, 5 this machine cannot.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
with_tests=no
if [ "${1:-}" = --test ]; then
  with_tests=yes
  shift
fi
folder=${1:-build/npm}
lock=tools/npm/package-lock.json
registry=${NPM_CONFIG_REGISTRY:-${npm_config_registry:-https://registry.npmjs.org}}

# Packages for the tests are more than those without, so their folder serves both.
is_there() { cmp -s $lock "$folder/test.lock" || { [ $with_tests = no ] && cmp -s $lock "$folder/board.lock"; }; }

# name version integrity, one package a line.
packages() {
  awk -v with_tests=$with_tests '
    function value() { split($0, part, "\""); return part[4] }
    function tell() { if (name != "" && (!dev || with_tests == "yes")) print name, version, integrity; name = "" }
    /^    "node_modules\// { tell(); split($0, part, "\""); name = substr(part[2], length("node_modules/") + 1); dev = 0 }
    /^      "version":/ { version = value() }
    /^      "integrity":/ { integrity = value() }
    /^      "dev": true/ { dev = 1 }
    END { tell() }' $lock
}

fetch() { # name version integrity
  local archive=$folder/$1.tgz hash
  hash=$(printf '%s' "${3#sha512-}" | base64 -d | od -An -vtx1 | tr -d ' \n')
  cmake -DURL="${registry%/}/$1/-/${1##*/}-$2.tgz" -DFILE="$archive" -DSHA512="$hash" -P tools/npm/download.cmake || return 1
  mkdir -p "$folder/node_modules/$1"
  tar -xzf "$archive" -C "$folder/node_modules/$1" --strip-components=1 --no-same-owner
  rm "$archive"
}

if is_there; then
  echo "the npm packages are in $folder"
  exit 0
fi
rm -rf "$folder/node_modules" "$folder"/*.lock
mkdir -p "$folder"
while read -r name version integrity; do
  fetch "$name" "$version" "$integrity" || {
    printf 'error: the npm package %s could not be fetched from %s\n  = fix: see the message above; run the same command again\n' \
      "$name" "$registry" >&2
    exit 5
  }
done < <(packages)
if [ $with_tests = yes ]; then cp $lock "$folder/test.lock"; else cp $lock "$folder/board.lock"; fi
echo "the npm packages are in $folder ($(du -sh "$folder/node_modules" | cut -f 1))"
