#!/bin/sh
# Install the Debian packages that the project needs, and only those that are
# missing:
#
#	deps.sh GROUP...
#
# Groups: run, to build and to serve; vendor, for what the pages take from npm;
# test and browser, what `make test` needs beside; fault, lint, bench and so
# on, what the target of that name needs beside.  As root, or through sudo.
# What is there is not upgraded.
set -eu

PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
export DEBIAN_FRONTEND=noninteractive

# A line is a package and the program that says it is there; "-" asks dpkg.
run='gcc gcc
libc6-dev -
make make
pkg-config pkg-config
nginx nginx
spawn-fcgi spawn-fcgi
multiwatch multiwatch
libfcgi-dev -
libsqlite3-dev -
libglib2.0-dev -
libjansson-dev -
uuid-dev -
libssl-dev -
libcrypt-dev -
libxxhash-dev -
libgmime-3.0-dev -
zlib1g-dev -
libseccomp-dev -
tzdata -'
vendor='nodejs node
npm npm'
test='libcmocka-dev -
libcsv-dev -
python3 python3
python3-yaml -
python3-jsonschema -
curl curl
strace strace
faketime faketime
fiu-utils fiu-run
libfiu-dev -'
fault='e2fsprogs mkfs.ext4
mount losetup'
lint='clang clang
clang-tidy clang-tidy
clang-format clang-format
cppcheck cppcheck
universal-ctags ctags'
browser='chromium chromium
nodejs node
npm npm
poppler-utils pdfinfo'
bench='nodejs node
npm npm
wrk wrk'
fuzz='clang clang
libclang-rt-14-dev -
llvm llvm-symbolizer'
coverage='gcovr gcovr'

say() {
	printf '%s\n' "$*" >&2
}

# The packages of the list that are not there, one a line.
missing() {
	asked=
	while read -r package program; do
		if [ "$program" = - ]; then
			asked="$asked $package"
		elif ! command -v "$program" >/dev/null 2>&1; then
			echo "$package"
		fi
	done
	# Unknown packages make dpkg-query fail, but print nothing either.
	# shellcheck disable=SC2086
	there=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' $asked \
	    2>/dev/null) || :
	for package in $asked; do
		printf '%s\n' "$there" | grep -qx "installed $package" ||
		    echo "$package"
	done
}

# Run a command as root.
as_root() {
	if [ "$(id -u)" = 0 ]; then
		"$@"
	else
		# shellcheck disable=SC2086
		$sudo env DEBIAN_FRONTEND=noninteractive "$@"
	fi
}

# Debian starts a web server of its own on port 80 as soon as nginx is
# installed, and at each boot.  A policy that is there is not ours to change.
policy=/usr/sbin/policy-rc.d
policy_made=no

hold_services() {
	[ -e "$policy" ] && return
	policy_made=yes
	trap release_services EXIT
	trap 'exit 1' HUP INT TERM
	as_root sh -c "printf '#!/bin/sh\nexit 101\n' > $policy &&
	    chmod 755 $policy"
}

release_services() {
	[ "$policy_made" = no ] && return
	policy_made=no
	as_root rm -f "$policy"
}

apt_get() {
	as_root apt-get -qq -o DPkg::Lock::Timeout=120 "$@" >&2
}

install_packages() {
	apt_get update || say "The lists of packages could not be renewed."
	apt_get install -y --no-install-recommends --no-upgrade "$@" \
	    </dev/null
}

# The same with nginx among the packages.
install_quietly() {
	hold_services || return 1
	install_packages "$@" || return 1
	release_services
	command -v systemctl >/dev/null 2>&1 || return 0
	as_root systemctl --quiet disable nginx.service || :
}

# Without a terminal there is nobody to give sudo a password.
sudo='sudo -n'
[ -t 0 ] && sudo=sudo

[ $# -gt 0 ] || set -- run
list=
for group in "$@"; do
	case $group in
	run | vendor | test | browser | fault | lint | bench | fuzz | coverage)
		eval "list=\"\$list\$$group
\"" ;;
	*)
		say "deps.sh: there is no group $group"
		exit 2
		;;
	esac
done
need=$(printf '%s' "$list" | missing | sort -u | tr '\n' ' ')
[ -n "$need" ] || exit 0
hint="As root: apt-get install --no-install-recommends $need"
if ! command -v apt-get >/dev/null 2>&1; then
	say "These Debian packages are missing, and there is no apt-get" \
	    "to install them: $need"
	exit 1
fi
if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null 2>&1; then
	say "Packages are missing, and installing them takes root." "$hint"
	exit 1
fi
say "Installing: $need"
case " $need" in
*" nginx "*) install=install_quietly ;;
*) install=install_packages ;;
esac
# shellcheck disable=SC2086
if ! $install $need; then
	say "The packages could not be installed. $hint"
	exit 1
fi
