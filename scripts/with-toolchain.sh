#!/usr/bin/env bash
# Runs a command where Swift and the dependencies are: here, else in Swift's Docker image.
#   scripts/with-toolchain.sh COMMAND [ARGUMENT…]
set -euo pipefail
cd "$(dirname "$0")/.."

oldest="6.2"
image="swift:6.3-bookworm"

swift_version() {
    swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' | head -n 1
}

found=$(swift_version || true)
if [ -n "$found" ] && [ "$(printf '%s\n' "$oldest" "$found" | sort -V | head -n 1)" = "$oldest" ]
then
    scripts/install-dependencies.sh
    exec "$@"
fi

echo "Swift $oldest or newer is not installed (found: ${found:-none})."
if command -v docker >/dev/null && docker info >/dev/null 2>&1; then
    echo "Using Docker's image $image instead."
    exec docker run --rm --init --volume "$PWD:/project" --workdir /project "$image" \
        sh -c 'scripts/install-dependencies.sh && exec "$@"' sh "$@"
fi
cat >&2 <<TEXT
Install Swift from https://www.swift.org/install/linux/ (swiftly does it in one line),
or install Docker, and run the same command again.
TEXT
exit 1
