#!/bin/sh
# Fetch what the pages take from npm, exactly what www/package-lock.json says,
# into www/vendor/:
#
#	vendor.sh
#
# Does nothing where that is there already.  The pages work without, so that
# whatever goes wrong is said in a sentence and is no failure.
set -eu

cd "$(dirname "$0")/.."
lock=www/package-lock.json

# A copy of the lock file, last into the folder, says what it was made by.
! cmp -s "$lock" www/vendor/package-lock.json || exit 0

without() {
	printf '%s\n' "$1, so that the reports page goes without its line chart;" \
	    'everything else works. "make vendor" tries again.' >&2
	exit 0
}

# npm shall not make anybody wait who has no network: two tries, half a minute.
fetch() {
	(cd "$1" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error \
	    --fetch-retries=1 --fetch-retry-mintimeout=1000 \
	    --fetch-retry-maxtimeout=2000 --fetch-timeout=15000) >&2
}

# $1/new gets a folder for each library, with its licence.
gather() {
	mkdir -p "$1/new/uplot" &&
	    install -m 644 "$1/node_modules/uplot/dist/uPlot.esm.js" \
	    "$1/node_modules/uplot/dist/uPlot.min.css" \
	    "$1/node_modules/uplot/LICENSE" "$1/new/uplot/" &&
	    install -m 644 "$lock" "$1/new/"
}

# The old folder leaves by a rename and the new one comes by one.
publish() {
	chmod 755 "$1/new" "$1/new/uplot" || return 1
	[ ! -e www/vendor ] || mv -T www/vendor "$1/old" || return 1
	mv -T "$1/new" www/vendor
}

if ! command -v npm >/dev/null 2>&1; then
	tools/deps.sh vendor || without "npm could not be installed"
fi
temp=
trap 'rm -rf "$temp"' EXIT
trap 'exit 1' HUP INT TERM
mkdir -p build && temp=$(mktemp -d build/vendor.XXXXXX) &&
    install -m 644 www/package.json "$lock" "$temp/" ||
    without "There is no room to work in build/"
fetch "$temp" || without "npm could not fetch uPlot"
gather "$temp" && publish "$temp" ||
    without "www/vendor could not be made"
