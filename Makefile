# The store monitor.  The two targets most people need:
#
#	make run	install what is missing, build, serve
#	make test	install what the tests need, build, test
#
# Objects of every variant lie apart, under build/VARIANT/:
# release (default), debug, asan (address and undefined behaviour), cov
# (counts what runs), fuzz (clang and libFuzzer; warnings are gcc's to give).
# V=1 shows the commands; PREFIX and DESTDIR are for make install.

VARIANT ?= release
B := build/$(VARIANT)
CC ?= gcc
CLANG_FORMAT ?= clang-format
PREFIX ?= /usr/local
Q := $(if $(V),,@)

WARN := -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes \
	-Wmissing-prototypes -Wcast-qual -Wwrite-strings -Wvla -Wformat=2
HARDEN := -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIE \
	-fstack-clash-protection
OPT_release := -O2 $(HARDEN)
OPT_debug := -O0 -g3
OPT_asan := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined \
	-fno-sanitize-recover=undefined
OPT_cov := -O0 -g --coverage
OPT_fuzz := -O1 -g -w -fno-omit-frame-pointer -DCSV_BUFFER_BYTES=100000 \
	-fsanitize=address,undefined,fuzzer-no-link \
	-fno-sanitize-recover=undefined
LD_release := -pie -Wl,-z,relro,-z,now
LD_asan := -fsanitize=address,undefined
LD_fuzz := -fsanitize=address,undefined
LD_cov := --coverage -Wl,--wrap=_exit,--wrap=syscall

PKG_CONFIG := pkg-config
PKG_CFLAGS = $(shell $(PKG_CONFIG) --cflags sqlite3 glib-2.0 jansson uuid \
	libcrypto libcrypt gmime-3.0 zlib libseccomp libxxhash 2>/dev/null | sed 's/-I/-isystem /g')
PKG_LIBS = $(shell $(PKG_CONFIG) --libs sqlite3 glib-2.0 jansson uuid \
	libcrypto libcrypt gmime-3.0 zlib libseccomp libxxhash 2>/dev/null)

override CFLAGS += -std=c17 -D_GNU_SOURCE -g $(WARN) $(OPT_$(VARIANT)) \
	$(if $(CI),-Werror)
override CPPFLAGS += -iquote src -MMD -MP
# A program loads only those of the libraries that it needs.
override LDFLAGS += $(LD_$(VARIANT)) -Wl,--as-needed

LIB_C := $(wildcard src/base/*.c src/core/*.c src/codec/*.c src/sys/*.c \
	src/store/*.c src/work/*.c src/web/*.c)
# Only the variant cov has it: there each process leaves what it counted.
ifeq ($(VARIANT),cov)
LIB_C += tests/cov/counts.c
endif
CLI_C := src/storemon.c $(wildcard src/cli/*.c)
CGI_C := $(wildcard cgi-bin/*.c)
UNIT_C := $(wildcard tests/unit/test_*.c tests/store/test_*.c \
	tests/fuzz/fuzz_*.c tests/sweep/test_*.c)
SQL := $(sort $(wildcard sql/data/*.sql sql/jobs/*.sql))

obj = $(patsubst %.c,$(B)/obj/%.o,$(1))
LIB := $(B)/libstoremon.a
PROGRAMS := $(B)/storemon $(patsubst cgi-bin/%.c,$(B)/cgi-bin/%,$(CGI_C))
UNITS := $(patsubst tests/%.c,$(B)/tests/%,$(UNIT_C))

# As many jobs as processors, unless make was told a number.
JOBS = $(if $(findstring j,$(firstword -$(MAKEFLAGS))),,-j$(shell nproc))

.PHONY: all programs units list-units list-sources list-flags deps run \
	vendor test asan coverage fault guards fuzz soak load bench lint \
	format install clean
.DEFAULT_GOAL := all

# Objects are kept, also those that only a rule's chain asks for.
.SECONDARY:

all: programs
programs: $(PROGRAMS)
units: $(UNITS)

$(B)/obj/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(if $(V),,@echo "  CC $<")
	$(Q)$(CC) $(CPPFLAGS) $(PKG_CFLAGS) $(CFLAGS) -c -o $@ $<

# Every file of sql/ becomes a string in the library; its folders change when
# one is renamed.
$(B)/gen/schema.c: $(SQL) $(sort $(dir $(SQL))) tools/embed.sh
	@mkdir -p $(@D)
	$(Q)tools/embed.sh $(SQL) > $@.tmp
	$(Q)mv $@.tmp $@
$(B)/obj/gen/schema.o: $(B)/gen/schema.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

$(LIB): $(call obj,$(LIB_C)) $(B)/obj/gen/schema.o
	@rm -f $@
	$(Q)ar rcs $@ $^

$(B)/storemon: $(call obj,$(CLI_C)) $(LIB)
	$(if $(V),,@echo "  LD $@")
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(PKG_LIBS)

$(B)/cgi-bin/%: $(B)/obj/cgi-bin/%.o $(LIB)
	@mkdir -p $(@D)
	$(if $(V),,@echo "  LD $@")
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ -lfcgi $(PKG_LIBS)

$(B)/tests/%: $(B)/obj/tests/%.o $(LIB)
	@mkdir -p $(@D)
	$(if $(V),,@echo "  LD $@")
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ -lcmocka -lfcgi $(PKG_LIBS) -lm

# What tests/sweep/nth.c has a __wrap_NAME for is NAME's place in these.
NTH := $(call obj,tests/sweep/nth.c)
$(B)/tests/sweep/%: $(B)/obj/tests/sweep/%.o $(NTH) $(LIB)
	@mkdir -p $(@D)
	$(if $(V),,@echo "  LD $@")
	$(Q)$(CC) $(LDFLAGS) $$(nm $(NTH) | sed -n \
	    's/.* T __wrap_/-Wl,--wrap=/p') -o $@ $^ -lcmocka -lfcgi \
	    $(PKG_LIBS) -lm

# Fuzz targets have libFuzzer's main() in the variant fuzz; elsewhere one that
# gives them the files which were kept.
FUZZ_MAIN := $(if $(filter fuzz,$(VARIANT)),,$(call obj,tests/fuzz/replay.c))
FUZZ_LD := $(if $(filter fuzz,$(VARIANT)),-fsanitize=fuzzer)
$(B)/tests/fuzz/fuzz_csv: $(call obj,tests/fuzz/second_csv.c)
$(B)/tests/fuzz/%: $(B)/obj/tests/fuzz/%.o $(FUZZ_MAIN) $(LIB)
	@mkdir -p $(@D)
	$(if $(V),,@echo "  LD $@")
	$(Q)$(CC) $(LDFLAGS) $(FUZZ_LD) -o $@ $(filter %.o,$^) $(LIB) -lcsv \
	    -lfcgi $(PKG_LIBS)

-include $(shell find $(B)/obj -name '*.d' 2>/dev/null)

# For scripts: the test programs; the sources, one a line; the flags.
list-units:
	@printf '%s\n' $(UNITS)
list-sources:
	@printf '%s\n' $(LIB_C) $(CLI_C) $(CGI_C)
list-flags:
	@echo $(PKG_CFLAGS)

deps:
	@tools/deps.sh run

# What the pages take from npm; they work without.
vendor:
	@tools/vendor.sh

# The settings of tools/run.sh; it reads them from the environment.
export LISTEN PORT STATE SAMPLE

run: deps
	@$(MAKE) --no-print-directory $(JOBS) programs
	@tools/vendor.sh
	@BUILD='$(B)' exec tools/run.sh

test:
	@tools/deps.sh run test browser
	@tools/vendor.sh
	@tools/promtool.sh
	@tools/test.sh $(VARIANT)

# Of the scripts those that are about the programs; pages and faults are tried
# on the release build alone.
asan:
	@tools/deps.sh run test
	@SCRIPTS='cli http model' tools/test.sh asan

# Every fault at every call; make test tries some of them.
fault:
	@tools/deps.sh run test fault
	@$(MAKE) --no-print-directory $(JOBS) programs
	@BUILD='$(B)' FAULT=all PYTHONDONTWRITEBYTECODE=1 tools/tap.py \
	    --limit 1800 --jobs 1 tests/fault/test_*.py

# Each guard is taken away, in a copy of the tree: the test that is there for
# it has to fail.  WORDS chooses those whose name has one of the words.
guards:
	@tools/deps.sh run test fault
	@$(MAKE) --no-print-directory $(JOBS) VARIANT=release programs
	@PYTHONDONTWRITEBYTECODE=1 tools/guards.py $(WORDS)

# Each fuzz target for FUZZ_SECONDS; FUZZ names those that are wanted.
export FUZZ_SECONDS FUZZ_KEEP
fuzz:
	@tools/deps.sh run test fuzz
	@tools/fuzz.sh $(FUZZ)

coverage:
	@tools/deps.sh run test coverage
	@tools/coverage.sh

lint:
	@tools/deps.sh run test lint
	@tools/lint.sh

# Days of use in minutes, while processes are killed.
MINUTES ?= 10
soak: deps
	@tools/deps.sh test
	@$(MAKE) --no-print-directory $(JOBS) programs
	@BUILD='$(B)' tests/soak/soak.py --minutes '$(MINUTES)'

# The server under load.
load: deps
	@tools/deps.sh run test bench
	@$(MAKE) --no-print-directory $(JOBS) programs
	@BUILD='$(B)' tests/bench/load.py --write

bench:
	@tools/deps.sh run test bench
	@tools/bench.sh

format:
	$(CLANG_FORMAT) -i $$(git ls-files '*.c' '*.h')

# The programs find each other by their places: cgi-bin/ beside storemon.
HOME_DIR := $(DESTDIR)$(PREFIX)/lib/storemon
install: programs vendor
	install -d $(DESTDIR)$(PREFIX)/bin $(HOME_DIR)/bin/cgi-bin \
	    $(HOME_DIR)/tools $(DESTDIR)$(PREFIX)/lib/systemd/system
	install -m 755 $(B)/storemon $(HOME_DIR)/bin/
	install -m 755 $(patsubst cgi-bin/%.c,$(B)/cgi-bin/%,$(CGI_C)) \
	    $(HOME_DIR)/bin/cgi-bin/
	install -m 755 tools/run.sh tools/serve.sh $(HOME_DIR)/tools/
	rm -rf $(HOME_DIR)/www $(HOME_DIR)/conf
	cp -R www conf $(HOME_DIR)/
	rm -rf $(HOME_DIR)/www/node_modules
	install -D -m 644 docs/openapi.yaml $(HOME_DIR)/docs/openapi.yaml
	ln -sf ../lib/storemon/bin/storemon $(DESTDIR)$(PREFIX)/bin/storemon
	sed 's|@PREFIX@|$(PREFIX)|' conf/storemon.service \
	    > $(DESTDIR)$(PREFIX)/lib/systemd/system/storemon.service

clean:
	rm -rf build
