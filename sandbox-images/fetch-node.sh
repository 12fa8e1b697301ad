#!/bin/sh
# Fetches the Node.js binaries of the sandbox images for one architecture into .cache/RUNTIME/ARCHITECTURE/node, which
# is where the Dockerfiles take them from. Called before `docker build`; does nothing when all are there.
#
#   sandbox-images/fetch-node.sh [amd64|arm64]      (default: this machine's)
set -eu

here=$(cd "$(dirname "$0")" && pwd)
architecture=${1:-$(uname -m | sed 's/x86_64/amd64/; s/aarch64/arm64/')}

fail() {
    echo "fetch-node: $*" >&2
    exit 1
}

# integrity FILE: its SHA-512 in the form npm uses
integrity() {
    echo "sha512-$(openssl dgst -sha512 -binary "$1" | base64 | tr -d '\n')"
}

fetch() {
    runtime=$1 package=$2 expected=$3
    target=$here/.cache/$runtime/$architecture
    if [ "$(cat "$target/version" 2>/dev/null)" = "$package" ] && [ -x "$target/node" ]; then
        return
    fi
    echo "fetching $package for $runtime"
    mkdir -p "$target"
    work=$(mktemp -d "$target/fetch.XXXXXX")
    archive=$work/$(cd "$work" && npm pack --silent "$package") || fail "npm cannot fetch $package; is a package registry reachable?"
    actual=$(integrity "$archive")
    [ "$actual" = "$expected" ] || fail "$package has integrity $actual, expected $expected (node.versions)"
    tar -xzf "$archive" -C "$work" package/bin/node
    chmod 0755 "$work/package/bin/node"
    mv "$work/package/bin/node" "$target/node"
    echo "$package" >"$target/version"
    rm -rf "$work"
}

case $architecture in
amd64 | arm64) ;;
*) fail "no Node.js binaries for architecture '$architecture', only for amd64 and arm64" ;;
esac

grep -v '^#' "$here/node.versions" | while read -r runtime for_architecture package expected; do
    if [ "$for_architecture" = "$architecture" ]; then
        fetch "$runtime" "$package" "$expected"
    fi
done
