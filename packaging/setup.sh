#!/usr/bin/env bash
# Sets up .venv with everything the project needs, and the desktop libraries Qt expects.
# Safe to run again: it does nothing when nothing changed.
set -euo pipefail
cd "$(dirname "$0")/.."

python="${PYTHON:-python3}"
venv=.venv
stamp="$venv/.installed"
desktop_libraries="libegl1 libgl1 libxkbcommon0 libdbus-1-3 libfontconfig1 libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-render-util0 libxcb-shape0 libxcb-xkb1"

say() { printf '%s\n' "$*" >&2; }
have() { command -v "$1" >/dev/null 2>&1; }
is_root() { [ "$(id -u)" = 0 ]; }

apt_install() {
  if is_root && have apt-get; then
    say "Installing: $*"
    DEBIAN_FRONTEND=noninteractive apt-get update -qq >/dev/null
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
  else
    return 1
  fi
}

if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
  say "Campus Kiosk needs Python 3.11 or newer; '$python' is older or missing."
  say "Name another one with: make PYTHON=/path/to/python3.12 $*"
  exit 1
fi

make_venv() {
  [ -x "$venv/bin/python" ] && "$venv/bin/python" -m pip --version >/dev/null 2>&1 && return
  rm -rf "$venv"
  if ! "$python" -m venv "$venv" >/dev/null 2>&1; then
    rm -rf "$venv"
    apt_install python3-venv || {
      say "Python cannot make virtual environments here. Run: sudo apt-get install python3-venv"
      exit 1
    }
    "$python" -m venv "$venv"
  fi
}

fingerprint="$(cat pyproject.toml constraints.txt | cksum) $("$python" -c 'import sys; print(sys.version)')"
if [ ! -f "$stamp" ] || [ "$(cat "$stamp")" != "$fingerprint" ]; then
  make_venv
  say "Setting up $venv (the first time this downloads about 300 MB)"
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    --constraint constraints.txt --editable '.[demo]' --group dev
  printf '%s' "$fingerprint" >"$stamp"
fi

# Qt itself, and what its X platform is linked against: the import alone does not tell.
qt_fault() {
  "$venv/bin/python" - <<'CHECK' 2>&1 | tail -n 1
import ctypes, pathlib, sys
try:
    import PySide6.QtWidgets
    plugin = pathlib.Path(PySide6.__file__).parent / "Qt/plugins/platforms/libqxcb.so"
    if sys.platform == "linux" and plugin.exists():
        ctypes.CDLL(str(plugin))
except (ImportError, OSError) as fault:
    print(fault)
CHECK
}

if [ -n "$(qt_fault)" ]; then
  # shellcheck disable=SC2086
  apt_install $desktop_libraries || true
  fault="$(qt_fault)"
  if [ -n "$fault" ]; then
    say "Qt misses a library of this system: $fault"
    if have apt-get; then say "Run: sudo apt-get install $desktop_libraries"; fi
    # Without a display only Qt itself is needed, for tests and pictures.
    if [ -n "${DISPLAY:-}" ] || ! "$venv/bin/python" -c 'import PySide6.QtWidgets' 2>/dev/null; then
      exit 1
    fi
  fi
fi
