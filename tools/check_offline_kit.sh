# sh tools/check_offline_kit.sh: installs from a copy of offline-kit/ in a new folder,
# cut off from the network, and runs doctor there.
set -eu

# Run something in a network that holds this machine and nothing else.
alone() {
    unshare --map-root-user --net "$@"
}
if ! routes=$(alone cat /proc/self/net/route) || [ "$(echo "$routes" | wc -l)" -gt 1 ]
then
    echo "The network cannot be cut off here: unshare is missing or not allowed." >&2
    exit 1
fi
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cp -R offline-kit "$room/a kit"
PIP_CONFIG_FILE=/dev/null alone sh "$room/a kit/install.sh"
alone make -C "$room/a kit/dqn-tutorial" doctor
