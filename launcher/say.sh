# shellcheck shell=bash
# How the launcher talks: one calm line for each step, long output into a log file, the end of that file when a step fails.

if [[ -t 1 && -z ${NO_COLOR:-} && ${TERM:-dumb} != dumb ]]; then
  bold=$'\e[1m' dim=$'\e[2m' red=$'\e[31m' yellow=$'\e[33m' green=$'\e[32m' plain=$'\e[0m'
else
  bold='' dim='' red='' yellow='' green='' plain=''
fi

step_log=/dev/null   # where steps write; open_log moves it into the data directory
step_note=           # a file; what a step writes there with `note` is shown behind its title
step_pid=

open_log() { # FILE
  mkdir -p "$(dirname "$1")"
  step_log=$1
  : >"$step_log"
  step_note=$(mktemp)
  trap 'rm -f "$step_note"' EXIT
  trap 'stop_step; exit 130' INT
  trap 'stop_step; exit 143' TERM
}

# Runs a command as one announced step. Its output goes to the log. When it fails, so does the launcher, after
# showing the end of the output. The command runs in a subshell, so variables it sets are gone afterwards.
step() { # TITLE COMMAND…
  local title=$1 began status=0 from
  shift
  began=$(milliseconds)
  : >"$step_note"
  printf '\n── %s · %s\n' "$title" "$*" >>"$step_log"
  from=$(wc -c <"$step_log")
  printf '▸ %s … ' "$title"
  (
    trap - EXIT INT TERM
    set -euo pipefail
    "$@"
  ) >>"$step_log" 2>&1 </dev/null &
  step_pid=$!
  [[ ! -t 1 ]] || spin "$title" "$began"
  wait "$step_pid" || status=$?
  step_pid=
  if ((status != 0)); then
    printf '%sfailed%s after %s s\n' "$red" "$plain" "$(seconds_since "$began")"
    show_failure "$from"
    exit 1
  fi
  printf '%s%sdone%s in %s s\n' "$(noted)" "$green" "$plain" "$(seconds_since "$began")"
}

note() { # TEXT, from inside a step
  printf '%s' "$*" >"$step_note"
}

# Ends a step with one sentence for the person instead of the tail of a log.
fail() { # SENTENCE…
  printf '%s\n' "$@" >"$step_note.failure"
  exit 1
}

noted() {
  [[ ! -s $step_note ]] || printf '%s, ' "$(<"$step_note")"
}

show_failure() { # BYTE-OFFSET of the step's output
  if [[ -s $step_note.failure ]]; then
    sed 's/^/  /' "$step_note.failure" >&2
    rm -f "$step_note.failure"
    return
  fi
  tail -c "+$(($1 + 1))" "$step_log" | tail -n 30 | sed 's/^/  │ /' >&2
  printf '  The whole output is in %s\n' "$step_log" >&2
}

stop_step() {
  [[ -z $step_pid ]] || kill -TERM "$step_pid" 2>/dev/null || true
  printf '\nstopped\n' >&2
}

spin() { # TITLE BEGAN
  local frames=(⠋ ⠙ ⠹ ⠸ ⠼ ⠴ ⠦ ⠧ ⠇ ⠏) i=0
  while kill -0 "$step_pid" 2>/dev/null; do
    printf '\r▸ %s … %s%s %s s%s ' "$1" "$dim" "${frames[i++ % 10]}" "$(seconds_since "$2")" "$plain"
    sleep 0.2
  done
  printf '\r\e[K▸ %s … ' "$1"
}

# A part of the tests: announced, its output shown as it comes.
stage() { # TITLE COMMAND…
  local title=$1 began status=0
  shift
  began=$(milliseconds)
  printf '\n%s▸ %s%s\n' "$bold" "$title" "$plain"
  (
    trap - EXIT
    set -euo pipefail
    "$@"
  ) </dev/null &
  step_pid=$!
  wait "$step_pid" || status=$?
  step_pid=
  if ((status != 0)); then
    printf '%s✗ %s: failed%s after %s s\n' "$red" "$title" "$plain" "$(seconds_since "$began")" >&2
    exit 1
  fi
  printf '%s✓%s %s in %s s\n' "$green" "$plain" "$title" "$(seconds_since "$began")"
}

die() { # SENTENCE…
  printf '%sfunkhaus:%s %s\n' "$red" "$plain" "$1" >&2
  shift
  (($# == 0)) || printf '  %s\n' "$@" >&2
  exit 1
}

milliseconds() { printf '%s' "$((${EPOCHREALTIME/[.,]/} / 1000))"; }

seconds_since() { # MILLISECONDS
  local elapsed=$(($(milliseconds) - $1))
  printf '%d.%d' $((elapsed / 1000)) $((elapsed % 1000 / 100))
}

wait_until() { # SECONDS COMMAND… : polls, fails when the time is over
  local until=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS < until)) || return 1
    sleep 0.2
  done
}
