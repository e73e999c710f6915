#!/bin/sh
# Gives the users of users.acl their passwords, then becomes Redis. Arguments go to redis-server.
set -eu
umask 077
here=$(dirname "$0")
target=${REDIS_RUN:-/run/redis}/users.acl

users=$(grep '^user ' "$here/users.acl")
for name in $(printf '%s\n' "$users" | sed -n 's/.*#{\([A-Z_]*\)}.*/\1/p'); do
    eval "password=\${$name:?is not set}"
    hash=$(printf %s "$password" | sha256sum | cut -d ' ' -f 1)
    users=$(printf '%s\n' "$users" | sed "s/#{$name}/#$hash/")
    unset "$name"
done
printf '%s\n' "$users" >"$target"

exec redis-server "$here/redis.conf" --aclfile "$target" "$@"
