#!/bin/sh
# Look at the sources without running them.  One TAP line a check; what is
# wrong follows it.
#
#	lint.sh [CHECK]...
set -u

cd "$(dirname "$0")/.."
B=build/lint
export PYTHONDONTWRITEBYTECODE=1
temp=$(mktemp -d) || exit 1
trap 'rm -rf "$temp"' EXIT
trap 'exit 1' HUP INT TERM

c_files() {
	find src cgi-bin tests -name node_modules -prune -o -name '*.[ch]' -print |
	    sort
}

# The files of the project that git knows or may come to know.
all_files() {
	find . -name .git -prune -o -name build -prune -o -name var -prune -o \
	    -name node_modules -prune -o -name vendor -prune -o \
	    -name __pycache__ -prune -o -path ./tests/fuzz/corpus -prune -o \
	    -type f -print | sort
}

scripts() {
	all_files | while read -r file; do
		head -n 1 "$file" | grep -aq "^#!.*\b$1\b" && echo "$file"
	done
}

warnings() {
	CI=1 make --no-print-directory -s -j"$(nproc)" VARIANT=release B=$B \
	    programs units >/dev/null
}

tidy() {
	flags="-std=c17 -D_GNU_SOURCE -iquote src $(make -s list-flags)"
	# shellcheck disable=SC2016
	make -s list-sources | flags=$flags xargs -P "$(nproc)" -n 4 sh -c \
	    'clang-tidy --quiet "$@" -- $flags 2>/dev/null' tidy >"$temp/tidy"
	status=$?
	grep -aE ' (error|warning): ' "$temp/tidy" | sort -u
	return $status
}

cppcheck_all() {
	cppcheck -q -j "$(nproc)" --std=c11 --enable=warning,performance,portability \
	    --inline-suppr --error-exitcode=1 --suppress=missingIncludeSystem \
	    --suppress=preprocessorErrorDirective -Isrc -Icgi-bin \
	    -DMUST_CHECK= src cgi-bin 2>&1
}

format() {
	# shellcheck disable=SC2046
	clang-format --dry-run -Werror $(c_files) 2>&1 | grep -a 'error:'
	[ $? = 1 ]
}

layers() {
	tools/layers.py
}

sizes() {
	tools/measure.py func=60,file=400,width=80
}

# Calls with a better one beside them, and, where the reckoning and the codecs
# are, calls that ask the world something.
banned() {
	! grep -nE '\b(atoi|atol|atof|strcpy|strcat|sprintf|vsprintf|gets|gmtime|localtime|mktime|strptime|system|popen|tmpnam|strtok)[[:space:]]*\(' \
	    $(c_files | grep -E '^(src|cgi-bin)/') &&
	! grep -nE '(^|[^.>_[:alnum:]])(getenv|time|clock_gettime|gettimeofday|f?open|read|write|rand|printf|fprintf)[[:space:]]*\(' \
	    $(c_files | grep -E '^src/(core|codec)/') &&
	! grep -nE '\b(malloc|calloc|realloc|free)[[:space:]]*\(' \
	    $(c_files | grep -E '^src/core/')
}

shell() {
	bad=0
	for file in $(scripts sh); do
		sh -n "$file" || bad=1
	done
	for file in $(scripts bash); do
		bash -n "$file" || bad=1
	done
	return $bad
}

python() {
	all_files | grep '\.py$' | python3 -c '
import ast, sys
for path in sys.stdin.read().split():
    ast.parse(open(path, encoding="utf-8").read(), path)' 2>&1
}

# Blanks at line ends, and files without a last line feed.
blanks() {
	all_files | grep -E '\.(c|h|py|sh|sql|conf|md|html|css|js|yaml|txt)$' |
	    grep -v '^./tests/.*/cases/' >"$temp/texts"
	! xargs grep -nE '[ 	]+$' <"$temp/texts" &&
	! xargs sh -c 'for f; do [ -z "$(tail -c 1 "$f")" ] || echo "$f"; done' \
	    blanks <"$temp/texts" | grep .
}

# name:what it says
checks='warnings:no_compiler_warnings
tidy:clang-tidy
cppcheck_all:cppcheck
format:formatted_as_.clang-format_says
layers:includes_and_SQL_keep_to_the_layers
sizes:functions,_files_and_lines_are_short_enough
banned:no_banned_calls
shell:shell_scripts_parse
python:Python_scripts_parse
blanks:no_stray_blanks'

number=0 failed=0
for check in $checks; do
	name=${check%%:*}
	[ $# = 0 ] || case " $* " in *" $name "*) ;; *) continue ;; esac
	number=$((number + 1))
	if "$name" >"$temp/out" 2>&1; then
		printf 'ok'
	else
		printf 'not ok'
		failed=$((failed + 1))
	fi
	printf ' %d - %s\n' $number "$(echo "${check#*:}" | tr _ ' ')"
	sed 's/^/# /' "$temp/out"
done
echo "1..$number"
echo "$((number - failed)) passed, $failed failed"
[ $failed = 0 ] && [ $number -gt 0 ]
