#!/bin/sh
# Build and run all tests of a variant: unit and store tests (cmocka), then
# the scripts, which find the programs through BUILD:
#
#	[SCRIPTS='cli http'] test.sh [VARIANT]
#
# SCRIPTS are the folders of tests/ whose scripts are wanted (default: all).
# Ends with a line "N passed, N failed".
set -eu

cd "$(dirname "$0")/.."
variant=${1:-release}
BUILD=${BUILD:-build/$variant}
export BUILD
export CMOCKA_MESSAGE_OUTPUT=TAP
export ASAN_OPTIONS="detect_leaks=1:exitcode=99:${ASAN_OPTIONS:-}"
export UBSAN_OPTIONS="print_stacktrace=1:${UBSAN_OPTIONS:-}"
export PYTHONDONTWRITEBYTECODE=1
# A confined process may not write its counts beside the objects.
[ "$variant" != cov ] || export STOREMON_CONFINE=0

make --no-print-directory -j"$(nproc)" VARIANT="$variant" B="$BUILD" \
    programs units

# shellcheck disable=SC2046,SC2086
scripts=$(find $(printf 'tests/%s ' ${SCRIPTS:-}) -name 'test_*.py' \
    -o -name 'run_*.py' | sort)
# The sanitizers make everything some times slower.
limit=600
[ "$variant" = asan ] && limit=900
# shellcheck disable=SC2046,SC2086
exec python3 tools/tap.py --limit $limit --alone 'tests/http/*' \
    --alone 'tests/fault/*' \
    $(make -s VARIANT="$variant" B="$BUILD" list-units) $scripts
