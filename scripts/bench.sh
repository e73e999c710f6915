#!/usr/bin/env bash
# Measures stacks of its own and prints numbers; says nothing about good or bad.
#   scripts/bench.sh [codec|backtest|start|latency|quiet|burst|attack …]
set -euo pipefail
cd "$(dirname "$0")/.."

swift build -c release
exec "$(swift build -c release --show-bin-path)/cdb_bench" "$@"
