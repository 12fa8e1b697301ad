#!/usr/bin/env bash
# A soak: a service of its own under 60 % load with a random fault every 30 s, and what of it grows.
#   bench/soak/run.sh [MINUTES [SEED]]     20 minutes by default; result in target/soak.md and target/soak.json
set -euo pipefail

root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)
minutes=${1:-20}
seed=${2:-$RANDOM$RANDOM}
data=${SOAK_DATA:-/tmp/funkhaus-soak}
port=${SOAK_PORT:-18080}
management_port=$((port + 1))
options=(--data "$data" --port "$port" --management-port "$management_port")

stop() {
  trap - EXIT
  "$root/funkhaus" down "${options[@]}" || true
  rm -rf "$data"
}
trap stop EXIT
trap 'exit 130' INT TERM

rm -rf "$data"
FUNKHAUS_MEMORY_BUDGET=${FUNKHAUS_MEMORY_BUDGET:-4G} "$root/funkhaus" up "${options[@]}"
# shellcheck source=launcher/say.sh
source "$root/launcher/say.sh"
# shellcheck source=launcher/machine.sh
source "$root/launcher/machine.sh"
use_jdk
driver=$(find "${HOME:-/root}/.m2/repository/org/postgresql/postgresql" -name 'postgresql-42*.jar' | sort | tail -n 1)
"$JAVA_HOME/bin/java" -cp "$driver" "$root/bench/soak/Soak.java" "$port" "$management_port" "$data" "$minutes" "$seed" "$root/target"
