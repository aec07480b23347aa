#!/bin/sh
# From a fresh clone to a result, in one command; run again, it only does what is left to do.
#   sh cmake/bootstrap.sh demo [option...]   builds pokemon_conv and runs it with these options (try --help)
#   sh cmake/bootstrap.sh test [option...]   builds everything and runs the tests (options are ctest's)
# On Debian and Ubuntu it first installs the packages that are missing.
set -eu

packages="g++ cmake libeigen3-dev catch2 libstb-dev libcli11-dev nlohmann-json3-dev zlib1g-dev"

say() { printf '%s\n' "$*"; }
fail() {
  say "bootstrap: $*" >&2
  exit 1
}
installed() { dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null | grep -qx installed; }

install_packages() {
  if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
    say "This is not Debian or Ubuntu, so nothing is installed. You need: a C++20 compiler, CMake 3.25, Eigen 3.4;"
    say "also Catch2 (tests), CLI11 and stb (examples and images), nlohmann_json (model files), zlib (compressed"
    say "files)."
    return
  fi
  missing=""
  for package in $packages; do
    installed "$package" || missing="$missing $package"
  done
  command -v make >/dev/null || command -v ninja >/dev/null || missing="$missing make"
  [ -n "$missing" ] || return 0

  say "Installing:$missing"
  as_root=""
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || fail "as root, please: apt-get install$missing"
    as_root="sudo"
  fi
  $as_root apt-get update </dev/null || say "The list of packages could not be renewed; trying with the one there is."
  # shellcheck disable=SC2086 # words apart
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing </dev/null ||
    fail "the packages could not be installed:$missing"
}

configure() {
  if ! command -v make >/dev/null; then CMAKE_GENERATOR=Ninja && export CMAKE_GENERATOR; fi
  cmake --preset release </dev/null
}

build() { cmake --build --preset release --parallel "$cores" "$@" </dev/null; }

command=${1:-}
case "$command" in
  demo | test) shift ;;
  -h | --help | help) sed -n '2,5s/^# *//p' "$0" && exit 0 ;;
  *) fail "usage: sh cmake/bootstrap.sh demo|test [option...]" ;;
esac

start=$(pwd)
cd "$(dirname "$0")/.."
root=$(pwd)
cores=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)

install_packages
configure
if [ "$command" = demo ]; then
  build --target pokemon_conv
  cd "$start" # the program's options may name folders from here
  case " $* " in
    *" --out"*) ;;
    *) set -- --out "$root/build/demo" "$@" ;;
  esac
  case " $* " in
    *" --seconds"* | *" --epochs"* | *" --architecture"*) ;;
    *) set -- --seconds 120 "$@" ;; # what the demo may take to train
  esac
  exec "$root/build/release/examples/pokemon_conv" "$@"
else
  build
  exec ctest --preset release --parallel "$cores" "$@"
fi
