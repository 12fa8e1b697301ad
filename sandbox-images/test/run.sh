#!/bin/sh
# The bootstraps against the sandbox protocol, without containers: every row of the handler contract. Needs Node.js 20 or later and
# Python 3.11 or later.
set -eu
cd "$(dirname "$0")"
exec env PYTHONDONTWRITEBYTECODE=1 python3 -m unittest "$@"
