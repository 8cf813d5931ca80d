#!/bin/sh
# Measure the release build beside DuckDB, and the server under load; write
# the figures into docs/PERFORMANCE.md:
#
#	bench.sh [--rounds N]
#
# The input (kept under build/bench/) is large: ten times the real size is
# 1 GB and takes minutes to make the first time.
set -eu

cd "$(dirname "$0")/.."
tools/deps.sh run test bench
make --no-print-directory VARIANT=release programs
if ! [ -d tests/bench/node_modules/@duckdb/node-api ]; then
	(cd tests/bench && npm ci --no-audit --no-fund >&2)
fi
exec python3 tests/bench/bench.py --write "$@"
