#!/usr/bin/env bash
# Fuzzes every decoder of bytes from outside with libFuzzer, some seconds each (default 60 in all):
#   scripts/fuzz.sh [SECONDS [DECODER…]]
# Exit 1 with the input's path when one breaks a decoder. What was learnt stays in
# .build/fuzz/corpus and the next run goes on from there; Fuzz/Seeds holds the first inputs.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${1:-60}
shift || true
decoders=("$@")
[ ${#decoders[@]} -gt 0 ] || decoders=(frames replies events json http text rows)
if ! [[ $seconds =~ ^[0-9]+$ ]] || [ "$seconds" -lt ${#decoders[@]} ]; then
    echo "usage: scripts/fuzz.sh [SECONDS [DECODER…]], at least a second for each decoder" >&2
    exit 2
fi

# libFuzzer comes with the toolchain: beside the sanitizers of its clang.
toolchain=$(dirname "$(dirname "$(readlink -f "$(command -v swift)")")")
archive=libclang_rt.fuzzer_no_main-$(uname -m).a
FUZZER_ARCHIVE=$(find "$toolchain/lib/clang" -name "$archive" -print -quit)
if [ -z "$FUZZER_ARCHIVE" ]; then
    echo "error: this Swift has no libFuzzer ($archive)" >&2
    exit 1
fi
export FUZZER_ARCHIVE

build=(swift build --package-path Fuzz --scratch-path .build/fuzz -c release)
"${build[@]}"
fuzz="$("${build[@]}" --show-bin-path)/fuzz"

found=.build/fuzz/found
mkdir -p "$found"
for decoder in "${decoders[@]}"; do
    corpus=.build/fuzz/corpus/$decoder
    mkdir -p "$corpus"
    log=.build/fuzz/$decoder.log
    if ! "$fuzz" "$decoder" -max_total_time=$((seconds / ${#decoders[@]})) -max_len=8192 \
        -timeout=10 -rss_limit_mb=1024 -print_final_stats=1 -artifact_prefix="$found/$decoder-" \
        "$corpus" "Fuzz/Seeds/$decoder" >"$log" 2>&1
    then
        tail -n 40 "$log" >&2
        input=$(sed -n 's/.*Test unit written to //p' "$log" | tail -n 1)
        echo "error: $decoder breaks on ${input:-an input, see $log}" >&2
        echo "again: $fuzz $decoder ${input:-}" >&2
        exit 1
    fi
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    echo "fuzz: $decoder took $runs inputs"
done
