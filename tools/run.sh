#!/bin/bash
# Serve the store monitor in the foreground, until Ctrl-C or SIGTERM:
#
#	[LISTEN=127.0.0.1] [PORT=8000] [STATE=DIR] tools/run.sh
#
# Settings, from the environment as well:
#
#	SAMPLE=no		leave an empty store empty, for no sample data
#	BUILD=DIR		the programs (default: build/release)
#	STOREMON_TRIGGER_RATE=5	triggers a second that one address may send
#	STOREMON_ADMIN_RATE=10	requests with a password, a second and address
#	STOREMON_METRICS_FROM='127.0.0.1 ::1'	addresses that may ask /metrics
#	STOREMON_UPLOAD_MAX=2g	the largest file that /admin/ takes (m, g)
#	STOREMON_...		the programs' own; see conf/storemon.conf.example
#
# This half decides who serves from where.  Nothing runs as root: called by
# root, everything is handed to the system user storemon.  That user may not
# be able to reach the checkout, so that whatever runs is copied into the
# state folder first, and runs from there, for everybody alike.  The copy is
# unpacked by the user who serves: root writes nothing into a folder that
# somebody else owns.  tools/serve.sh is the other half.
set -eu

USER_NAME=storemon
ROOT_STATE=/var/lib/storemon
PATH=$PATH:/usr/sbin:/sbin

fail() {
	printf '%s\n' "$*" >&2
	exit 1
}

# nginx's configuration gets address, port, rate and folder as they are.
check_settings() {
	local number='^[1-9][0-9]{0,4}$'
	local addresses='^[0-9A-Fa-f.:/]+( [0-9A-Fa-f.:/]+)*$'
	local awkward=$'[[:cntrl:]"\'\\$;{}]'

	[[ $LISTEN =~ ^[0-9A-Za-z.:-]+$ ]] ||
		fail "LISTEN must be an address, like 127.0.0.1, not \"$LISTEN\"."
	[[ $PORT =~ $number ]] && ((PORT < 65536)) ||
		fail "PORT must be a number from 1 to 65535, not \"$PORT\"."
	[[ $STOREMON_TRIGGER_RATE =~ $number ]] ||
		fail "STOREMON_TRIGGER_RATE must be a number from 1 to 99999," \
		    "not \"$STOREMON_TRIGGER_RATE\"."
	[[ $STOREMON_ADMIN_RATE =~ $number ]] ||
		fail "STOREMON_ADMIN_RATE must be a number from 1 to 99999," \
		    "not \"$STOREMON_ADMIN_RATE\"."
	[[ $STOREMON_METRICS_FROM =~ $addresses ]] ||
		fail "STOREMON_METRICS_FROM must be addresses with blanks between," \
		    "like \"127.0.0.1 10.0.0.0/8\", not \"$STOREMON_METRICS_FROM\"."
	[[ $STOREMON_UPLOAD_MAX =~ ^[1-9][0-9]{0,4}[kmg]$ ]] ||
		fail "STOREMON_UPLOAD_MAX must be a size like 500m or 2g," \
		    "not \"$STOREMON_UPLOAD_MAX\"."
	[[ ! $STATE =~ $awkward ]] ||
		fail "STATE may not have quotes, \$, ;, braces, backslashes or" \
		    "control characters in it."
	[ -x "$BUILD/storemon" ] && [ -d "$BUILD/cgi-bin" ] ||
		fail "The programs are not built yet: run make."
}

# What tells a state folder from any other.
is_state() {
	[ -e "$1/data.db" ] || [ -e "$1/jobs.db" ] || [ -e "$1/run.lock" ] ||
		[ -e "$1/storemon.conf" ]
}

is_empty() {
	[ -z "$(ls -A -- "$1")" ]
}

# By root: makes the user if missing, and the state folder his; `change` is
# what makes a command his.
prepare_for_user() {
	local owner

	getent passwd "$USER_NAME" >/dev/null ||
		useradd --system --user-group --home-dir "$ROOT_STATE" \
		    --no-create-home --shell /usr/sbin/nologin "$USER_NAME" ||
		fail "The system user $USER_NAME could not be made."
	(umask 022 && mkdir -p -- "$STATE") ||
		fail "The folder $STATE could not be made."
	STATE=$(cd -- "$STATE" && pwd -P)
	owner=$(stat -c %U -- "$STATE")
	if [ "$owner" = root ]; then
		is_empty "$STATE" || is_state "$STATE" ||
			fail "$STATE holds other things than the monitor's;" \
			    "choose an empty folder: STATE=DIR."
		chown -R -h "$USER_NAME:" -- "$STATE"
		chmod 750 -- "$STATE"
	elif [ "$owner" != "$USER_NAME" ]; then
		fail "$STATE belongs to $owner. Start as $owner, or give it" \
		    "over: chown -R $USER_NAME: $STATE"
	fi
	change=(setpriv "--reuid=$USER_NAME" "--regid=$(id -g "$USER_NAME")"
	    --clear-groups --)
	"${change[@]}" test -w "$STATE" ||
		fail "The user $USER_NAME, who serves, cannot reach $STATE: a" \
		    "folder above it is closed to him. Choose another: STATE=DIR."
}

# By an ordinary user.
prepare_own() {
	mkdir -p -m 750 -- "$STATE" && [ -w "$STATE" ] && [ -O "$STATE" ] ||
		fail "$STATE is not a folder of yours; choose another: STATE=DIR."
	STATE=$(cd -- "$STATE" && pwd -P)
}

# Run as who serves: one instance per state, then the copy, then its script.
# The lock stays with descriptor 9 of that script, and with nothing else.
# shellcheck disable=SC2016
unpack='
umask 027
exec 9>>"$STATE/run.lock" || exit 1
flock -n 9 || {
	printf "%s\n" "The store monitor runs on $STATE already." >&2
	exit 1
}
rm -rf -- "$STATE/run" && mkdir -- "$STATE/run" &&
	tar -x -C "$STATE/run" || exit 1
[ -x "$STATE/run/bin/storemon" ] || {
	printf "%s\n" "No program may run from $STATE (mounted noexec?);" \
	    "choose another folder: STATE=DIR." >&2
	exit 1
}
exec "$STATE/run/serve.sh" </dev/null
'

pack() {
	tar -c --transform='s,^storemon$,bin/&,;s,^cgi-bin,bin/&,' \
	    --transform='s,^openapi,www/&,' \
	    --exclude=node_modules --exclude='www/package*.json' \
	    -C "$BUILD" storemon cgi-bin -C "$ROOT" www conf \
	    -C "$ROOT/docs" openapi.yaml \
	    -C "$ROOT/tools" serve.sh
}

ROOT=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
LISTEN=${LISTEN:-127.0.0.1}
PORT=${PORT:-8000}
STOREMON_TRIGGER_RATE=${STOREMON_TRIGGER_RATE:-5}
STOREMON_ADMIN_RATE=${STOREMON_ADMIN_RATE:-10}
STOREMON_METRICS_FROM=${STOREMON_METRICS_FROM:-127.0.0.1 ::1}
STOREMON_UPLOAD_MAX=${STOREMON_UPLOAD_MAX:-2g}
SAMPLE=${SAMPLE:-yes}
BUILD=${BUILD:-build/release}
[[ $BUILD = /* ]] || BUILD=$ROOT/$BUILD
if [ "$(id -u)" = 0 ]; then
	STATE=${STATE:-$ROOT_STATE}
else
	STATE=${STATE:-$ROOT/var}
fi
[[ $STATE = /* ]] || STATE=$(pwd -P)/$STATE
check_settings

# A program started in the background may not hear of Ctrl-C; this one does.
hearing=(env --default-signal=INT,QUIT,TERM)
change=()
if [ "$(id -u)" = 0 ]; then
	prepare_for_user
else
	prepare_own
fi
export LISTEN PORT STATE SAMPLE STOREMON_TRIGGER_RATE
export STOREMON_ADMIN_RATE STOREMON_UPLOAD_MAX STOREMON_METRICS_FROM
export HOME=$STATE STOREMON_STATE=$STATE
cd /
exec "${change[@]}" "${hearing[@]}" sh -c "$unpack" < <(pack)
