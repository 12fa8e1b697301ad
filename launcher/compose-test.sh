#!/usr/bin/env bash
# Brings docker-compose.yml up from locally made images, under a project name, port and data directory of its own, does
# the main job over HTTP, and takes everything down again. Part of `./funkhaus test`, which builds the images first.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d /tmp/fhc.XXXXXX)
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
url=http://localhost:$port
project=funkhaus-test-$port

export FUNKHAUS_DATA=$work/data FUNKHAUS_PORT=$port FUNKHAUS_DATABASE_PASSWORD=only-for-this-test-$RANDOM
export FUNKHAUS_INSTANCE=$project JRE_BASE=funkhaus/java-base:bookworm POSTGRES_IMAGE=funkhaus/postgres:18
unset FUNKHAUS_ADDRESS FUNKHAUS_PUBLIC_URL

main() {
  trap tear_down EXIT
  cd "$root"
  compose up -d --no-build
  within 180 is_healthy
  echo "✓ healthy after $SECONDS s"
  check_published_ports
  sign_up
  create_key
  invoke
  check_measured_memory
  survive_restart
  echo "✓ docker-compose.yml works with locally made images"
}

compose() {
  if docker compose version >/dev/null 2>&1; then
    docker compose -p "$project" "$@"
  else
    docker-compose -p "$project" "$@"
  fi
}

is_healthy() {
  [[ $(docker inspect --format '{{.State.Health.Status}}' "$(compose ps -q funkhaus)") == healthy ]]
}

check_published_ports() {
  local database service
  database=$(docker port "$(compose ps -q database)")
  service=$(docker port "$(compose ps -q funkhaus)")
  [[ -z $database ]] || failed "PostgreSQL is published: $database"
  [[ $service == "$port/tcp -> 127.0.0.1:$port" ]] || failed "the service is published as: $service"
  echo "✓ only the console is published, on 127.0.0.1"
}

# As a browser does it: the form's page first, for the session and the token that belongs to it.
sign_up() {
  local token
  token=$(browse "$url/sign-up" | hidden_field _csrf)
  [[ -n $token ]] || failed "the sign-up page has no CSRF token"
  browse -o "$work/signed-up.html" --data-urlencode "_csrf=$token" --data-urlencode "email=ada@example.org" \
    --data-urlencode "password=correct-horse-battery-9-staple" "$url/sign-up"
  echo "✓ signed up"
}

create_key() {
  local token
  token=$(browse "$url/functions/hello" | sed -n 's/.*<meta name="csrf" content="\([^"]*\)".*/\1/p' | head -n 1)
  [[ -n $token ]] || failed "the function's page has no CSRF token: $(head -c 600 "$work/signed-up.html")"
  key=$(browse -H "X-CSRF-TOKEN: $token" -H 'Content-Type: application/json' -d '{"name":"compose","scope":"invoke"}' \
    "$url/api/v1/keys" | python3 -c 'import json, sys; print(json.load(sys.stdin)["secret"])')
  echo "✓ created a key"
}

invoke() {
  local answer
  answer=$(curl -fsS -m 60 -H "Authorization: Bearer $key" -H 'Content-Type: application/json' -d '{"name":"Alice"}' \
    "$url/api/v1/functions/hello/invocations")
  [[ $answer == '"Hello, Alice!"' ]] || failed "hello answered $answer"
  echo "✓ hello answered $answer"
}

# The kernel's figures are outside of the service's container; they must reach it all the same.
check_measured_memory() {
  browse "$url/api/v1/functions/hello/invocations?limit=1" >"$work/invocations.json"
  python3 -c 'import json, sys; sys.exit(0 if (json.load(sys.stdin)["items"][0]["peakMemoryBytes"] or 0) > 1e6 else 1)' \
    <"$work/invocations.json" || failed "peak memory was not measured: $(<"$work/invocations.json")"
  echo "✓ peak memory was measured"
}

# The data must outlive the containers; sandboxes must not.
survive_restart() {
  compose stop
  [[ -z $(sandboxes) ]] || failed "sandboxes outlived the service: $(sandboxes)"
  compose rm -f
  compose up -d --no-build
  within 180 is_healthy
  invoke
  echo "✓ account, key and function survived new containers"
}

sandboxes() {
  docker ps -q --filter "label=fn.instance=$FUNKHAUS_INSTANCE"
}

browse() { # CURL-ARGUMENT… : one browser, with its cookies
  curl -fsSL -m 60 -b "$work/cookies" -c "$work/cookies" "$@"
}

hidden_field() { # NAME, from a page on standard input
  tr '>' '\n' | grep "name=\"$1\"" | sed -n 's/.*value="\([^"]*\)".*/\1/p' | head -n 1
}

within() { # SECONDS COMMAND…
  local until=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS < until)) || failed "not in time: $*"
    sleep 0.3
  done
}

failed() {
  echo "✗ $*" >&2
  compose ps >&2 || true
  compose logs --tail=40 >&2 || true
  exit 1
}

tear_down() {
  compose down --volumes --timeout 30 >/dev/null 2>&1 || true
  docker run --rm -v "$work:/scratch" funkhaus/base:bookworm rm -rf /scratch/data >/dev/null 2>&1 || true
  rm -rf "$work"
}

main
