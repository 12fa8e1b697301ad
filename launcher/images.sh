# shellcheck shell=bash
# Container images: the bases (from a registry where one answers, made from Debian packages where none does), the
# sandbox images that functions run in, and the images for docker-compose.yml. Every image we build carries the hash
# of what it was built from as a label, so that an unchanged image is never built twice.

image_tag=${FUNKHAUS_IMAGE_TAG:-dev}
base=funkhaus/base:bookworm
build_base=funkhaus/build-base:bookworm
python_base=funkhaus/python-base:bookworm
sources_label=io.funkhaus.sources
sandbox_images=$root/sandbox-images

has_image() { docker image inspect "$1" >/dev/null 2>&1; }

image_sources() { # IMAGE : the hash it was built from, empty when there is no such image
  docker image inspect --format "{{index .Config.Labels \"$sources_label\"}}" "$1" 2>/dev/null || true
}

image_id() { docker image inspect --format '{{.Id}}' "$1"; }

# ── bases ──────────────────────────────────────────────────────────────────────────────────────────────────────────

# Three images of Debian 12: plain; with a C compiler; with Python.
ensure_bases() {
  if has_image $base && has_image $build_base && has_image $python_base; then
    note "present"
    return
  fi
  if registry_answers; then
    pull_bases
    note "from a registry"
  else
    make_bases
    note "made from Debian packages"
  fi
}

# FUNKHAUS_BASES: auto (default), registry or local.
registry_answers() {
  case ${FUNKHAUS_BASES:-auto} in
    local) return 1 ;;
    registry) docker pull -q debian:bookworm-slim ;;
    auto) has_image debian:bookworm-slim || timeout 60 docker pull -q debian:bookworm-slim ;;
    *) fail "FUNKHAUS_BASES is '$FUNKHAUS_BASES'; it can be auto, registry or local." ;;
  esac
}

pull_bases() {
  docker tag debian:bookworm-slim $base
  base_with_packages $build_base gcc libc6-dev
  base_with_packages $python_base python3
}

base_with_packages() { # IMAGE PACKAGE…
  local image=$1
  shift
  docker build -t "$image" - <<DOCKERFILE
FROM $base
RUN apt-get update && apt-get install -y --no-install-recommends $* && rm -rf /var/lib/apt/lists/*
DOCKERFILE
}

make_bases() {
  ensure_packages mmdebstrap:mmdebstrap
  local jobs=() job
  make_base $base & jobs+=($!)
  make_base $build_base gcc libc6-dev & jobs+=($!)
  make_base $python_base python3 & jobs+=($!)
  for job in "${jobs[@]}"; do wait "$job"; done
}

make_base() { # IMAGE PACKAGE…
  local image=$1 packages archive
  shift
  has_image "$image" && return
  packages=$(IFS=,; printf '%s' "$*")
  archive=$(mktemp --suffix=.tar)
  mmdebstrap --variant=minbase ${packages:+--include="$packages"} \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright' \
    --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/info/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' \
    bookworm "$archive" || { rm -f "$archive"; return 1; }
  docker import --change 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' \
    --change 'CMD ["bash"]' "$archive" "$image"
  rm -f "$archive"
}

# ── sandboxes ──────────────────────────────────────────────────────────────────────────────────────────────────────

sandbox_runtimes() { # one runtime a line: every folder that has a Dockerfile
  find "$sandbox_images" -mindepth 2 -maxdepth 2 -name Dockerfile -printf '%h\n' | xargs -r -n 1 basename | grep -v '^test' | sort
}

sandbox_image() { printf 'funkhaus/sandbox-%s:%s' "$1" "$image_tag"; } # RUNTIME

ensure_sandbox_images() {
  local wanted runtime built=()
  wanted=$(sandbox_sources)
  while IFS= read -r runtime; do
    [[ $(image_sources "$(sandbox_image "$runtime")") != "$wanted" ]] || continue
    ((${#built[@]} > 0)) || fetch_node
    build_sandbox_image "$runtime" "$wanted"
    built+=("$runtime")
  done < <(sandbox_runtimes)
  if ((${#built[@]} == 0)); then note "unchanged"; else note "built ${built[*]}"; fi
}

sandbox_sources() { # the tests beside the images are no part of them
  local parts
  mapfile -t parts < <(cd "$root" && find sandbox-images -mindepth 1 -maxdepth 1 ! -name 'test*' ! -name '.cache')
  { sources_hash "${parts[@]}"; image_id $base; image_id $build_base; image_id $python_base; } | sha256sum | cut -c1-16
}

fetch_node() {
  ensure_packages openssl:openssl
  "$sandbox_images/fetch-node.sh" "$(architecture)"
}

architecture() { uname -m | sed 's/x86_64/amd64/; s/aarch64/arm64/'; }

build_sandbox_image() { # RUNTIME SOURCES
  local folder=$sandbox_images/$1 runtime_base=$base arguments=()
  [[ $1 != python* ]] || runtime_base=$python_base
  for argument in BASE="$runtime_base" BUILD_BASE="$build_base" TARGETARCH="$(architecture)"; do
    if grep -q "^ARG ${argument%%=*}\b" "$folder/Dockerfile"; then arguments+=(--build-arg "$argument"); fi
  done
  docker build "${arguments[@]}" --label "$sources_label=$2" -f "$folder/Dockerfile" -t "$(sandbox_image "$1")" "$sandbox_images"
}

build_test_tools() {
  ensure_packages gcc:gcc /usr/include/stdio.h:libc6-dev
  "$sandbox_images/test-tools/build.sh"
}

# ── docker-compose.yml ─────────────────────────────────────────────────────────────────────────────────────────────

java_base=funkhaus/java-base:bookworm
postgres_image=funkhaus/postgres:18
service_image=funkhaus/service:$image_tag

# The two bases of docker-compose.yml: from a registry where one answers, else made of what this machine has.
ensure_compose_bases() {
  if [[ ${FUNKHAUS_BASES:-auto} != local ]] && has_image debian:bookworm-slim &&
    timeout 300 docker pull -q eclipse-temurin:25-jre && timeout 300 docker pull -q postgres:18; then
    docker tag eclipse-temurin:25-jre $java_base
    docker tag postgres:18 $postgres_image
    note "from a registry"
    return
  fi
  make_compose_bases
}

make_compose_bases() {
  make_java_base
  make_postgres_image
  note "made from the local JDK and the embedded PostgreSQL"
}

make_java_base() {
  local wanted context
  wanted=$({ cat "$JAVA_HOME/release"; image_id $base; } | sha256sum | cut -c1-16)
  [[ $(image_sources $java_base) != "$wanted" ]] || return 0
  context=$(mktemp -d)
  "$JAVA_HOME/bin/jlink" --output "$context/java" --strip-debug --no-header-files --no-man-pages --add-modules \
    java.se,jdk.unsupported,jdk.management,jdk.jfr,jdk.net,jdk.zipfs,jdk.charsets,jdk.crypto.cryptoki,jdk.naming.dns
  docker build --label "$sources_label=$wanted" -t $java_base -f - "$context" <<DOCKERFILE
FROM $base
COPY java /opt/java
ENV JAVA_HOME=/opt/java PATH=/opt/java/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
DOCKERFILE
  rm -rf "$context"
}

make_postgres_image() {
  local wanted context binaries
  wanted=$({ cat "$root"/launcher/postgres/*; image_id $base; } | sha256sum | cut -c1-16)
  [[ $(image_sources $postgres_image) != "$wanted" ]] || return 0
  ensure_packages xz:xz-utils
  context=$(mktemp -d)
  cp "$root"/launcher/postgres/* "$context"
  mkdir "$context/postgres"
  binaries=$("$JAVA_HOME/bin/jar" -tf "$jar" | grep "embedded-postgres-binaries-linux-$(embedded_architecture)-[0-9]")
  (cd "$context" && "$JAVA_HOME/bin/jar" -xf "$jar" "$binaries" && "$JAVA_HOME/bin/jar" -xf "$binaries")
  tar -xJf "$(compgen -G "$context/postgres-linux-*.txz")" -C "$context/postgres"
  docker build --label "$sources_label=$wanted" --build-arg BASE=$base -t $postgres_image "$context"
  rm -rf "$context"
}

embedded_architecture() { uname -m | sed 's/x86_64/amd64/; s/aarch64/arm64v8/'; }

build_service_image() {
  local wanted
  wanted=$({ cat "$jar.sources" "$root/Dockerfile" "$root/launcher/"{jvm.options,compiler.json}; image_id $java_base; } | sha256sum | cut -c1-16)
  if [[ $(image_sources "$service_image") == "$wanted" ]]; then
    note "unchanged"
    return
  fi
  docker build --label "$sources_label=$wanted" --build-arg JRE_BASE=$java_base -t "$service_image" "$root"
}

ensure_compose() {
  if docker compose version; then
    note "docker compose $(docker compose version --short)"
  else
    ensure_packages docker-compose:docker-compose
  fi
}

# What docker-compose.yml needs and cannot know; lines that are there already stay.
write_compose_settings() {
  local file=$root/.env
  [[ -f $file ]] || (umask 077 && : >"$file")
  setting_default "$file" JRE_BASE $java_base
  setting_default "$file" POSTGRES_IMAGE $postgres_image
  setting_default "$file" FUNKHAUS_DATABASE_PASSWORD "$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')"
}

setting_default() { # FILE NAME VALUE
  grep -q "^$2=" "$1" || printf '%s=%s\n' "$2" "$3" >>"$1"
}
