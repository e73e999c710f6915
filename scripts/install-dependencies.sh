#!/usr/bin/env bash
# Installs what building and running needs and Debian has: says what, does nothing when all is there.
# Starts no system service: the project runs private servers of its own.
set -euo pipefail

missing=()

need() { # PACKAGE COMMAND…: the package is missing when the command fails.
    local package=$1
    shift
    "$@" >/dev/null 2>&1 || missing+=("$package")
}

has_postgres() { # 15 or newer
    compgen -G '/usr/lib/postgresql/1[5-9]/bin/initdb' \
        || compgen -G '/usr/lib/postgresql/[2-9][0-9]/bin/initdb' || command -v initdb
}

need redis-server command -v redis-server
need postgresql has_postgres
need pkg-config command -v pkg-config
need libhiredis-dev test -e /usr/include/hiredis/hiredis.h
need libpq-dev command -v pg_config
need libssl-dev test -e /usr/include/openssl/evp.h
need libwebsockets-dev test -e /usr/include/libwebsockets.h
need libcurl4-openssl-dev pkg-config --exists libcurl
need zlib1g-dev test -e /usr/include/zlib.h
need libzstd-dev test -e /usr/include/zstd.h
need prometheus command -v promtool
need prometheus-alertmanager command -v amtool
need prometheus-redis-exporter command -v prometheus-redis-exporter
need prometheus-postgres-exporter command -v prometheus-postgres-exporter
# Debian's own Python: another one in PATH would not see the package.
need python3-jsonschema /usr/bin/python3 -c 'import jsonschema'
need python3-venv /usr/bin/python3 -c "import ensurepip"
need util-linux command -v setpriv
need libjs-dygraphs test -e /usr/share/javascript/dygraphs/dygraph.min.js
need make command -v make

if [ ${#missing[@]} -eq 0 ]; then exit 0; fi
echo "Missing packages: ${missing[*]}"

if ! command -v apt-get >/dev/null; then
    echo "This machine has no apt-get: install the equivalents of these Debian packages." >&2
    exit 1
fi
as_root=()
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null || ! { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
        echo "Installing them needs root. Ask an administrator to run:" >&2
        echo "    apt-get update && apt-get install --no-install-recommends ${missing[*]}" >&2
        exit 1
    fi
    as_root=(sudo)
fi
echo "Installing them with apt-get."

# Debian starts a service when its package is installed, unless this file says no.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    trap '"${as_root[@]}" rm -f "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
    "${as_root[@]}" chmod 755 "$policy"
fi
"${as_root[@]}" apt-get update -q
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -q -y --no-install-recommends "${missing[@]}"

# Nor at the next boot. Only for what was installed just now: services of others stay as they are.
for package in "${missing[@]}"; do
    case $package in
        redis-server | postgresql | prometheus*)
            if command -v systemctl >/dev/null; then
                "${as_root[@]}" systemctl disable "$package" >/dev/null 2>&1 \
                    || echo "Could not disable the system service $package; it is not needed."
            fi
            ;;
    esac
done
