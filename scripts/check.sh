#!/usr/bin/env bash
# The rules of the house that a machine can see; exit 1 with every place that breaks one.
set -euo pipefail
cd "$(dirname "$0")/.."
export LC_ALL=C.UTF-8

pure=(Sources/{CoreModels,WireFormats,EventSchema,DecisionCores,Exchange,MarketSources,SimulatedExchange,Backtesting})
failures=0

# forbid WHY PATTERN DIRECTORY…: no code line may match; comments may.
forbid() {
    local why=$1 pattern=$2
    shift 2
    local found
    found=$(grep -rnE --include='*.swift' -e "$pattern" "$@" \
        | grep -vE '^[^:]*:[0-9]+:[[:space:]]*//' || true)
    if [ -n "$found" ]; then
        printf '%s\n%s\n\n' "error: $why" "$found"
        failures=1
    fi
}

imports='^[[:space:]]*(@[a-zA-Z()]+[[:space:]]+)*((public|package|internal|private)[[:space:]]+)?import[[:space:]]+'
forbid "pure code imports only pure code" \
    "$imports(Foundation|FoundationEssentials|Glibc|Dispatch|Synchronization|ServiceKit)" "${pure[@]}"
forbid "pure code reads no clock" \
    '\b(clock_gettime|gettimeofday|ContinuousClock|SuspendingClock|Date\(|DispatchTime)' "${pure[@]}"
forbid "pure code draws no random number and no id" \
    '(\.random\(|SystemRandomNumberGenerator|\.shuffled\(\)|\bUUID\(|\bhashValue\b)' "${pure[@]}"
forbid "pure code prints nothing" '(^|[^a-zA-Z.])(debugPrint|print)\(' "${pure[@]}"
forbid "pure code starts no task and no thread" '\b(Task *\{|Task\.|Thread\()' "${pure[@]}"
forbid "services and libraries do without full Foundation" "${imports}Foundation$" Sources
forbid "an error has a cause and a remedy" '(\btry!|\bfatalError\(|\bas!)' Sources Tests
forbid "nothing is left for later" '\b(TODO|FIXME|XXX)\b' Sources Tests scripts
forbid "tests wait on conditions" '\b(sleep|usleep|nanosleep)\(' Tests

# Files up to 400 lines, functions up to 60 (from the line with `func` or `init` to its brace).
long=$(find Sources Tests -name '*.swift' -print0 | xargs -0 awk '
    FNR == 1 { start = 0 }
    FNR == 401 { print FILENAME ": more than 400 lines" }
    !start && /^ *([a-z@()]+ )*(func |init[(<?])/ && !/}$/ {
        match($0, /^ */); indent = RLENGTH; start = FNR
    }
    start && /^ *}$/ {
        match($0, /^ */)
        if (RLENGTH == indent) {
            if (FNR - start >= 60) print FILENAME ":" start ": a function of " FNR - start + 1 " lines"
            start = 0
        } else if (RLENGTH < indent) start = 0
    }')
if [ -n "$long" ]; then
    printf 'error: too long to be one job\n%s\n\n' "$long"
    failures=1
fi

swift format lint --strict --parallel --recursive --configuration .swift-format \
    Sources Tests Package.swift Fuzz/Sources/fuzz Fuzz/Package.swift || failures=1

if [ "$failures" -ne 0 ]; then exit 1; fi
echo "check: all rules hold"
