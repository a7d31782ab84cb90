#!/usr/bin/env bash
# set_up.sh runtime|dev makes ./.venv and installs that locked set of packages and Phoenix itself into it. It does nothing
# when the set is already there; a changed lock file or pyproject.toml installs anew.
# set_up.sh ib-async does so with ./.venv-ib-async: ib_async cannot share an environment with ib_insync's event library.
# set_up.sh which-python prints the interpreter that would be used.
set -euo pipefail
cd "$(dirname "$0")/.."

group=${1:-dev}
lock=requirements/$group.txt
environment=.venv
[ "$group" != ib-async ] || environment=.venv-ib-async
export PIP_DISABLE_PIP_VERSION_CHECK=1

say() { printf '==> %s\n' "$*"; }

supported() { # Whether $1 runs and is a Python that Phoenix supports, with the venv module.
    "$1" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' >/dev/null 2>&1
}

find_python() {
    local candidate
    for candidate in "${PYTHON:-}" python3.11 python3.12 python3.13 python3 python; do
        if [ -n "$candidate" ] && supported "$candidate"; then
            printf '%s\n' "$candidate"
            return
        fi
    done
    cat >&2 <<'TXT'
Phoenix needs Python 3.11, 3.12 or 3.13 with the venv module, and found none on the PATH.
Install one (on Debian and Ubuntu: apt-get install python3 python3-venv), or name one: make setup PYTHON=/path/to/python3.11
TXT
    return 1
}

key_of() { # What an installed set is known by: its lock files and the project's own metadata.
    cat requirements/build.txt "requirements/$1.txt" pyproject.toml | cksum
}

installed() { # Whether the set $1, in its present version, is in the environment.
    local mark=$environment/.set-up-$1
    [ -f "$mark" ] && [ "$(cat "$mark")" = "$(key_of "$1")" ] && [ -x "$environment/bin/phoenix" ]
}

if [ "$group" = which-python ]; then
    find_python
    exit
fi
if [ -e "$environment" ] && ! supported "$environment/bin/python"; then
    say "removing ./$environment: its Python does not run, or is not one that Phoenix supports"
    rm -rf "$environment"
fi
if installed dev || installed "$group"; then
    say "./$environment is up to date"
    exit 0
fi
if [ ! -e "$environment" ]; then
    python=$(find_python)
    say "making ./$environment with $("$python" --version)"
    "$python" -m venv "$environment"
fi
say "installing the build tools from requirements/build.txt"
"$environment/bin/python" -m pip install --quiet --require-hashes --only-binary :all: --requirement requirements/build.txt
say "installing $(grep -c '==' "$lock") locked packages from $lock"
# ibapi is the one package that is published as source only; it is built with the locked tools above.
"$environment/bin/python" -m pip install --require-hashes --only-binary :all: --no-binary ibapi --no-build-isolation --requirement "$lock"
say "installing Phoenix itself"
"$environment/bin/python" -m pip install --quiet --no-deps --no-build-isolation --editable .
key_of "$group" >"$environment/.set-up-$group"
say "./$environment is ready"
