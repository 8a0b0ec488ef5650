# Sourced: sets `python` to a supported Python, `$wanted` if that is not empty, or stops
# with what to do.

works() {
    "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
        2>/dev/null
}

python=
for name in ${wanted:-python3.13 python3.12 python3.11 python3 python}; do
    if works "$name"; then
        python=$name
        break
    fi
done
if [ -z "$python" ]; then
    echo "Python 3.11, 3.12 or 3.13 is needed${wanted:+, and $wanted is none of them}." >&2
    echo "Install one, or name it: make lab PYTHON=path/to/python3.12" >&2
    exit 1
fi
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    echo "$python cannot make virtual environments: ensurepip is missing." >&2
    echo "On Debian and Ubuntu: apt install python3-venv" >&2
    exit 1
fi
