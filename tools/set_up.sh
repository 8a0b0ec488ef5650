# sh tools/set_up.sh VENV [PYTHON]: a virtual environment with the locked versions.
set -eu

venv=$1
wanted=${2:-}

# What is there already is brought up to date, unless another Python is wanted.
if [ -n "$wanted" ] && [ "$("$wanted" -V 2>&1)" != "$("$venv/bin/python" -V 2>&1)" ] ||
    ! "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
    . tools/find_python.sh
    echo "Setting up $venv with $("$python" -V)."
    [ -n "${PIP_NO_INDEX:-}" ] || echo "The download is about 1 GB."
    "$python" -m venv --clear "$venv"
else
    echo "Bringing $venv up to date."
fi
pip="$venv/bin/python -m pip --quiet"
# A pip.conf may name an index or a proxy, but not change what is installed, or where.
export PIP_USER=0 PIP_NO_DEPS=0 PIP_REQUIRE_HASHES=0 PIP_NO_BINARY=:none:
if "$venv/bin/python" -m pip config list | grep -E '\.(target|prefix|root)='; then
    echo "With these settings pip installs elsewhere than into $venv: unset them." >&2
    exit 1
fi
$pip install --require-hashes -r requirements.lock

# opencv-python wants the libraries of a desktop. A bare server or container lacks
# them; the headless build of the same version does all that is needed here. Both own
# the same files, so both go before one comes.
if ! "$venv/bin/python" -c 'import cv2' 2>/dev/null; then
    echo "libGL is missing: opencv-python-headless takes the place of opencv-python."
    $pip uninstall --yes opencv-python opencv-python-headless 2>/dev/null
    $pip install --require-hashes --no-deps -r requirements-headless.lock
    "$venv/bin/python" -c 'import cv2'
fi

# The lock holds setuptools, so that this step needs no network.
$pip install --no-deps --no-build-isolation --editable .

# Two things that would otherwise happen in front of a student: Matplotlib looks
# through the fonts, and JupyterLab asks whether to fetch news.
"$venv/bin/python" -c 'import matplotlib.pyplot' 2>/dev/null || {
    echo "Matplotlib does not load: $venv/bin/python -c 'import matplotlib.pyplot'" >&2
    exit 1
}
settings="$venv/share/jupyter/lab/settings"
mkdir -p "$settings"
cp tools/jupyterlab_overrides.json "$settings/overrides.json"
