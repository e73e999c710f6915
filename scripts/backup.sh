#!/usr/bin/env bash
# cdb backup of the stack in containers, into DIR (default backups); KEEP days of archives stay (14).
#   [KEEP=DAYS] scripts/backup.sh [DIR]
# cdb restore of one: scripts/backup.sh --restore FILE [--force]
set -euo pipefail
cd "$(dirname "$0")/.."

# Archives belong to who runs this, not to the image's account.
run() {
    local directory=$1
    shift
    docker compose run --rm --no-deps --user "$(id -u):$(id -g)" \
        --volume "$(realpath "$directory"):/backups" cdb "$@"
}

if [ "${1:-}" = --restore ]; then
    file=${2:?names no archive}
    shift 2
    run "$(dirname "$file")" restore "/backups/$(basename "$file")" "$@"
else
    directory=${1:-backups}
    mkdir -p -m 0700 "$directory"
    run "$directory" backup --out /backups --keep "${KEEP:-14}"
fi
