#!/usr/bin/env bash
# Installs the Debian packages of system_packages.txt.
#   tools/packages.sh install build run   installs what is missing of these groups; instant when nothing is
#   tools/packages.sh list build          prints the packages of these groups
# Works as root or with sudo. Exit: 0 done, 2 usage, 5 this machine cannot.
set -euo pipefail
list=$(dirname "$(readlink -f "$0")")/../system_packages.txt

fail() { # code message fix
  printf 'error: %s\n  = fix: %s\n' "$2" "$3" >&2
  exit "$1"
}

packages_of() { # groups...
  awk -v groups="$*" 'BEGIN { n = split(groups, g, " "); for (i = 1; i <= n; i++) wanted[g[i]] = 1 }
    /^[[:space:]]*(#|$)/ { next }
    { m = split($2, own, ","); for (i = 1; i <= m; i++) if (own[i] in wanted) { print $1; next } }' "$list"
}

missing_of() { # packages...
  local installed
  installed=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "$@" 2>/dev/null | awk '$2 == "installed" { print $1 }' || true)
  printf '%s\n' "$@" | grep -vxF -f <(printf '%s\n' "$installed") || true
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  else
    sudo "$@"
  fi
}

apt() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Dpkg::Use-Pty=0 -o Acquire::Retries=3 "$@"
}

command=${1:-}
[ $# -gt 0 ] && shift
case $command in
  list | install) ;;
  *) fail 2 "unknown command '$command'" "tools/packages.sh install build run" ;;
esac
for group in "$@"; do
  case $group in
    build | run | test | dev | image) ;;
    *) fail 2 "unknown group '$group'" "one of build, run, test, dev, image" ;;
  esac
done

mapfile -t wanted < <(packages_of "$@")
if [ "$command" = list ]; then
  printf '%s\n' "${wanted[@]}"
  exit 0
fi
command -v dpkg-query >/dev/null || fail 5 "this is not a Debian system: dpkg-query is missing" "install the counterparts of: ${wanted[*]}"
mapfile -t missing < <(missing_of "${wanted[@]}")
if [ ${#missing[@]} = 0 ]; then
  echo "all ${#wanted[@]} packages are installed"
  exit 0
fi
[ "$(id -u)" = 0 ] || command -v sudo >/dev/null ||
  fail 5 "${#missing[@]} packages are missing, and installing them needs root or sudo" "as root: apt-get install ${missing[*]}"

echo "installing ${#missing[@]} of ${#wanted[@]} packages: ${missing[*]}"
# The package lists of a fresh machine are empty or old: fetch them when they do not know a package, or when what they
# name is no longer served.
if ! apt install --no-install-recommends "${missing[@]}"; then
  echo "fetching the package lists, then once more"
  apt update
  apt install --no-install-recommends "${missing[@]}" ||
    fail 5 "apt-get could not install the packages" "see the messages of apt-get above; run the same command again"
fi
