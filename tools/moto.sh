#!/usr/bin/env bash
# Puts moto, a fake of AWS for the tests, in a folder: from Debian 13's pure Python packages, run by Debian 12's python3,
# as Debian 12 has no moto. Nothing is installed; apt checks every package against Debian's signatures.
#   tools/moto.sh [FOLDER]   FOLDER is build/moto unless named; instant when it is there
# Exit: 0 done, 5 this machine cannot.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
folder=${1:-build/moto}
release=trixie
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
# Only architecture-independent ones: compiled modules are in system_packages.txt. python3-moto forgets flask-cors.
packages=(
  python3-antlr4 python3-blinker python3-boto3 python3-botocore python3-certifi python3-chardet python3-click
  python3-dateutil python3-flask python3-flask-cors python3-idna python3-itsdangerous python3-jinja2 python3-jmespath
  python3-moto python3-requests python3-responses python3-s3transfer python3-six python3-urllib3 python3-werkzeug
  python3-xmltodict
)

fail() { # message fix
  printf 'error: %s\n  = fix: %s\n' "$1" "$2" >&2
  exit 5
}

contents() { printf '%s\n' "$release" "${packages[@]}"; }

# Third parties among them: only Debian's own has a release that its keyring signed.
mirrors() {
  apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Component: main' | grep -v security | sort -u
}

# Its own lists and cache: the machine's apt is neither read nor changed but for its mirror and proxy.
write_apt_configuration() { # folder mirror
  mkdir -p "$1"/{lists/partial,cache/archives/partial,parts,debs}
  echo "deb [signed-by=$keyring] $2 $release main" >"$1/sources.list"
  cat >"$1/apt.conf" <<END
Dir::Etc::sourcelist "$1/sources.list";
Dir::Etc::sourceparts "$1/parts";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "$1/parts";
Dir::State::lists "$1/lists";
Dir::State::status "/dev/null";
Dir::Cache "$1/cache";
APT::Sandbox::User "";
APT::Default-Release "";
APT::Architectures { "$(dpkg --print-architecture)"; };
Acquire::Languages "none";
Acquire::Retries "3";
END
}

fetch() { # apt folder
  export APT_CONFIG=$1/apt.conf
  apt-get -qq -o APT::Update::Error-Mode=any update || return 1
  (cd "$1/debs" && apt-get -qq download "${packages[@]}")
}

fetch_from_any() { # apt folder, mirrors...
  local folder=$1 from
  shift
  for from in "$@"; do
    write_apt_configuration "$folder" "$from"
    fetch "$folder" && return
  done
  return 1
}

unpack() { # folder of packages, destination
  local package
  for package in "$1"/*.deb; do
    dpkg-deb --fsys-tarfile "$package" |
      tar -x -C "$2" --strip-components=5 --exclude='*/tests/*' --wildcards './usr/lib/python3/dist-packages/*'
  done
}

if contents | cmp -s - "$folder/packages"; then
  echo "moto is in $folder"
  exit 0
fi
for program in apt-get dpkg-deb; do
  command -v $program >/dev/null || fail "$program is missing: this is not a Debian system" "run the tests on Debian 12"
done
[ -e $keyring ] || fail "$keyring is missing" "install debian-archive-keyring"
mapfile -t sources < <(mirrors)
[ ${#sources[@]} -gt 0 ] || fail "apt has no source of packages" "add your Debian mirror to /etc/apt/sources.list"

mkdir -p "$(dirname "$folder")"
work=$(mktemp -d "$(readlink -f "$(dirname "$folder")")/moto.XXXXXX")
trap 'rm -rf "$work"' EXIT
echo "fetching ${#packages[@]} packages of Debian $release from the mirror of this machine"
fetch_from_any "$work/apt" "${sources[@]}" || fail "Debian's packages could not be fetched" "see the messages of apt-get above; run the same command again"
mkdir -m 755 "$work/new"
unpack "$work/apt/debs" "$work/new"
contents >"$work/new/packages"
rm -rf "$folder"
mv -T "$work/new" "$folder"
echo "moto is in $folder ($(du -sh "$folder" | cut -f 1))"
