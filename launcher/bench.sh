# shellcheck shell=bash
# ./funkhaus bench: installs what is measured and what measures, and runs the driver (bench/). It has a data directory
# of its own below the usual one, and the driver starts a service of its own there: one that runs already is left alone.
#
#   <data>/bench/peers/     Node.js as the sandboxes have it, functions-framework, workerd
#   <data>/bench/service/   data directory of the service that is measured, new in every run but for app/, its jars and class cache
#   <data>/bench/run/       one file for each process that the driver has started

bench_image=nodejs22.x # Workspace.RUNTIME of the driver
bench_driver=

run_bench() {
  local began status=0
  began=$(milliseconds)
  data=$data/bench
  peers=$data/peers
  own_data_directory
  open_log "$data/log/bench.log"
  step "Build tools" ensure_build_tools
  use_jdk
  step "Benchmark tools" ensure_packages wrk:wrk curl:curl git:git
  step "Container engine" ensure_engine
  step "Base images" ensure_bases
  step "Sandbox images" ensure_sandbox_images
  step "Build of Funkhaus" build_jar
  step "Benchmark" build_bench
  step "Peers" ensure_peers
  trap clean_up_bench EXIT
  trap 'stop_driver; exit 130' INT
  trap 'stop_driver; exit 143' TERM
  remove_bench_service
  drive_bench || status=$?
  printf '\n%sBenchmark done%s in %s s\n' "$bold" "$plain" "$(seconds_since "$began")"
  exit "$status"
}

build_bench() {
  (cd "$root" && mvn -B -ntp -Dstyle.color=never -Dquick -Dskip.frontend -DskipTests -pl bench -am package)
}

# ── peers ──────────────────────────────────────────────────────────────────────────────────────────────────────────

# Never in the sources' directory: what npm installs is nobody's to commit.
ensure_peers() {
  local wanted
  wanted=$({ cat "$root/bench/peers/package-lock.json"; image_id "$(sandbox_image $bench_image)"; } | sha256sum | cut -c1-16)
  if [[ $(cat "$peers/installed" 2>/dev/null) != "$wanted" ]]; then
    rm -rf "$peers"
    mkdir -p "$peers"
    cp -r "$root/bench/peers/." "$peers"
    (cd "$peers" && npm install --ignore-scripts --no-audit --no-fund --no-save) # ci insists on the workerds of all systems
    take_node
    ln -s "$(compgen -G "$peers/node_modules/@cloudflare/workerd-linux-*/bin/workerd" | head -n 1)" "$peers/workerd.bin"
    printf '%s\n' "$wanted" >"$peers/installed"
  fi
  cp -r "$root/bench/peers/." "$peers"
  note "Node.js $("$peers/node" --version), $("$peers/workerd.bin" --version)"
}

# The very binary that runs in the sandboxes.
take_node() {
  local container
  container=$(docker create "$(sandbox_image $bench_image)")
  docker cp "$container:/var/lang/bin/node" "$peers/node" || { docker rm "$container"; return 1; }
  docker rm "$container"
}

# ── the run ────────────────────────────────────────────────────────────────────────────────────────────────────────

# In the background, so that a signal reaches this shell at once; what the driver starts never holds our lock.
drive_bench() {
  local setting flags=(--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -Xmx1g)
  local arguments=(--root "$root" --work "$data")
  [[ $quick != yes ]] || arguments+=(--quick)
  [[ -z $only ]] || arguments+=(--only "$only")
  for setting in $(compgen -e FUNKHAUS_); do unset "$setting"; done # settings of another service
  printf '\n'
  FUNKHAUS_IMAGE_TAG=$image_tag "$JAVA_HOME/bin/java" "${flags[@]}" \
    -cp "$root/bench/target/classes:$(<"$root/bench/target/class-path")" io.funkhaus.bench.Bench "${arguments[@]}" </dev/null 9>&- &
  bench_driver=$!
  wait "$bench_driver"
}

# The driver ends what it has started and stops its service.
stop_driver() {
  printf '\nstopping\n' >&2
  [[ -z $bench_driver ]] || kill -TERM "$bench_driver" 2>/dev/null || return 0
  wait_until 90 is_gone "$bench_driver" || kill -KILL "$bench_driver" 2>/dev/null || true
}

# Whatever is left when the driver has ended, or was killed.
clean_up_bench() {
  local file pid rest
  for file in "$data"/run/*.pid; do
    [[ -f $file ]] || continue
    read -r pid rest <"$file" || true
    if [[ -n $pid && $(started_at "$pid") == "$pid $rest" ]]; then kill -KILL "$pid" 2>/dev/null || true; fi
    rm -f "$file"
  done
  remove_bench_service
  [[ ! -f $data/engine.started ]] || (stop_engine) >/dev/null 2>&1 || true
  rm -f "$step_note"
}

remove_bench_service() {
  local service=$data/service instance
  [[ -d $service ]] || return 0
  "$root/funkhaus" down --data "$service" </dev/null >>"$step_log" 2>&1 9>&- || true
  instance=$(cat "$service/instance" 2>/dev/null || true)
  [[ -z $instance ]] || remove_bench_containers "$instance"
  if [[ -d $service/log ]]; then cp -r "$service/log/." "$data/log"; fi
  find "$service" -mindepth 1 -maxdepth 1 ! -name app -exec rm -rf {} + # the class cache of this build stays
}

remove_bench_containers() { # INSTANCE
  local label
  for label in fn.instance io.funkhaus.bench; do
    docker ps -aq --filter "label=$label=$1" | xargs -r docker rm -f >>"$step_log" 2>&1 || true
  done
}
