#!/bin/bash
# The half of tools/run.sh that serves: called by it, as the user who serves,
# in STATE/run, with the state's lock as descriptor 9.  Starts the FastCGI
# programs under spawn-fcgi and multiwatch, then nginx; waits until one of
# them ends or a signal says stop; then stops them all.
#
# Each is a session of its own, so that Ctrl-C reaches this script alone and
# things end in order, and each hears SIGTERM should this script be killed.
# A report's worker has left these sessions: it ends by itself.
set -eu

# program, processes
POOLS=(get_report 4 trigger_report 2 stores 2 imports 2
    healthz 1 metrics 1)
# A program that dies is started again at once, but not for ever.
RETRIES=100 RETRY_MS=1000
START_LIMIT_S=30 STOP_LIMIT_S=10
LOG_MAX_BYTES=$((64 << 20))
LOOK_S=10
SOCKET_PATH_MAX=100
LOGS=(programs worker nginx-error nginx-access)

RUN=$STATE/run
declare -A names=()		# pid: what it is
new_password='' nginx_pid='' sockets='' stopping=no timer_pid=''

say() {
	printf '%s\n' "$*"
}

complain() {
	printf '%s\n' "$*" >&2
}

# --- before anything runs --------------------------------------------------

make_folders() {
	local folder

	umask 027
	for folder in spool tmp log body uploads slots run/temp; do
		mkdir -p -- "$STATE/$folder"
	done
	# Bodies that a killed nginx was still taking in.
	find "$STATE/body" -mindepth 1 -delete
}

# Keeps logs from filling the disk: each is kept once over.  They are open
# for appending, so that what is copied may be cut off.
trim_logs() {
	local log size

	for log in "${LOGS[@]}"; do
		log=$STATE/log/$log.log
		size=$(stat -c %s -- "$log" 2>/dev/null || echo 0)
		((size > LOG_MAX_BYTES)) || continue
		cp -- "$log" "$log.1" && : >"$log"
	done
}

choose_sockets() {
	sockets=$RUN
	if ((${#RUN} + 24 > SOCKET_PATH_MAX)); then
		sockets=$(mktemp -d /tmp/storemon.XXXXXXXX)
	fi
}

address() {
	case $LISTEN in
	*:*) printf '[%s]:%s' "$LISTEN" "$PORT" ;;
	*) printf '%s:%s' "$LISTEN" "$PORT" ;;
	esac
}

# The address under which this machine reaches itself.
own_address() {
	case $LISTEN in
	0.0.0.0) printf 127.0.0.1 ;;
	::) printf ::1 ;;
	*) printf '%s' "$LISTEN" ;;
	esac
}

# What nginx is told of addresses that are let in.
allow_each() {
	printf 'allow %s; ' "$@"
}

# Fills the words between @ signs in.
fill_conf() {
	local conf

	conf=$(<"$1")
	conf=${conf//@LISTEN@/"$(address)"}
	conf=${conf//@SOCKETS@/"$sockets"}
	conf=${conf//@TRIGGER_RATE@/"$STOREMON_TRIGGER_RATE"}
	conf=${conf//@TRIGGER_BURST@/"$((STOREMON_TRIGGER_RATE * 4))"}
	conf=${conf//@ADMIN_RATE@/"$STOREMON_ADMIN_RATE"}
	conf=${conf//@METRICS_FROM@/"$(allow_each $STOREMON_METRICS_FROM)"}
	conf=${conf//@UPLOAD_MAX@/"$STOREMON_UPLOAD_MAX"}
	printf '%s\n' "$conf" >"$2"
}

write_conf() {
	fill_conf "$RUN/conf/nginx.conf" "$RUN/nginx.conf"
	fill_conf "$RUN/conf/upload.conf" "$RUN/conf/upload.conf"
	fill_conf "$RUN/conf/operation.conf" "$RUN/conf/operation.conf"
}

# Administration never has a password that anybody else could know.
make_password() {
	[ ! -s "$STATE/admin.htpasswd" ] || return 0
	new_password=$("$RUN/bin/storemon" passwd) || {
		complain "The password of /admin/ could not be made."
		return 1
	}
	new_password=${new_password##*password: }
}

port_taken() {
	complain "Port $PORT is taken on $LISTEN; choose another:" \
	    "make run PORT=$((PORT < 65535 ? PORT + 1 : 8000))"
}

port_answers() {
	(exec 8<>"/dev/tcp/$(own_address)/$PORT") 2>/dev/null
}

# --- sample data -----------------------------------------------------------

# Makes the store if there is none.  True if it wants sample data: where it is
# empty, and where a sample was not loaded to its end.
check_store() {
	local found

	if ! found=$("$RUN/bin/storemon" check); then
		complain "The data in $STATE is damaged; requests will be" \
		    "answered with an error until it is restored."
		return 1
	fi
	[ "$SAMPLE" = yes ] || return 1
	case $found in
	*", 0 stores"*) return 0 ;;
	*", sample data") [ -d "$STATE/tmp/sample" ] ;;
	*) return 1 ;;
	esac
}

load_sample() {
	local folder=$STATE/tmp/sample set

	say "The store is empty: loading sample data." \
	    "The first import of your own replaces it."
	rm -rf -- "$folder"
	"$RUN/bin/storemon" sample "$folder" &&
	for set in timezones:timezones hours:menu_hours \
	    special-hours:special_hours polls:store_status; do
		"$RUN/bin/storemon" import "${set%:*}" \
		    "$folder/${set#*:}.csv" --as-sample >/dev/null ||
			return 1
	done
	rm -rf -- "$folder"
}

# --- starting --------------------------------------------------------------

# Starts "$@" in a session of its own; its pid is then in $!.
start() {
	setsid setpriv --pdeathsig TERM -- "$@" \
	    </dev/null >>"$STATE/log/programs.log" 2>&1 9>&- &
}

start_pools() {
	local i name

	for ((i = 0; i < ${#POOLS[@]}; i += 2)); do
		name=${POOLS[i]}
		start spawn-fcgi -n -b 2048 -M 0660 -s "$sockets/$name.sock" -- \
		    "$(command -v multiwatch)" -f "${POOLS[i + 1]}" \
		    -r $RETRIES -t $RETRY_MS -- "$RUN/bin/cgi-bin/$name"
		names[$!]=$name
	done
}

start_nginx() {
	start nginx -p "$STATE/" -e log/nginx-error.log \
	    -c "$RUN/nginx.conf"
	nginx_pid=$!
	names[$!]=nginx
}

# True once the programs answer through nginx: 400, an id is missing.
answers() {
	local line=

	{ exec 8<>"/dev/tcp/$(own_address)/$PORT"; } 2>/dev/null || return 1
	printf 'GET /get_report HTTP/1.0\r\n\r\n' >&8
	read -r -t 5 line <&8 || :
	exec 8>&-
	[[ $line = 'HTTP/1.1 400 '* ]]
}

# True unless one of the parts has ended; says which.
all_alive() {
	local pid

	for pid in "${!names[@]}"; do
		kill -0 "$pid" 2>/dev/null || {
			tell_end "$pid"
			return 1
		}
	done
}

wait_for_answer() {
	local until=$((SECONDS + START_LIMIT_S))

	until answers; do
		[ $stopping = no ] && all_alive || return 1
		if ((SECONDS > until)); then
			complain "No answer within $START_LIMIT_S s;" \
			    "see $STATE/log/."
			return 1
		fi
		sleep 0.05
	done
}

# --- running ---------------------------------------------------------------

# Says that a part has ended, and its last words.
tell_end() {
	local log=programs

	[ "${names[$1]}" != nginx ] || log=nginx-error
	if [ $log = nginx-error ] && tail -n 3 "$STATE/log/$log.log" |
	    grep -q 'Address already in use'; then
		port_taken
		return
	fi
	complain "${names[$1]} has ended unexpectedly; its last words" \
	    "in $STATE/log/$log.log:"
	tail -n 1 "$STATE/log/$log.log" >&2 || :
}

start_timer() {
	sleep $LOOK_S </dev/null >/dev/null 2>&1 9>&- &
	timer_pid=$!
}

# Returns when told to stop; fails when a part has ended.  What ends between
# the look and the wait is seen at the next look.
watch() {
	local ended

	start_timer
	while [ $stopping = no ]; do
		all_alive || return 1
		wait -n -p ended "${!names[@]}" "$timer_pid" 2>/dev/null || :
		if [ "${ended:-}" = "$timer_pid" ]; then
			trim_logs
			start_timer
		fi
	done
}

# --- stopping --------------------------------------------------------------

# await_end PID S: waits until no process is left in the session, asking again
# from S seconds on; kills it at the limit.  A zombie that nobody buries is not
# waited for for ever.
await_end() {
	local end=$((SECONDS + STOP_LIMIT_S)) ask=$((SECONDS + $2))

	while kill -0 -- "-$1"; do
		if ((SECONDS > end)); then
			kill -KILL -- "-$1" || :
			return
		elif ((SECONDS >= ask)); then
			kill -TERM -- "-$1" || :
			ask=$((SECONDS + 1))
		fi
		sleep 0.02
	done
}

# nginx first: it lets requests end, and the programs are still there then.
# multiwatch tells its children itself; were they told first, it might start
# them again.
stop_all() {
	local pid

	trap '' INT TERM HUP
	trap - EXIT
	exec 2>/dev/null	# the shell's own "Killed" lines
	[ -z "$timer_pid" ] || kill "$timer_pid" || :
	if [ -n "$nginx_pid" ]; then
		kill -QUIT "$nginx_pid" || :
		await_end "$nginx_pid" 6
	fi
	for pid in "${!names[@]}"; do
		[ "$pid" = "$nginx_pid" ] || kill -TERM "$pid" || :
	done
	for pid in "${!names[@]}"; do
		await_end "$pid" 1
	done
	rm -rf -- "$RUN"
	[ "$sockets" = "$RUN" ] || rm -rf -- "$sockets"
}

trap 'stopping=yes' INT TERM HUP
trap stop_all EXIT
cd "$STATE"
ulimit -S -n 8192 2>/dev/null || :
if port_answers; then
	port_taken
	exit 1
fi
make_folders
trim_logs
choose_sockets
write_conf
make_password
if check_store && ! load_sample; then
	complain "The sample data could not be loaded."
fi
[ $stopping = no ] || exit 0
start_pools
start_nginx
if ! wait_for_answer; then
	[ $stopping = yes ]
	exit
fi
say "The store monitor is at http://$(address)/"
say "  user:  $(id -un)"
say "  state: $STATE"
[ -z "$new_password" ] ||
	say "  admin: user admin, password $new_password (not shown again;" \
	    "storemon passwd makes a new one)"
say "Ctrl-C stops it."
watch || exit 1
stop_all
say "Stopped."
