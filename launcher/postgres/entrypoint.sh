#!/usr/bin/env bash
# Creates the cluster with its owner and database on the first start, then becomes the server.
set -euo pipefail

bin=/usr/local/postgres/bin
cluster=/var/lib/postgresql/18/docker
user=${POSTGRES_USER:-postgres}
database=${POSTGRES_DB:-$user}

create_cluster() {
  local fresh=$cluster.new
  : "${POSTGRES_PASSWORD:?must be set, it becomes the password of the database owner}"
  rm -rf "$fresh"
  "$bin/initdb" --pgdata="$fresh" --username="$user" --pwfile=<(printf '%s\n' "$POSTGRES_PASSWORD") \
    --auth=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 --data-checksums
  if [[ $database != postgres ]]; then
    printf 'CREATE DATABASE "%s"\n' "$database" | "$bin/postgres" --single -D "$fresh" postgres
  fi
  echo 'host all all all scram-sha-256' >>"$fresh/pg_hba.conf"
  # Only a complete cluster gets the name that the next start looks for.
  mv "$fresh" "$cluster"
}

[[ -f $cluster/PG_VERSION ]] || create_cluster
exec "$bin/postgres" -D "$cluster" -c listen_addresses='*' -c unix_socket_directories=/tmp
