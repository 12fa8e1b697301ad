# shellcheck shell=bash
# What the machine must have: packages, a JDK, Node.js, Maven, a container engine. What is missing is installed where
# we may (Debian or Ubuntu, root or sudo without a password); elsewhere the launcher says exactly what to install.

needed_java=25
needed_node=20

# ── packages ───────────────────────────────────────────────────────────────────────────────────────────────────────

# Each argument is PROOF:PACKAGE, where PROOF is a command, or a path when it has a slash.
ensure_packages() {
  local proof missing=()
  for pair in "$@"; do
    proof=${pair%%:*}
    is_there "$proof" || missing+=("${pair#*:}")
  done
  if ((${#missing[@]} == 0)); then
    note "present"
    return
  fi
  install_packages "${missing[@]}"
  note "installed ${missing[*]}"
}

is_there() {
  case $1 in
    */*) compgen -G "$1" >/dev/null ;;
    *) PATH=$PATH:/usr/sbin:/sbin command -v "$1" >/dev/null ;;
  esac
}

install_packages() { # PACKAGE…
  if ! command -v apt-get >/dev/null; then
    fail "Missing: $*." "These are Debian's names. Install the same with this system's package manager, then run this again."
  fi
  if ! may_be_root; then
    fail "Missing: $*." "Install them with:  sudo apt-get update && sudo apt-get install -y --no-install-recommends $*"
  fi
  as_root apt-get update
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"
}

may_be_root() { ((EUID == 0)) || sudo -n true 2>/dev/null; }

as_root() {
  if ((EUID == 0)); then "$@"; else sudo -n "$@"; fi
}

# ── JDK, Node.js, Maven ────────────────────────────────────────────────────────────────────────────────────────────

# The default java of a machine is often an older one: puts the JDK we need first on PATH.
use_jdk() {
  JAVA_HOME=$(find_jdk) || die "No JDK $needed_java found."
  export JAVA_HOME PATH=$JAVA_HOME/bin:$PATH
}

find_jdk() {
  local home
  for home in "${JAVA_HOME:-}" /usr/lib/jvm/* /opt/*jdk* /opt/java/* "${HOME:-}"/.sdkman/candidates/java/* "$(home_of_java)"; do
    if is_jdk "$home"; then
      printf '%s' "$home"
      return
    fi
  done
  return 1
}

is_jdk() { # DIRECTORY
  [[ -n $1 && -x $1/bin/javac && -f $1/release ]] && grep -q "^JAVA_VERSION=\"${needed_java}[.\"]" "$1/release"
}

home_of_java() {
  local java
  java=$(readlink -f "$(command -v java || true)") || return 0
  [[ -z $java ]] || dirname "$(dirname "$java")"
}

# Installs what a build needs and this machine lacks.
ensure_build_tools() {
  ensure_jdk
  ensure_packages mvn:maven curl:curl
  if (($(node_major) < needed_node)) && apt_offers_node; then
    install_packages nodejs npm
  fi
  if (($(node_major) < needed_node)) || ! command -v npm >/dev/null; then
    fail "Node.js $needed_node or newer with npm is needed; found: $(node --version 2>/dev/null || echo none)." \
      "This system's packages offer nothing newer. Install Node.js $needed_node or 22 and run this again."
  fi
  note "JDK $needed_java at $(find_jdk), Node.js $(node --version)"
}

ensure_jdk() {
  find_jdk >/dev/null && return
  if apt_offers "openjdk-$needed_java-jdk-headless"; then
    install_packages "openjdk-$needed_java-jdk-headless"
  else
    fail "No JDK $needed_java found (looked at JAVA_HOME, /usr/lib/jvm, /opt and java on PATH), and this system's packages have none." \
      "Install one, for example Eclipse Temurin $needed_java, or set JAVA_HOME to it, and run this again."
  fi
}

node_major() {
  local version
  version=$(node --version 2>/dev/null) || version=v0
  version=${version#v}
  printf '%s' "${version%%.*}"
}

apt_offers_node() {
  local major
  major=$(apt-cache policy nodejs 2>/dev/null | sed -n 's/.*Candidate: \([0-9]*\).*/\1/p' | head -n 1)
  ((${major:-0} >= needed_node))
}

apt_offers() { apt-cache show "$1" >/dev/null 2>&1; } # PACKAGE

# ── container engine ───────────────────────────────────────────────────────────────────────────────────────────────

engine_pid_file=/var/run/docker.pid
own_engine=unix:///var/run/docker.sock

# The engine that the service will use, also where the docker client has another one as its default.
export DOCKER_HOST=${FUNKHAUS_DOCKER_HOST:-${DOCKER_HOST:-$own_engine}}

engine_version() { timeout 10 docker version --format '{{.Server.Version}}' 2>/dev/null; }

engine_answers() { engine_version >/dev/null; }

ensure_engine() {
  local version
  if version=$(engine_version); then
    note "$version, already running"
    return
  fi
  if [[ $DOCKER_HOST != "$own_engine" ]]; then
    fail "The container engine at $DOCKER_HOST does not answer." \
      "Start it, or unset DOCKER_HOST and FUNKHAUS_DOCKER_HOST to use the one of this machine."
  fi
  refuse_when_forbidden
  ensure_packages dockerd:docker.io docker:"$(docker_client_package)"
  start_engine
  wait_until 60 engine_answers ||
    fail "The container engine was started but does not answer after 60 s." "Its last words, from $data/log/engine.log:" \
      "$(tail -n 8 "$data/log/engine.log" 2>/dev/null)"
  note "$(engine_version), started"
}

docker_client_package() {
  if apt_offers docker-cli; then echo docker-cli; else echo docker.io; fi
}

refuse_when_forbidden() {
  if [[ -S /var/run/docker.sock && ! -w /var/run/docker.sock ]]; then
    fail "A container engine runs here, but $(id -un) may not use it." \
      "Whoever may, is as good as root on this machine. If that is meant:  sudo usermod -aG docker $(id -un)   and sign in again."
  fi
}

start_engine() {
  may_be_root || fail "No container engine answers, and starting one takes root." "Start it with:  sudo systemctl start docker"
  if [[ -d /run/systemd/system ]]; then
    as_root systemctl start docker
    return
  fi
  mount_cgroups
  forget_dead_engine
  mkdir -p "$data/log"
  as_root setsid --fork dockerd >>"$data/log/engine.log" 2>&1 </dev/null 9>&-
  wait_until 60 engine_answers || return 0
  started_at "$(<"$engine_pid_file")" >"$data/engine.started"
}

# Without an init system nobody mounts the control groups.
mount_cgroups() {
  if ! grep -q ' /sys/fs/cgroup' /proc/mounts; then
    install_packages cgroupfs-mount
    as_root cgroupfs-mount
  fi
}

# A pid file that outlived its engine names a process that may be anything by now.
forget_dead_engine() {
  local file pid
  for file in $engine_pid_file /var/run/docker/containerd/containerd.pid; do
    pid=$(as_root cat "$file" 2>/dev/null) || continue
    if ! is_running "$pid" 'dockerd|containerd'; then
      as_root rm -f "$file"
    fi
  done
}

# Stops the engine only when `up` started exactly this process and nothing else uses it.
stop_engine() {
  local pid
  [[ -f $data/engine.started ]] || { note "not ours, left alone"; return; }
  pid=$(cat "$engine_pid_file" 2>/dev/null || true)
  if [[ -z $pid || $(started_at "$pid") != "$(<"$data/engine.started")" ]]; then
    rm -f "$data/engine.started"
    note "already gone"
    return
  fi
  if [[ -n $(docker ps -q) ]]; then
    note "left running, it has other containers"
    return
  fi
  as_root kill -TERM "$pid"
  wait_until 30 is_gone "$pid" || fail "The container engine (process $pid) did not stop within 30 s."
  rm -f "$data/engine.started"
}

# ── processes ──────────────────────────────────────────────────────────────────────────────────────────────────────

# A pid and its start time together name one process for ever; a pid alone may be reused.
started_at() { # PID
  local stat
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 0
  printf '%s %s\n' "$1" "$(cut -d' ' -f20 <<<"${stat##*) }")"
}

is_running() { # PID PATTERN of its command line; a zombie does not run
  [[ -n $1 && -r /proc/$1/cmdline ]] && tr '\0' ' ' <"/proc/$1/cmdline" 2>/dev/null | grep -qE -- "$2"
}

is_gone() { # PID
  [[ ! -d /proc/$1 || $(sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -c1) == Z ]]
}
