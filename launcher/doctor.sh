# shellcheck shell=bash
# Looks at everything Funkhaus stands on. Each finding is good, a warning or a failure; the last two come with a fix.
# Ends with 1 when something failed.

doctor_failures=0
doctor_warnings=0

doctor() {
  ! find_jdk >/dev/null || use_jdk
  adopt_running_settings
  if check_engine; then
    check_runc
    check_limits
    check_isolation
    check_gvisor
    check_sandbox_images
    check_space "Disk of the engine" "$(docker info --format '{{.DockerRootDir}}')"
  fi
  check_docker_group
  check_swap
  check_space "Disk of the data" "$data"
  check_clock
  check_service
  check_database
  printf '\n%s\n' "$(doctor_verdict)"
  ((doctor_failures == 0))
}

doctor_verdict() {
  if ((doctor_failures > 0)); then
    printf '%s%d failed%s, %d warnings' "$red" "$doctor_failures" "$plain" "$doctor_warnings"
  else
    printf '%sNothing failed%s, %d warnings' "$green" "$plain" "$doctor_warnings"
  fi
}

good() { # WHAT FINDING
  printf '%s✓%s %-20s %s\n' "$green" "$plain" "$1" "$2"
}

warning() { # WHAT FINDING FIX
  doctor_warnings=$((doctor_warnings + 1))
  printf '%s!%s %-20s %s\n  %-20s fix: %s\n' "$yellow" "$plain" "$1" "$2" '' "$3"
}

failure() { # WHAT FINDING FIX
  doctor_failures=$((doctor_failures + 1))
  printf '%s✗%s %-20s %s\n  %-20s fix: %s\n' "$red" "$plain" "$1" "$2" '' "$3"
}

# ── engine ─────────────────────────────────────────────────────────────────────────────────────────────────────────

check_engine() {
  local version
  if ! version=$(engine_version); then
    failure "Container engine" "does not answer" "./funkhaus up starts it; its log is $data/log/engine.log"
    return 1
  fi
  if older "$version" 20.10; then
    failure "Container engine" "Docker $version is older than 20.10" "upgrade Docker"
  else
    good "Container engine" "Docker $version, cgroup v$(docker info --format '{{.CgroupVersion}}')"
  fi
}

older() { # VERSION THAN
  [[ $1 != "$2" && $(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1) == "$1" ]]
}

# runc before 1.1.12 lets a container out through a leaked directory handle (CVE-2024-21626). Distributions patch
# older versions, so of a distribution's package only the newest one counts.
check_runc() {
  local version packaged candidate
  version=$(docker info --format '{{.RuncCommit.ID}}')
  packaged=$(dpkg-query -W -f '${Version}' runc 2>/dev/null || true)
  if [[ -n $packaged && $packaged == "${version%%-*}"* ]]; then
    candidate=$(apt-cache policy runc | sed -n 's/.*Candidate: //p')
    if [[ -n $candidate ]] && dpkg --compare-versions "$packaged" lt "$candidate"; then
      warning "runc" "$packaged, but $candidate is offered" "sudo apt-get install -y runc"
    else
      good "runc" "$packaged, the newest of this system"
    fi
    return
  fi
  version=$(runc --version 2>/dev/null | sed -n 's/^runc version //p')
  if [[ -z $version ]]; then
    warning "runc" "its version cannot be told from here" "make sure that it is 1.1.12 or newer"
  elif older "$version" 1.1.12; then
    failure "runc" "$version lets containers escape (CVE-2024-21626)" "upgrade runc to 1.1.12 or newer"
  else
    good "runc" "$version"
  fi
}

check_limits() {
  local memory swap pids cpu
  read -r memory swap pids cpu < <(docker info --format '{{.MemoryLimit}} {{.SwapLimit}} {{.PidsLimit}} {{.CPUCfsQuota}}')
  if [[ $memory$pids$cpu != truetruetrue ]]; then
    failure "Limits" "the kernel does not limit everything: memory $memory, processes $pids, CPU $cpu" \
      "boot with cgroup_enable=memory, or use a kernel with these control groups"
  elif [[ $swap != true ]]; then
    warning "Limits" "memory, processes and CPU are limited; swap is not" "boot with swapaccount=1, or switch swap off"
  else
    good "Limits" "memory, swap, processes and CPU can be limited"
  fi
}

# What a process in a sandbox really gets: the kernel's own word, from inside a container.
check_isolation() {
  local image inside profile=$root/scheduler/src/main/resources/io/funkhaus/scheduler/engine/seccomp.json
  image=$(sandbox_image nodejs22.x)
  has_image "$image" || return 0
  inside=$(docker run --rm --network none --cap-drop ALL --user 10001:10001 --read-only --security-opt no-new-privileges \
    --security-opt "seccomp=$profile" --entrypoint /bin/cat "$image" /proc/self/status 2>&1) || true
  if ! status_has "$inside" Seccomp 2; then
    failure "Isolation" "a sandbox runs without seccomp: $(tail -n 1 <<<"$inside")" \
      "use a kernel with CONFIG_SECCOMP_FILTER and an engine that was not started with seccomp=unconfined"
  elif ! status_has "$inside" NoNewPrivs 1 || ! status_has "$inside" CapEff 0000000000000000; then
    failure "Isolation" "a sandbox keeps privileges it must not have" "use a Docker engine with runc as its runtime"
  else
    good "Isolation" "seccomp filter on, no new privileges, no capabilities$(also_apparmor)"
  fi
}

# The second wall is a choice; one that is set up without limits is a mistake.
check_gvisor() {
  local arguments fix="see \"gVisor\" in docs/operating.md, then reload the engine"
  arguments=$(docker info --format '{{range $name, $it := .Runtimes}}{{if eq $name "runsc"}}{{json $it}}{{end}}{{end}}')
  if [[ -z $arguments ]]; then
    good "gVisor" "not installed: isolation gvisor is refused"
  elif [[ $arguments == *--ignore-cgroups* ]]; then
    warning "gVisor" "the runtime runsc has --ignore-cgroups, nothing would limit a function: isolation gvisor is refused" "$fix"
  elif [[ $arguments != *--network=none* || $arguments != *-host-uds* ]]; then
    warning "gVisor" "the runtime runsc lacks --network=none or --host-uds=open: isolation gvisor is refused" "$fix"
  else
    good "gVisor" "runsc is there for isolation gvisor"
  fi
}

status_has() { grep -qE "^$2:[[:space:]]+$3\$" <<<"$1"; } # TEXT FIELD VALUE

also_apparmor() {
  if docker info --format '{{.SecurityOptions}}' | grep -q apparmor; then printf ', AppArmor'; else printf ' (no AppArmor here)'; fi
}

check_sandbox_images() {
  local wanted runtime missing=() stale=()
  if ! has_image $base || ! has_image $build_base || ! has_image $python_base; then
    failure "Images" "the base images are missing" "./funkhaus up makes them"
    return
  fi
  wanted=$(sandbox_sources)
  for runtime in $(sandbox_runtimes); do
    if ! has_image "$(sandbox_image "$runtime")"; then
      missing+=("$runtime")
    elif [[ $(image_sources "$(sandbox_image "$runtime")") != "$wanted" ]]; then
      stale+=("$runtime")
    fi
  done
  if ((${#missing[@]} > 0)); then
    failure "Images" "missing for ${missing[*]}" "./funkhaus up builds them"
  elif ((${#stale[@]} > 0)); then
    warning "Images" "older than their sources: ${stale[*]}" "./funkhaus up builds them anew"
  else
    check_base_age
  fi
}

# Security updates of the system inside the sandboxes come only with new bases.
check_base_age() {
  local days
  days=$((($(date +%s) - $(date -d "$(docker image inspect --format '{{.Created}}' $base)" +%s)) / 86400))
  if ((days > 30)); then
    warning "Images" "present and current, but their base is $days days old" \
      "docker rmi -f $base $build_base $python_base && ./funkhaus up"
  else
    good "Images" "$(sandbox_runtimes | paste -sd ' ')"
  fi
}

# ── machine ────────────────────────────────────────────────────────────────────────────────────────────────────────

check_docker_group() {
  local members
  members=$(getent group docker | cut -d: -f4)
  if [[ -n $members ]]; then
    warning "Docker group" "$members can become root through the engine" "keep only whom you would give root:  gpasswd -d NAME docker"
  else
    good "Docker group" "nobody but root may use the engine"
  fi
}

check_swap() {
  if (($(wc -l </proc/swaps) > 1)); then
    warning "Swap" "is on: what functions hold in memory can end up on disk" "switch it off (swapoff -a) or encrypt it"
  else
    good "Swap" "is off"
  fi
}

check_space() { # WHAT DIRECTORY
  local directory=$2 free
  while [[ ! -d $directory ]]; do directory=$(dirname "$directory"); done
  free=$(($(df -Pk "$directory" | awk 'NR == 2 {print $4}') / 1024))
  if ((free < 1024)); then
    failure "$1" "only $free MB free at $2" "make room; below this PostgreSQL and the engine stop working"
  elif ((free < 5120)); then
    warning "$1" "$free MB free at $2" "make room; 5 GB are comfortable"
  else
    good "$1" "$((free / 1024)) GB free at $2"
  fi
}

# A clock that is years off breaks keys, sessions and partitions; one that differs from the disk's breaks caches.
check_clock() {
  local now there file
  now=$(date +%s)
  file=$(mktemp) there=$(stat -c %Y "$file")
  rm -f "$file"
  if (($(date +%Y) < 2026 || there - now > 5 || now - there > 5)); then
    failure "Clock" "says $(date -u +%FT%TZ), the file system says $(date -u -d "@$there" +%FT%TZ)" "set the clock and run a time service (chrony)"
  elif [[ $(timedatectl show -p NTPSynchronized --value 2>/dev/null) == no ]]; then
    warning "Clock" "$(date -u +%FT%TZ), not synchronised" "timedatectl set-ntp true, or run chrony"
  else
    good "Clock" "$(date -u +%FT%TZ)"
  fi
}

# ── service and database ───────────────────────────────────────────────────────────────────────────────────────────

check_service() {
  local pid
  if ! pid=$(service_pid); then
    warning "Service" "is not running" "./funkhaus up"
  elif service_ready; then
    good "Service" "ready at $(console_url), process $pid"
  else
    failure "Service" "process $pid runs but is not ready: $(curl -sS -m 2 "$readiness" 2>&1 | cut -c1-200)" "./funkhaus logs says why"
  fi
}

# Asks the database itself, over a connection of its own.
check_database() {
  local answer driver url
  if service_pid >/dev/null && [[ $(running_setting database) == external && -z $database_url ]]; then
    warning "PostgreSQL" "not checked: the service uses an external one" "give doctor the same --database-url"
    return
  fi
  if ! url=$(database_address); then
    warning "PostgreSQL" "not checked: the embedded one runs only with the service" "./funkhaus up, then doctor again"
    return
  fi
  driver=$(database_driver) || { warning "PostgreSQL" "not checked: no build with its driver" "./funkhaus up"; return; }
  if ! answer=$(FUNKHAUS_DOCTOR_DATABASE=$url "$JAVA_HOME/bin/java" -cp "$driver" "$root/launcher/Durability.java" 2>&1); then
    failure "PostgreSQL" "$(tail -n 1 <<<"$answer")" "start the server, or correct --database-url"
  elif grep -q '=off' <<<"$answer"; then
    failure "PostgreSQL" "can lose what it confirmed: $(grep -o '[a-z_]*=off' <<<"$answer" | paste -sd ' ')" "switch these settings on in postgresql.conf and restart it"
  else
    good "PostgreSQL" "$answer"
  fi
}

database_address() {
  local port_line password
  if [[ -n $database_url ]]; then
    printf '%s' "$database_url"
    return
  fi
  [[ -f $data/postgres/postmaster.pid ]] || return 1
  port_line=$(grep '^port = ' "$data/postgres/funkhaus.conf")
  password=$(sed -n 's/^funkhaus=//p' "$data/postgres-passwords")
  printf 'postgresql://funkhaus:%s@127.0.0.1:%s/funkhaus' "$password" "${port_line#port = }"
}

database_driver() { compgen -G "$data/app/*/lib/postgresql-*.jar" | head -n 1; }
