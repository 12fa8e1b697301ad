# shellcheck shell=bash
# The service itself: building the jar, starting it in the background, waiting until it is ready, stopping it.
#
#   <data>/app/<hash>/funkhaus.jar, lib/   what runs: unpacked, so that a new build never changes a running service
#   <data>/app/<hash>/start-<jvm>.aot      its classes as this JVM with these flags had them in memory: starting takes half as much work
#   <data>/tmp/                            what a killed service has left there goes at the next start
#   <data>/service.pid                     process id and start time
#   <data>/service.settings                what it was started with; `up` with other settings restarts it

jar=$root/web/target/funkhaus.jar
jar_sources=(pom.xml .mvn scheduler api web db frontend)

# ── building ───────────────────────────────────────────────────────────────────────────────────────────────────────

# The hash of all files below the given places that git knows or would take; outside a git clone, of all files there.
sources_hash() { # PATH…
  (
    cd "$root"
    if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
      git ls-files -z --cached --others --exclude-standard -- "$@"
    else
      find "$@" \( -name target -o -name node_modules -o -name .cache -o -name out -o -name dist \) -prune -o -type f -print0
    fi | sort -zu | while IFS= read -r -d '' file; do
      [[ ! -f $file ]] || printf '%s\0' "$file"
    done | xargs -0 -r sha256sum | sha256sum | cut -c1-16
  )
}

build_jar() {
  local wanted
  wanted=$(sources_hash "${jar_sources[@]}")
  if [[ -f $jar && $(cat "$jar.sources" 2>/dev/null) == "$wanted" ]]; then
    note "unchanged"
    return
  fi
  rm -f "$jar" "$jar.original" # Maven keeps an old jar when nothing but a dependency changed
  package_jar -Dquick -pl web -am # not the benchmark
}

package_jar() { # MAVEN-ARGUMENT…
  (cd "$root" && mvn -B -ntp -Dstyle.color=never -DskipTests "$@" package)
  sources_hash "${jar_sources[@]}" >"$jar.sources"
}

# ── starting ───────────────────────────────────────────────────────────────────────────────────────────────────────

jvm_flags() {
  grep -v '^#' "$root/launcher/jvm.options"
  printf -- '-Xmx%sm\n' "$(heap_megabytes)"
}

# A quarter of the machine, but 512 MB at least and 2 GB at most: the rest is for sandboxes and PostgreSQL's cache.
heap_megabytes() {
  local quarter
  quarter=$(($(awk '/^MemTotal/ {print $2}' /proc/meminfo) / 1024 / 4))
  printf '%s' $((quarter < 512 ? 512 : quarter > 2048 ? 2048 : quarter))
}

service_pid() { # prints the process id of the running service, fails when none runs
  local pid rest
  read -r pid rest 2>/dev/null <"$data/service.pid" || return 1
  [[ $(started_at "$pid") == "$pid $rest" ]] && ! is_gone "$pid" && printf '%s' "$pid"
}

service_ready() { curl -fsS -m 2 -o /dev/null "$readiness" 2>/dev/null; }

service_settings() {
  printf '%s\n' "port=$port" "management=$management_port" "drain=${FUNKHAUS_DRAIN:-25s}" "database=${database_url:+external}" "jar=$(<"$jar.sources")" \
    "java=$JAVA_HOME" "images=$image_tag" "environment=$(environment_hash)" "$(jvm_flags)"
}

environment_hash() { # of what may hold passwords
  { printf '%s\n' "$database_url"; env | grep '^FUNKHAUS_' | sort; } | sha256sum | cut -c1-16
}

# Commands about a running service ask it where it is, not the defaults.
adopt_running_settings() {
  service_pid >/dev/null || return 0
  port=$(running_setting port)
  management_port=$(running_setting management)
  readiness=http://127.0.0.1:$management_port/actuator/health/readiness
}

running_setting() { sed -n "s/^$1=//p" "$data/service.settings"; } # NAME

start_service() {
  local pid
  if pid=$(service_pid); then
    if [[ $(<"$data/service.settings") == "$(service_settings)" ]] && service_ready; then
      note "already running, process $pid"
      return
    fi
    stop_service
  fi
  refuse_taken_port "$port"
  refuse_taken_port "$management_port"
  launch_service "$(place_application)"
  trap 'rm -f "$data"/app/*/start-*.classes' EXIT # a start that failed loaded too little to learn from
  wait_for_service
  trap - EXIT
  note "process $(service_pid)"
}

refuse_taken_port() {
  if (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; then
    fail "Port $1 on this machine is taken by another program." \
      "Choose another one: ./funkhaus up --port N (for the console) or --management-port N (for health and metrics)."
  fi
}

place_application() { # prints the directory
  local placed
  placed=$data/app/$(<"$jar.sources")
  if [[ ! -d $placed ]]; then
    rm -rf "$data/app"
    "$JAVA_HOME/bin/java" -Djarmode=tools -jar "$jar" extract --destination "$data/app/unpacked" >&2
    mv "$data/app/unpacked" "$placed"
  fi
  printf '%s' "$placed"
}

# The first run of a build writes down which classes it loaded, when it ends; make_start_cache makes the cache of that.
start_cache_flags() { # APPLICATION-DIRECTORY
  local start
  start=$1/start-$(jvm_hash)
  if [[ -f $start.aot ]]; then
    printf '%s\n' "-XX:AOTCache=$start.aot"
  else
    printf '%s\n' -XX:AOTMode=record "-XX:AOTConfiguration=$start.classes"
  fi
  printf '%s\n' '-Xlog:aot*=off' # what does not fit is left out of the cache, which is nobody's concern
}

# Another JDK or other flags cannot use a cache; without a name of its own it would be ignored, and never made again.
jvm_hash() { { cat "$JAVA_HOME/release"; jvm_flags; } | sha256sum | cut -c1-8; }

make_start_cache() {
  local classes start flags
  classes=$(compgen -G "$data/app/*/start-$(jvm_hash).classes" | head -n 1) || { note "prepared"; return; }
  start=${classes%.classes}
  mapfile -t flags < <(jvm_flags)
  rm -f "${start%/*}"/start-*.aot # of another JDK, or other flags
  if "$JAVA_HOME/bin/java" "${flags[@]}" -XX:AOTMode=create "-XX:AOTConfiguration=$classes" \
    "-XX:AOTCache=$start.part" -jar "${start%/*}/funkhaus.jar"; then
    mv "$start.part" "$start.aot"
  else
    note "not this time: the service did not end by itself"
  fi
  rm -f "${start%/*}"/start-*.classes "$start.part"
}

launch_service() { # APPLICATION-DIRECTORY
  local flags log=$data/log/service.log
  # What only the launcher and docker-compose.yml know is taken away: the service refuses settings that it does not have.
  local environment=(--unset=FUNKHAUS_BASES --unset=FUNKHAUS_DATABASE_PASSWORD)
  environment+=(FUNKHAUS_PORT="$port" FUNKHAUS_DATA="$data" FUNKHAUS_MANAGEMENT_PORT="$management_port" FUNKHAUS_IMAGE_TAG="$image_tag")
  [[ -z $database_url ]] || environment+=(FUNKHAUS_DATABASE_URL="$database_url")
  mapfile -t flags < <(jvm_flags && start_cache_flags "$1")
  if [[ -s $log ]]; then mv "$log" "$log.1"; fi
  rm -rf "$data/service.pid" "$data/tmp"
  mkdir "$data/tmp"
  service_settings >"$data/service.settings"
  # A shell that becomes the JVM writes the pid: it is the same process before and after exec.
  # shellcheck disable=SC2016
  env "${environment[@]}" \
    setsid --fork bash -c 'printf "%s\n" "$$" >"$0.new"; exec "$@"' "$data/service.pid" \
    "$JAVA_HOME/bin/java" "${flags[@]}" "-XX:CompilerDirectivesFile=$root/launcher/compiler.json" \
    "-Djava.io.tmpdir=$data/tmp" -jar "$1/funkhaus.jar" >"$log" 2>&1 </dev/null 9>&-
  wait_until 5 test -s "$data/service.pid.new"
  started_at "$(<"$data/service.pid.new")" >"$data/service.pid"
  rm -f "$data/service.pid.new"
}

wait_for_service() {
  local until=$((SECONDS + 600)) # two busy cores have taken 155 s
  until service_ready; do
    service_pid >/dev/null || fail "The service ended before it was ready. Its last words, from $data/log/service.log:" "$(last_words)"
    if ((SECONDS >= until)); then
      stop_service
      fail "The service was not ready after 600 s and was stopped. Its last words, from $data/log/service.log:" "$(last_words)"
    fi
    sleep 0.2
  done
}

# A start that the service itself gave up ends in one sentence; anything else needs more of the log.
last_words() {
  local sentence
  sentence=$(grep -v 'AOTConfiguration recorded' "$data/log/service.log" | tail -n 1)
  if [[ $sentence =~ ^[A-Z].*\.$ ]]; then
    printf '%s\n' "$sentence"
  else
    tail -n 15 "$data/log/service.log" | cut -c1-400
  fi
}

# ── stopping ───────────────────────────────────────────────────────────────────────────────────────────────────────

in_seconds() { # DURATION such as 25s, 5m or 1h; the service has checked it
  case $1 in
    *s) printf '%s' "${1%s}" ;;
    *m) printf '%s' "$((${1%m} * 60))" ;;
    *h) printf '%s' "$((${1%h} * 3600))" ;;
    *) printf '25' ;;
  esac
}

stop_service() {
  local pid limit
  if pid=$(service_pid); then
    limit=$(($(in_seconds "$(running_setting drain)") + 35)) # ending what runs, then everything else
    kill -TERM "$pid"
    if ! wait_until "$limit" is_gone "$pid"; then
      kill -KILL "$pid"
      wait_until 5 is_gone "$pid"
      note "killed after $limit s"
    fi
  else
    note "was not running"
  fi
  rm -f "$data/service.pid" "$data/service.settings"
  stop_left_database
}

# The service stops its embedded PostgreSQL itself; only when it was killed one is left over.
stop_left_database() {
  local file pid
  while IFS= read -r file; do
    pid=$(head -n 1 "$file" 2>/dev/null) || continue
    is_running "$pid" "postgres.*$data/postgres" || continue
    kill -INT "$pid"
    wait_until 15 is_gone "$pid" || kill -QUIT "$pid"
    note "stopped a PostgreSQL that was left over"
  done < <(find "$data/postgres" -maxdepth 3 -name postmaster.pid 2>/dev/null)
}
