# sh tools/offline_kit.sh VENV: makes offline-kit/, all that a room without a network
# needs, for machines of this kind and this Python (teaching/rooms.md).
set -eu

python=$1/bin/python
kit=offline-kit
download="$python -m pip --quiet download --require-hashes --only-binary :all:"

if [ -n "$(git status --porcelain)" ]; then
    echo "What is not committed does not go into the kit."
fi
rm -rf "$kit"
mkdir -p "$kit/wheels"
git archive --prefix=dqn-tutorial/ HEAD | tar -x -C "$kit"
$download --dest "$kit/wheels" -r requirements.lock
# The one package more that a machine without a desktop may need (tools/set_up.sh).
$download --dest "$kit/wheels" --no-deps -r requirements-headless.lock
cp tools/offline_install.sh "$kit/install.sh"
cp tools/kind_of_machine.py "$kit/"
"$python" tools/kind_of_machine.py >"$kit/made-for"
echo "offline-kit/ is made for $(cat "$kit/made-for"): $(du -sh "$kit" | cut -f1)."
