#!/bin/sh
# Puts the locked packages of a requirements file into .venv:  sh warnapp/install.sh requirements-dev.txt
#
# Does nothing, and needs no network, when they are already there. Works with paths relative to the project's
# folder only, so that a folder with a space in its name does no harm.
set -eu
cd "$(dirname "$0")/.."

lock=$1
venv=.venv
# A stamp is a copy of the lock whose packages are installed; comparing contents, not times, survives a
# checkout that rewrites the files.
run_stamp=$venv/installed-requirements.txt
dev_stamp=$venv/installed-requirements-dev.txt

stop() {
    echo "$*" >&2
    exit 1
}

is_recent() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

# Prints the Python to build on: the one in $PYTHON, otherwise the first on the PATH that is recent enough.
find_python() {
    if [ -n "${PYTHON:-}" ]; then
        command -v "$PYTHON" >/dev/null 2>&1 ||
            stop "PYTHON is set to '$PYTHON', but there is no such program: set it to a Python of version 3.11 or later, or leave it unset."
        is_recent "$PYTHON" ||
            stop "'$PYTHON' is $("$PYTHON" --version 2>&1), but Python 3.11 or later is needed: set PYTHON to a later one, or leave it unset."
        echo "$PYTHON"
        return
    fi
    for candidate in python3 python3.11 python3.12 python3.13 python3.14; do
        if command -v "$candidate" >/dev/null 2>&1 && is_recent "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    found=$(python3 --version 2>&1) || found="no Python"
    stop "Python 3.11 or later is needed, but this machine has $found on its PATH: install a later one, or name it as in 'make demo PYTHON=/path/to/python3.12'."
}

# Prints what identifies a Python: version and place.
identity() {
    "$1" -c 'import os, sys; print(sys.version_info[:3], os.path.realpath(sys.base_prefix))' 2>/dev/null
}

# Runs a program and prints its output only if it fails: Ctrl-C would make it a traceback.
run() {
    output=$("$@" 2>&1) && return
    printf '%s\n' "$output" >&2
    return 1
}
trap 'stop "Stopped before everything was installed; the same command goes on from here."' INT

make_venv() {
    python=$(find_python) || exit 1
    "$python" -c 'import venv, ensurepip' 2>/dev/null ||
        stop "'$python' cannot make a virtual environment because its venv or ensurepip module is missing: install it (Debian and Ubuntu: apt-get install python3-venv), then try again."
    echo "Making a virtual environment in $venv with $("$python" --version 2>&1) …"
    run "$python" -m venv --clear "$venv" ||
        stop "The virtual environment could not be made in $venv (see above): free some disk space or mend the folder's permissions, then try again."
}

is_installed() {
    "$venv/bin/python" -c '' 2>/dev/null || return 1
    case $lock in
        requirements-dev.txt) cmp -s "$lock" "$dev_stamp" && cmp -s requirements.txt "$run_stamp" ;;
        *) cmp -s "$lock" "$run_stamp" ;;
    esac
}

# A Python that was asked for is never replaced by another one without a word.
if [ -n "${PYTHON:-}" ] && [ -e "$venv/bin/python" ]; then
    python=$(find_python) || exit 1
    [ "$(identity "$python")" = "$(identity "$venv/bin/python")" ] ||
        stop "PYTHON is set to '$PYTHON', but the packages in $venv are installed for another Python ($("$venv/bin/python" --version 2>&1)): delete the folder $venv to install them for this one, or leave PYTHON unset."
fi

if is_installed; then
    exit 0
fi

# A virtual environment whose Python has gone, or whose making was interrupted, is made anew.
if ! { is_recent "$venv/bin/python" && "$venv/bin/python" -c 'import pip' 2>/dev/null; }; then
    make_venv
fi

# From here until pip is done the environment agrees with no lock.
rm -f "$run_stamp" "$dev_stamp"
echo "Installing $(grep -c '==' "$lock") packages from $lock (downloads them the first time; a minute or two) …"
# --only-binary: a package built here would fetch tools to build it with, and no hash pins those.
run "$venv/bin/python" -m pip install -qq --no-input --disable-pip-version-check \
    --root-user-action=ignore --only-binary=:all: --require-hashes -r "$lock" ||
    stop "The packages could not be installed (pip's own words are above): check that this machine can reach its package index, then run the same command again."

# The development lock contains the one to run with, version for version (`make lock` sees to that).
cp requirements.txt "$run_stamp"
if [ "$lock" = requirements-dev.txt ]; then
    cp "$lock" "$dev_stamp"
fi
