#!/usr/bin/env bash
# The whole check: rules, build, tests; with CI=true a minute of fuzzing, too.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/check.sh
swift build --build-tests
swift test --skip-build "$@"
if [ "${CI:-}" = true ]; then scripts/fuzz.sh 60; fi
