# sh install.sh [PYTHON]: sets up the series in this folder. No network is needed.
set -eu

cd "$(dirname "$0")"
made_for=$(cat made-for)
for python in ${1:-python3.13 python3.12 python3.11 python3 python}; do
    if [ "$("$python" kind_of_machine.py 2>/dev/null)" = "$made_for" ]; then
        cd dqn-tutorial
        # A folder named from here, so that the path to it may hold spaces.
        PIP_NO_INDEX=1 PIP_FIND_LINKS=../wheels make install PYTHON="$python"
        echo "Ready. Now: cd dqn-tutorial, then make lab"
        exit
    fi
done
echo "This kit is made for $made_for. That is not here." >&2
echo "Install it, name it (sh install.sh path/to/python), or make a kit" >&2
echo "on a machine like this one: make offline-kit" >&2
exit 1
