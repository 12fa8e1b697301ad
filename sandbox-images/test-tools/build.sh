#!/bin/bash
# Compiles the probe and the bombs for this machine's architecture into out/. Static, because they run inside sandboxes of every runtime.
set -eu
cd "$(dirname "$0")"
mkdir -p out
for tool in probe bomb; do
    if [[ ! -x out/$tool || $tool.c -nt out/$tool ]]; then
        gcc -std=c11 -Wall -Wextra -Werror -O1 -static -s -o "out/$tool.new" "$tool.c"
        mv "out/$tool.new" "out/$tool"
    fi
done
