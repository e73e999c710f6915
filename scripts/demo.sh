#!/usr/bin/env bash
# A minute of the whole stack on a simulated market, sixty times as fast, from nothing.
set -euo pipefail
cd "$(dirname "$0")/.."

swift build -c release
cdb="$(swift build -c release --show-bin-path)/cdb"

home=.demo
if [ -e "$home" ]; then
    "$cdb" down --dir "$home" >/dev/null 2>&1 || true # Nothing of the last demo runs any more.
    rm -rf "$home" || {
        echo "Cannot erase the last demo in $home: it belongs to another user; erase it first." >&2
        exit 1
    }
fi
exec "$cdb" up --feed sim --speed 60 --for 60 --dir "$home"
