#!/bin/sh
# Measure how much of src/ the unit, store, command line and HTTP tests run,
# by lines and by branches, and write it as HTML to build/coverage/:
#
#	coverage.sh
#
# Fails if a test does, or if it is below the bar.  Nothing is left out of the
# count: no line and no branch is marked as not to be counted.
#
# Each program adds to the counts of its sources, one file a source, when it
# ends.  They run as several users, so that the files are made beforehand, for
# all of them, in a place that all of them reach.
set -eu

LINES=90
BRANCHES=80

cd "$(dirname "$0")/.."
top=$(pwd -P)
B=build/cov
counts=$(mktemp -d)
trap 'rm -rf "$counts"' EXIT
trap 'exit 1' HUP INT TERM
chmod 755 "$counts"

make --no-print-directory -s -j"$(nproc)" VARIANT=cov B=$B programs units
find $B/obj -name '*.gcda' -exec rm -f {} +
find $B/obj -name '*.gcno' | while read -r notes; do
	file=$counts/${notes%.gcno}.gcda
	mkdir -p "$(dirname "$file")"
	: >"$file"
	chmod 666 "$file"
done
chmod -R a+X "$counts"

GCOV_PREFIX=$counts
GCOV_PREFIX_STRIP=$(printf '%s' "$top" | tr -cd / | wc -c)
export GCOV_PREFIX GCOV_PREFIX_STRIP
failed=0
BUILD=$B SCRIPTS='cli http model tools' tools/test.sh cov || failed=1
unset GCOV_PREFIX GCOV_PREFIX_STRIP

find "$counts" -name '*.gcda' -size 0 -delete
cp -R "$counts/$B" build/
rm -rf build/coverage
mkdir -p build/coverage
gcovr --root . --filter src/ --no-markers --html-theme blue \
    --html-details build/coverage/index.html --print-summary \
    --fail-under-line $LINES --fail-under-branch $BRANCHES $B/obj || failed=1
exit $failed
