#!/bin/sh
# Fetch promtool, which checks the text of /metrics, into build/tools/:
#
#	promtool.sh
#
# It is one program of Debian's package of Prometheus, whose server and pages
# are not wanted, so that the package is taken apart and not installed.  Where
# that cannot be, the tests that ask it say so.
set -eu

cd "$(dirname "$0")/.."
to=$PWD/build/tools
[ ! -x "$to/promtool" ] || exit 0
command -v promtool >/dev/null 2>&1 && exit 0

temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
cd "$temp"
# The folder is not open to the user that apt would become.
if ! { apt-get -qq -o APT::Sandbox::User="$(id -un)" download prometheus &&
    dpkg-deb --fsys-tarfile ./*.deb | tar -x ./usr/bin/promtool; } >&2; then
	echo "promtool could not be fetched." >&2
	exit 0
fi
mkdir -p "$to"
mv usr/bin/promtool "$to/promtool"
