#!/bin/sh
# Sets up a machine. Works in every POSIX shell.
#   tools/setup.sh PYTHON VENV   for developers (make setup): the virtual environment, and on Debian or Ubuntu the
#                                system libraries that Qt needs
#   tools/setup.sh --libraries   the system libraries alone, for somebody who just runs the window
set -eu

fail() { echo "setup: $*" >&2; exit 1; }

# Libraries that the PyQt5 wheel loads but does not bring (window and offscreen), and fonts to draw text and emoji with.
libraries="libgl1 libegl1 libglib2.0-0 libfontconfig1 libdbus-1-3 libxkbcommon-x11-0 libxcb-icccm4 libxcb-image0
libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-shape0 libxcb-xinerama0 libxcb-xfixes0 libxcb-xkb1
fonts-inter fonts-dejavu-core fonts-noto-color-emoji"

# Prints those of the given packages that are not installed.
missing_of() {
  for package in "$@"; do
    # t64: newer releases renamed some of these packages. dpkg-query fails when one of two names is unknown to it; what
    # it prints counts.
    state=$(dpkg-query -W -f '${Status}\n' "$package" "${package}t64" 2>/dev/null || true)
    case "$state" in *"install ok installed"*) ;; *) printf '%s ' "$package" ;; esac
  done
}

# Installs the given packages, with sudo where need be.
install() {
  sudo=""
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || fail "run as root, or install these first: apt-get install $*"
    sudo="sudo"
  fi
  echo "setup: installing system packages: $*"
  $sudo apt-get update -qq || echo "setup: apt-get update failed; going on with the package lists that are there" >&2
  $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null \
    || fail "apt-get could not install: $*"
}

has_apt() { [ "$(uname -s)" = Linux ] && command -v dpkg-query >/dev/null && command -v apt-get >/dev/null; }

if [ "${1:-}" = --libraries ]; then
  has_apt || fail "this installs packages of Debian and Ubuntu; elsewhere install what 'run_client.py --doctor' misses"
  missing=$(missing_of $libraries)
  [ -z "$missing" ] || install $missing
  exit 0
fi

[ $# = 2 ] || fail "usage: tools/setup.sh PYTHON VENV, or tools/setup.sh --libraries"
python=$1
venv=$2
command -v "$python" >/dev/null \
  || fail "no $python found; install Python 3.11 or newer (Debian: apt-get install python3 python3-venv)"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
  || fail "$("$python" --version) is too old; Python 3.11 or newer is needed"
if has_apt; then
  missing=$(missing_of $libraries)
  if ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
    # Debian packs these apart, for each Python that it has.
    missing="$missing $("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
  fi
  [ -z "${missing# }" ] || install $missing
fi

[ -x "$venv/bin/python" ] || "$python" -m venv "$venv" || fail "could not create $venv (Debian: apt-get install python3-venv)"
echo "setup: installing Python packages into $venv"
# The locks name every package: --no-deps takes just these, whatever has been released since; pip check tells if one is
# missing.
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
  -r requirements.txt -r requirements-dev.txt || fail "pip could not install requirements.txt and requirements-dev.txt"
"$venv/bin/python" -m pip check --disable-pip-version-check >/dev/null \
  || fail "the locks are not complete: $venv/bin/python -m pip check"
touch "$venv/.ready"
