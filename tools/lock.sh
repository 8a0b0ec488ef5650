# sh tools/lock.sh [--upgrade] [PYTHON]: compile the two locks from pyproject.toml.
#
# One file serves Linux, macOS and Windows, Python 3.11 to 3.13. It holds names, versions and
# hashes, no addresses: each machine uses the index it is set to use.
set -eu

wanted=${2:-}
. tools/find_python.sh
if [ ! -x .venv-lock/bin/uv ]; then
    "$python" -m venv .venv-lock
    .venv-lock/bin/python -m pip --quiet install uv
fi

compile() {
    # fewest: the same version for every Python where one will do
    .venv-lock/bin/uv pip compile "$@" --quiet --universal --fork-strategy fewest \
        --python-version 3.11 --generate-hashes --no-header --no-annotate \
        --no-emit-index-url --no-emit-find-links
}

compile pyproject.toml --extra lab --extra test $1 --output-file requirements.lock
pin=$(grep -o '^opencv-python==[^ ]*' requirements.lock)
echo "$pin" | sed 's/opencv-python/opencv-python-headless/' |
    compile - --no-deps --output-file requirements-headless.lock
# Each version must have a wheel for Windows, where nobody has a compiler.
for version in 3.11 3.12 3.13; do
    .venv-lock/bin/uv pip install --quiet --dry-run --no-deps --require-hashes \
        --only-binary :all: --python-platform windows --python-version $version \
        --target .venv-lock/windows --requirement requirements.lock
done
echo "requirements.lock: $(grep -c '==' requirements.lock) packages"
