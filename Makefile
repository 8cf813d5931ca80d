# The store monitor.  The two targets most people need:
#
#	make run	install what is missing, build, serve
#	make test	install what the tests need, build, test
#
# Objects of every variant lie apart, under build/VARIANT/:
# release (default), debug, asan (address and undefined behaviour), cov.

VARIANT ?= release
B := build/$(VARIANT)
CC ?= gcc
CLANG_FORMAT ?= clang-format

PACKAGES := fcgi sqlite3 glib-2.0 jansson uuid libcrypto zlib
LIBS_fcgi := -lfcgi

WARN := -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes \
	-Wmissing-prototypes -Wcast-qual -Wwrite-strings -Wvla -Wformat=2
HARDEN := -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIE \
	-fstack-clash-protection
OPT_release := -O2 $(HARDEN)
OPT_debug := -O0 -g3
OPT_asan := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined \
	-fno-sanitize-recover=undefined
OPT_cov := -O0 -g --coverage
LD_release := -pie -Wl,-z,relro,-z,now
LD_asan := -fsanitize=address,undefined
LD_cov := --coverage

PKG_CONFIG := pkg-config
PKG_CFLAGS = $(shell $(PKG_CONFIG) --cflags sqlite3 glib-2.0 jansson uuid \
	libcrypto zlib 2>/dev/null | sed 's/-I/-isystem /g')
PKG_LIBS = $(shell $(PKG_CONFIG) --libs sqlite3 glib-2.0 jansson uuid \
	libcrypto zlib 2>/dev/null)

override CFLAGS += -std=c17 -D_GNU_SOURCE -g $(WARN) $(OPT_$(VARIANT)) \
	$(if $(CI),-Werror)
override CPPFLAGS += -iquote src -MMD -MP
override LDFLAGS += $(LD_$(VARIANT))

LIB_C := $(wildcard src/base/*.c src/core/*.c src/codec/*.c src/sys/*.c \
	src/store/*.c src/work/*.c src/web/*.c)
CLI_C := src/storemon.c $(wildcard src/cli/*.c)
CGI_C := $(wildcard cgi-bin/*.c)
UNIT_C := $(wildcard tests/unit/test_*.c tests/store/test_*.c)
SQL := $(sort $(wildcard sql/data/*.sql sql/jobs/*.sql))

obj = $(patsubst %.c,$(B)/obj/%.o,$(1))
LIB := $(B)/libstoremon.a
PROGRAMS := $(B)/storemon $(patsubst cgi-bin/%.c,$(B)/cgi-bin/%,$(CGI_C))
UNITS := $(patsubst tests/%.c,$(B)/tests/%,$(UNIT_C))

.PHONY: all programs units deps deps-test run test lint asan fuzz bench \
	format install clean check-unit
.DEFAULT_GOAL := all

all: programs
programs: $(PROGRAMS)
units: $(UNITS)

$(B)/obj/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(PKG_CFLAGS) $(CFLAGS) -c -o $@ $<

# Every file of sql/ becomes a string in the library.
$(B)/gen/schema.c: $(SQL) tools/embed.sh
	@mkdir -p $(@D)
	tools/embed.sh $(SQL) > $@.tmp
	mv $@.tmp $@
$(B)/obj/gen/schema.o: $(B)/gen/schema.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

$(LIB): $(call obj,$(LIB_C)) $(B)/obj/gen/schema.o
	@rm -f $@
	ar rcs $@ $^

$(B)/storemon: $(call obj,$(CLI_C)) $(LIB)
	$(CC) $(LDFLAGS) -o $@ $^ $(PKG_LIBS)

$(B)/cgi-bin/%: $(B)/obj/cgi-bin/%.o $(LIB)
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $^ -lfcgi $(PKG_LIBS)

$(B)/tests/%: $(B)/obj/tests/%.o $(LIB)
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $^ -lcmocka -lfcgi $(PKG_LIBS) -lm

-include $(shell find $(B)/obj -name '*.d' 2>/dev/null)

deps:
	@tools/deps.sh run
deps-test:
	@tools/deps.sh run test

run: deps
	@$(MAKE) --no-print-directory VARIANT=release programs
	@LISTEN='$(LISTEN)' PORT='$(PORT)' STATE='$(STATE)' tools/run.sh

test: deps-test
	@tools/test.sh $(VARIANT)

asan: deps-test
	@tools/test.sh asan

lint: deps-test
	@tools/lint.sh

bench: deps-test
	@tools/bench.sh

format:
	$(CLANG_FORMAT) -i $$(git ls-files '*.c' '*.h')

clean:
	rm -rf build
