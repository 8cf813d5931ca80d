#!/bin/sh
# Give the fuzz targets of tests/fuzz/ made-up inputs until one breaks
# something, as many targets at a time as there are processors:
#
#	[FUZZ_SECONDS=60] [FUZZ_KEEP=yes] fuzz.sh [TARGET]...
#
# Each target runs for FUZZ_SECONDS (default 60); what was new to it lies in
# build/fuzz/corpus/ and is where the next run begins.  FUZZ_KEEP adds the
# inputs that reach code which none of tests/fuzz/corpus/ reaches to that
# folder; make test replays it.  An input that breaks something is left in
# build/fuzz/found/: fix the fault, give the input a name in the corpus.
#
# One TAP line a target; ends with a line "N passed, N failed".
set -eu

cd "$(dirname "$0")/.."
B=build/fuzz
seconds=${FUZZ_SECONDS:-60}
export UBSAN_OPTIONS=print_stacktrace=1

program() {
	echo "$B/tests/fuzz/fuzz_$1"
}

# What the log of a run says of a name like number_of_executed_units.
stat_of() {
	sed -n "s/^stat::$2: *//p" "$1"
}

# Why a run has ended: what the target itself says of the input, without
# libFuzzer, which has closed standard error for its noise.
explain() {
	for input in "$B/found/$1"-*; do
		[ -e "$input" ] || continue
		echo "# $input"
		"$(program "$1")" "$input" 2>&1 | tail -n 40 | sed 's/^/# /'
	done
}

keep() {
	kept=tests/fuzz/corpus/$1
	"$(program "$1")" -merge=1 -use_counters=0 -max_len=400 \
	    -close_fd_mask=2 "$kept" "$B/corpus/$1" >/dev/null 2>&1 || return 1
	# libFuzzer's names are 40 hexadecimal digits.
	for file in "$kept"/????????????????????????????????????????; do
		[ -e "$file" ] || continue
		name=$(basename "$file")
		mv "$file" "$kept/found-$(echo "$name" | cut -c1-8)"
	done
}

run_one() {
	log=$B/log/$1
	mkdir -p "$B/corpus/$1" "$B/log" "$B/found" "tests/fuzz/corpus/$1"
	result=ok
	"$(program "$1")" -max_total_time="$seconds" -timeout=20 \
	    -print_final_stats=1 -close_fd_mask=2 \
	    -artifact_prefix="$B/found/$1-" "$B/corpus/$1" \
	    "tests/fuzz/corpus/$1" >"$log" 2>&1 || result='not ok'
	echo "$result - $1: $(stat_of "$log" number_of_executed_units) inputs"
	[ "$result" = ok ] || explain "$1"
	[ -z "${FUZZ_KEEP:-}" ] || keep "$1"
}

# One target, for the call of this script by itself below.
if [ "${1:-}" = --one ]; then
	run_one "$2"
	exit
fi

# shellcheck disable=SC2046
[ $# -gt 0 ] || set -- $(ls tests/fuzz/fuzz_*.c | sed 's/.*fuzz_\(.*\)\.c/\1/')
# shellcheck disable=SC2046
make --no-print-directory -s -j"$(nproc)" VARIANT=fuzz CC=clang B=$B \
    $(for target; do program "$target"; done)
rm -rf $B/found
TMPDIR=$(mktemp -d)
export TMPDIR
trap 'rm -rf "$TMPDIR"' EXIT
trap 'exit 1' HUP INT TERM
said=$TMPDIR/said
printf '%s\n' "$@" | xargs -P "$(nproc)" -n 1 "$0" --one | tee "$said"
echo "1..$#"
passed=$(grep -c '^ok' "$said") || :
echo "$passed passed, $(($# - passed)) failed"
[ "$passed" = $# ]
