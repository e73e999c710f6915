#!/usr/bin/env bash
# Starts the stack in containers; writes .env when there is none. Needs Docker, not Swift.
#   scripts/up.sh [ARGUMENT OF docker compose up]…
set -euo pipefail
cd "$(dirname "$0")/.."

if [ ! -e .env ]; then
    docker build --tag claire-de-binare .
    umask 077
    docker run --rm claire-de-binare cdb init-env --file - >.env.new
    mv .env.new .env
    echo ".env is written, with passwords of its own."
fi
docker compose up --detach --build "$@"
docker compose ps
