#!/usr/bin/env bash
# The whole check: rules, build, tests.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/check.sh
swift build --build-tests
swift test --skip-build "$@"
