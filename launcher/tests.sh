# shellcheck shell=bash
# All tests, one stage after the other; the first stage that fails ends the run with its exit code.
# --fast leaves out everything that needs a container engine, a browser or a database.

run_tests() {
  local began
  [[ -t 1 ]] || export NO_COLOR=1
  began=$(milliseconds)
  data=$data/tests # a service that runs from the data directory is left alone
  own_data_directory
  open_log "$data/log/test.log"
  step "Build tools" ensure_build_tools
  use_jdk
  if [[ $fast == yes ]]; then fast_tests; else all_tests; fi
  printf '\n%s✓ All tests passed%s in %s s\n' "$green" "$plain" "$(seconds_since "$began")"
}

fast_tests() {
  stage "Front end: types, style, unit tests" test_frontend
  stage "Sandbox protocol: bootstraps without containers" test_bootstraps
  stage "Java: unit tests" test_java -Dquick test
}

all_tests() {
  step "Test tools" ensure_test_packages
  stage "Shell scripts" test_shell
  stage "Front end: types, style, unit tests" test_frontend
  stage "Sandbox protocol: bootstraps without containers" test_bootstraps
  step "Container engine" ensure_engine
  trap stop_engine_after_tests EXIT
  step "Base images" ensure_bases
  step "Sandbox images" ensure_sandbox_images
  step "Probe and bombs" build_test_tools
  stage "Java: every warning is an error" strict_build
  step "Java and PostgreSQL images" make_compose_bases
  stage "Java: unit, integration and browser tests" test_java verify
  step "Service image" build_service_image
  step "docker-compose" ensure_compose
  stage "docker-compose with locally made images" "$root/launcher/compose-test.sh"
}

ensure_test_packages() {
  ensure_packages chromium:chromium shellcheck:shellcheck mmdebstrap:mmdebstrap python3:python3 \
    gcc:gcc /usr/include/stdio.h:libc6-dev curl:curl runsc:runsc '/usr/share/fonts/truetype/dejavu/*:fonts-dejavu-core'
}

# Every script that can be run; the launcher's parts are checked where they are sourced.
test_shell() {
  local scripts
  cd "$root"
  mapfile -t scripts < <(git ls-files | xargs grep -lE '^#!.*\b(ba)?sh$')
  shellcheck -x "${scripts[@]}"
  echo "${#scripts[@]} scripts without findings"
}

test_frontend() {
  cd "$root/frontend"
  npm run package # installs what the lock file names
  npm run check
  npm test
}

# From nothing: Maven does not compile again what a build without these checks has left.
strict_build() { package_jar clean; }

test_bootstraps() { "$root/sandbox-images/test/run.sh"; }

# Settings of a service on this machine are none of the services that the tests start.
test_java() { # MAVEN-ARGUMENT…
  local setting
  for setting in $(compgen -e FUNKHAUS_); do unset "$setting"; done
  cd "$root"
  FUNKHAUS_IMAGE_TAG=$image_tag mvn -B -ntp -Dstyle.color=never "$@"
}

stop_engine_after_tests() {
  [[ ! -f $data/engine.started ]] || (stop_engine) >/dev/null 2>&1 || true
  rm -f "$step_note"
}
