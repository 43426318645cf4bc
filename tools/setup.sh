#!/usr/bin/env bash
# Makes the virtual environment and, on Debian or Ubuntu, installs the system libraries that Qt needs.
set -euo pipefail
python=$1
venv=$2

fail() { echo "setup: $*" >&2; exit 1; }

command -v "$python" >/dev/null || fail "no $python found; install Python 3.11 or newer (Debian: apt-get install python3 python3-venv)"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || fail "$("$python" --version) is too old; Python 3.11 or newer is needed"

# Libraries that the PyQt5 wheel loads but does not bring (window and offscreen), and fonts to draw text and emoji with.
packages="libgl1 libegl1 libglib2.0-0 libfontconfig1 libdbus-1-3 libxkbcommon-x11-0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1
libxcb-randr0 libxcb-render-util0 libxcb-shape0 libxcb-xinerama0 libxcb-xfixes0 libxcb-xkb1 fonts-inter fonts-dejavu-core fonts-noto-color-emoji"
if [ "$(uname -s)" = Linux ] && command -v dpkg-query >/dev/null; then
  missing=()
  for package in $packages; do
    # t64 names: Ubuntu 24.04 renamed some of these packages.
    # dpkg-query fails when one of the two names is unknown; what it prints counts.
    state=$(dpkg-query -W -f '${Status}\n' "$package" "${package}t64" 2>/dev/null || true)
    case "$state" in *"install ok installed"*) ;; *) missing+=("$package") ;; esac
  done
  "$python" -c 'import venv, ensurepip' 2>/dev/null || missing+=(python3-venv)
  if [ ${#missing[@]} -gt 0 ]; then
    sudo=""
    if [ "$(id -u)" != 0 ]; then
      command -v sudo >/dev/null || fail "run as root, or install these first: apt-get install ${missing[*]}"
      sudo="sudo"
    fi
    echo "setup: installing system packages: ${missing[*]}"
    $sudo apt-get update -qq
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null \
      || fail "apt-get could not install: ${missing[*]}"
  fi
fi

[ -x "$venv/bin/python" ] || "$python" -m venv "$venv" || fail "could not create $venv (Debian: apt-get install python3-venv)"
echo "setup: installing Python packages into $venv"
# The locks name every package: --no-deps takes just these, whatever has been released since; pip check says if one is missing.
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
  -r requirements.txt -r requirements-dev.txt || fail "pip could not install requirements.txt and requirements-dev.txt"
"$venv/bin/python" -m pip check --disable-pip-version-check >/dev/null || fail "the locks are not complete: $venv/bin/python -m pip check"
touch "$venv/.ready"
