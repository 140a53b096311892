# The one dependency graph. Everything is built in build/; the toolchain and third-party parts are kept
# outside the checkout (rootfs/packages/build says where) and linked into build/deps/.
#
#   make imager       the program, static, stripped          make check      all tests that need no QEMU
#   make rootfs       the live system's tree                 make check-vm   the ISO, booted in QEMU
#   make initramfs    that tree, packed                      make fuzz       fuzzers, FUZZ_SECONDS each
#   make iso, pxe     build/drydock.iso, build/pxe/          make bench      measurements
#   make unit         build and run the unit tests           make lint       format, layers, static checks
#   make toolchain    sysroot and third-party parts          make lock       pin today's package versions
#   make format       lay out the C++ code                  make each      each file compiled by itself
#   make clean        remove build/; the cache stays

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-builtin-rules --no-builtin-variables --check-symlink-times
.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: FORCE
export SOURCE_DATE_EPOCH := 1767225600
export TZ := UTC
export LC_ALL := C

all: imager

say = @printf '  %-5s %s\n'
sources = $(sort $(shell find $1 -name '*.cc' 2>/dev/null))

imager_src := $(call sources,imager)
imager_lib := $(filter-out imager/main.cc,$(imager_src))
support_src := $(call sources,tests/support)
unit_src := $(call sources,tests/unit)

# ---- third-party parts ---------------------------------------------------------------------------

boost_tests := $(shell grep -rl --include='*.cc' '<boost/test/unit_test.hpp>' tests)

packages := rootfs/packages
recipe_inputs := $(addprefix $(packages)/,build fetch lock)
libraries := libzstd xxhash ftxui # compiled, for musl and for the host
headers := cli11 json boost
programs := busybox dropbear keymaps
# Helper programs, kept compressed in the live system until somebody uses them.
rescue := smartmontools gddrescue dosfstools exfatprogs ntfs-3g mdadm

# A link to the built part. Made again when its recipe or the lock file changed, or when it dangles.
define part # target, option, recipe
$1: $(packages)/$3.sh $(recipe_inputs) $(if $(wildcard $1/.),,FORCE)
	@mkdir -p $$(@D)
	@built=$$$$($(packages)/build $2 $3) && ln -sfn "$$$$built" $$@.new && touch -h $$@.new && mv -T $$@.new $$@
endef
$(foreach p,toolchain $(libraries) $(headers) $(programs) $(rescue),$(eval $(call part,build/deps/$p,,$p)))
$(foreach p,$(libraries),$(eval $(call part,build/deps/host/$p,--host,$p)))
build/deps/busybox: rootfs/busybox.config
$(rescue:%=build/deps/%): $(packages)/portable

toolchain: $(addprefix build/deps/,toolchain $(libraries) $(headers) $(programs) $(rescue) $(libraries:%=host/%))
	@$(packages)/fetch $(shipped) pxelinux >/dev/null # after this, no network is needed
.PHONY: toolchain

# ---- compiling -----------------------------------------------------------------------------------

warnings := -Wall -Wextra -Werror -Wshadow -Wnon-virtual-dtor -Wold-style-cast -Woverloaded-virtual \
  -Wextra-semi -Wshorten-64-to-32 -Wimplicit-fallthrough -Wunreachable-code -Wthread-safety
common := -std=c++23 -fexperimental-library $(warnings) -Iimager \
  -ffile-prefix-map=$(CURDIR)/= -D_FILE_OFFSET_BITS=64

# clang would take the host's libc++ before the sysroot's, where the host has one.
target := --target=x86_64-linux-musl --sysroot=build/deps/toolchain
flags_musl := $(target) -nostdinc++ -isystem build/deps/toolchain/usr/include/c++/v1 -O2 -g \
  -ffunction-sections -fdata-sections -D_LIBCPP_HARDENING_MODE=_LIBCPP_HARDENING_MODE_FAST
sanitized := -stdlib=libc++ -O1 -g1 -fno-omit-frame-pointer -fno-sanitize-recover=all \
  -D_LIBCPP_HARDENING_MODE=_LIBCPP_HARDENING_MODE_EXTENSIVE
flags_asan := $(sanitized) -fsanitize=address,undefined
flags_tsan := $(sanitized) -fsanitize=thread
flags_fuzz := $(flags_asan) -fsanitize=fuzzer-no-link
variants := musl asan tsan fuzz

# musl takes the stack size of new threads from the program's header; its own default is 128 KiB.
link_musl := $(target) -Lbuild/deps/toolchain/usr/lib -static -stdlib=libc++ --rtlib=compiler-rt --unwindlib=libunwind \
  -fexperimental-library -fuse-ld=lld-19 -Wl,--gc-sections,--build-id=none,-z,stack-size=2097152
link_asan := -stdlib=libc++ -fexperimental-library -fuse-ld=lld-19 -fsanitize=address,undefined
link_tsan := -stdlib=libc++ -fexperimental-library -fuse-ld=lld-19 -fsanitize=thread
link_fuzz := $(link_asan)

# $(call includes,VARIANT), $(call libs,VARIANT): the third-party parts as seen by a variant.
deps_of = $(if $(filter musl,$1),build/deps,build/deps/host)
includes = $(patsubst %,-isystem %/include,$(addprefix $(deps_of)/,$(libraries)) $(addprefix build/deps/,$(headers)))
libs = $(addprefix $(deps_of)/,ftxui/lib/libftxui-component.a ftxui/lib/libftxui-dom.a ftxui/lib/libftxui-screen.a \
  libzstd/lib/libzstd.a xxhash/lib/libxxhash.a)
compile = clang++-19 $(flags_$1) $(common) $(includes) $(if $(filter tests/%,$2),-Itests -O1 -g1)

# Most of what a compiler does for one of our files it does for the standard library's headers. Files are therefore
# compiled in batches: one file that includes those of a folder, or of a family (ext_*.cc) in imager/fs. Files whose
# names meet on purpose stay alone. That each file includes what it uses is shown by `make each`.
alone := imager/main.cc tests/support/main.cc imager/tui/pages/% $(patsubst %,imager/job/%.cc,clone rescue restore save)
families := apfs btrfs exfat ext f2fs fat hfs jfs lvm minix nilfs ntfs reiserfs udf ufs xfs
family = $(strip $(foreach w,$(families),$(if $(filter imager/fs/$w.cc imager/fs/$w_%.cc,$1),-$w)))
batch = $(subst /,-,$(patsubst %/,%,$(dir $1)))$(call family,$1)
in_batches := $(filter-out $(alone),$(imager_src) $(support_src) $(unit_src))
$(foreach f,$(in_batches),$(eval files_of_$(call batch,$f) += $f))
batches := $(sort $(foreach f,$(in_batches),$(call batch,$f)))
batch_flags := -I. -Wno-shadow # what one file names may hide what another does
# $(call batched,VARIANT,FILES): objects that hold at least these files.
batched = $(sort $(foreach f,$2,build/obj/$1/$(if $(filter $(alone),$f),$(f:.cc=),batch/$(call batch,$f)).o))

# build/flags/VARIANT changes when flags or third-party parts do: everything compiled depends on it.
# Test files share a precompiled header: to read it is most of the work of a small one. Nothing else may see it, because
# it makes whatever it is compiled into need Boost.Test's own code.
define variant
build/flags/$1: $(addprefix build/deps/,$(if $(filter musl,$1),toolchain) $(headers)) $(addprefix $(call deps_of,$1)/,$(libraries)) FORCE
	@mkdir -p $$(@D)
	@{ echo '$(call compile,$1) $(link_$1)'; readlink $$(filter build/deps/%,$$^); } >$$@.new
	@cmp -s $$@.new $$@ && rm $$@.new || mv $$@.new $$@

build/obj/$1/%.o: %.cc build/flags/$1
	@mkdir -p $$(@D)
	$$(say) CXX '$$< ($1)'
	@$$(call compile,$1,$$<) -MMD -MP -c -o $$@ $$<

$(boost_tests:%.cc=build/obj/$1/%.o): build/obj/$1/%.o: %.cc build/obj/$1/boost.pch
	@mkdir -p $$(@D)
	$$(say) CXX '$$< ($1)'
	@$$(call compile,$1,$$<) -include-pch build/obj/$1/boost.pch -MMD -MP -c -o $$@ $$<

build/obj/$1/batch/%.o: build/batch/%.cc build/flags/$1
	@mkdir -p $$(@D)
	$$(say) CXX '$$< ($1)'
	@$$(call compile,$1,$$(if $$(findstring batch/tests-,$$<),tests/)) $(batch_flags) -MMD -MP -c -o $$@ $$<

# Every layer but main: a test links what it uses and no more.
build/obj/$1/libimager.a: $$(call batched,$1,$$(imager_lib))
	@rm -f $$@; llvm-ar-19 rcsD $$@ $$^

build/obj/$1/boost.pch: tests/support/precompiled.h build/flags/$1
	@mkdir -p $$(@D)
	@$$(call compile,$1,$$<) -x c++-header -o $$@ $$<
endef
$(foreach v,$(variants),$(eval $(call variant,$v)))

$(batches:%=build/batch/%.cc): build/batch/%.cc: Makefile FORCE
	@mkdir -p $(@D)
	@printf '#include "%s"\n' $(files_of_$*) >$@.new
	@cmp -s $@.new $@ && rm $@.new || mv $@.new $@
-include $(shell find build/obj -name '*.d' 2>/dev/null)

# $(call link,VARIANT,FLAGS)
link = @mkdir -p $(@D); printf '  %-5s %s\n' LINK $@; clang++-19 $(link_$1) $2 -o $@ $(filter %.o %.a,$^) $(libs)

# For editors, and for clang-tidy, which takes batches.
compile_commands.json: Makefile $(imager_src) $(support_src) $(unit_src) $(batches:%=build/batch/%.cc)
	@for f in $(call sources,imager tests) $(batches:%=build/batch/%.cc); do \
	  case $$f in *tests[/-]*) extra='-Itests';; *) extra=;; esac; \
	  case $$f in build/*) extra="$$extra $(batch_flags)";; esac; \
	  printf '{"directory":"%s","file":"%s","command":"%s"},\n' '$(CURDIR)' "$$f" '$(call compile,musl)'" $$extra -c $$f"; \
	done | sed '1s/^/[/; $$s/,$$/]/' >$@
looked_at := $(sort $(foreach f,$(imager_src) $(support_src),$(if $(filter $(alone),$f),$f,build/batch/$(call batch,$f).cc)))
build/tidy.list: Makefile $(looked_at)
	@printf '%s\n' $(looked_at) >$@

# Every file by itself, unlike in a build.
each := $(patsubst %.cc,build/each/%,$(imager_src) $(support_src) $(unit_src))
each: $(each)
$(each): build/each/%: %.cc build/flags/musl
	@mkdir -p $(@D)
	$(say) EACH $<
	@$(call compile,musl,$<) -fsyntax-only $< && touch $@
.PHONY: each

# ---- imager --------------------------------------------------------------------------------------

imager: build/imager
.PHONY: imager

build/imager.debug: build/obj/musl/imager/main.o build/obj/musl/libimager.a
	$(call link,musl)

build/imager: build/imager.debug
	$(say) STRIP $@
	@llvm-strip-19 -o $@ $<

# ---- the live system ------------------------------------------------------------------------------

# Every package that is on the medium or inside a program on it. Boost is for the tests alone, pxelinux for network boot.
shipped := $(filter-out libboost1.83-dev pxelinux,$(shell awk '/^[a-z]/ { print $$1 }' $(packages)/lock))
tree = $$($(packages)/fetch $1)

build/sbom.json: Makefile rootfs/sbom $(recipe_inputs)
	@mkdir -p $(@D)
	@$(packages)/fetch --origin $(shipped) | rootfs/sbom >$@

build/programs/names: rootfs/pack-programs $(rescue:%=build/deps/%)
	$(say) XZ build/programs
	@rootfs/pack-programs -o build/programs $(rescue:%=build/deps/%)
list-rescue:
	@echo $(rescue:%=build/deps/%)
.PHONY: list-rescue

rootfs: build/rootfs/etc/drydock/sbom.json
build/rootfs/etc/drydock/sbom.json: rootfs/assemble build/sbom.json build/imager build/deps/busybox build/deps/dropbear \
  build/deps/keymaps build/programs/names $(shell find rootfs/overlay -type f -o -type d)
	$(say) TREE build/rootfs
	@rootfs/assemble --overlay rootfs/overlay --sbom build/sbom.json --busybox build/deps/busybox/busybox --keymaps build/deps/keymaps \
	  --programs build/programs --bin build/imager --bin build/deps/dropbear/dropbearmulti -o build/rootfs

# The report of what was staged and why is written last and stands for the whole.
build/modules.txt: initramfs/modules $(wildcard initramfs/*.awk initramfs/features.d/*.modules) $(recipe_inputs)
	@mkdir -p $(@D)
	$(say) KMOD build/modules
	@initramfs/modules --kernel $(call tree,linux-image-amd64) --features initramfs/features.d \
	  -o build/modules --report $@

initramfs: build/initrd.img
build/initrd.img: initramfs/pack initramfs/init build/modules.txt build/rootfs/etc/drydock/sbom.json
	$(say) PACK $@
	@initramfs/pack --init initramfs/init --root build/rootfs --modules build/modules \
	  --programs build/programs -o $@

iso: build/drydock.iso
build/drydock.iso: boot/mkiso boot/menu boot/menu.awk boot/entries build/initrd.img build/sbom.json $(recipe_inputs)
	$(say) ISO $@
	@boot/mkiso --kernel $(call tree,linux-image-amd64)/boot/vmlinuz-* --initrd build/initrd.img \
	  --sbom build/sbom.json --entries boot/entries \
	  --isolinux $(call tree,isolinux) --syslinux $(call tree,syslinux-common) \
	  --shim $(call tree,shim-signed) --shim-helpers $(call tree,shim-helpers-amd64-signed) \
	  --grub $(call tree,grub-efi-amd64-signed) -o $@

# A folder for a TFTP or HTTP server; its boot files are named in boot/mkpxe.
pxe: build/pxe/grub/grub.cfg
build/pxe/grub/grub.cfg: boot/mkpxe boot/menu boot/menu.awk boot/entries build/initrd.img $(recipe_inputs)
	$(say) PXE build/pxe
	@boot/mkpxe --kernel $(call tree,linux-image-amd64)/boot/vmlinuz-* --initrd build/initrd.img \
	  --entries boot/entries --pxelinux $(call tree,pxelinux) --syslinux $(call tree,syslinux-common) \
	  --shim $(call tree,shim-signed) --grub $(call tree,grub-efi-amd64-signed) -o build/pxe
.PHONY: rootfs initramfs iso pxe

# ---- tests ---------------------------------------------------------------------------------------
# Where a file lies says what it is:
#   tests/unit/**/*.cc    one program, three times: build/unit-tests, build/asan/unit-tests, build/tsan/unit-tests
#   tests/SUITE/*.cc      a program each, build/tests/SUITE/NAME; one with a main() of its own is a tool, not a test
#   tests/SUITE/*         other executable files are tests as they are
#   tests/fuzz/*.cc       a fuzzer each, build/fuzz/NAME; `make check` replays tests/fuzz/corpus/NAME

# One by one, for a tool takes of these what it uses, and so not Boost.Test's main().
support := $(support_src:%.cc=build/obj/musl/%.o)

build/unit-tests: $(support) $(call batched,musl,$(unit_src)) build/obj/musl/libimager.a
	$(call link,musl)
build/asan/unit-tests: $(call batched,asan,$(support_src) $(unit_src)) build/obj/asan/libimager.a
	$(call link,asan)
# Left out are the layers that know no threads, and image, which several threads use in the tests of engine and job.
threadless := base/% codec/% core/% fs/% image/% support/%
build/tsan/unit-tests: $(call batched,tsan,$(support_src) $(filter-out $(patsubst %,tests/unit/%,$(threadless)),$(unit_src))) \
  build/obj/tsan/libimager.a
	$(call link,tsan)

suites := cli roundtrip image vm bench
tools := $(shell grep -lsw '^int main' $(wildcard $(suites:%=tests/%/*.cc)))

build/tests/%: build/obj/musl/tests/%.o $(support) build/obj/musl/libimager.a
	$(call link,musl)
build/obj/musl/libsupport.a: $(support)
	@rm -f $@; llvm-ar-19 rcsD $@ $^
$(tools:%.cc=build/%): build/%: build/obj/musl/%.o build/obj/musl/libsupport.a build/obj/musl/libimager.a
	$(call link,musl)

# $(call suite,NAME): the programs of a suite, in order; $(call scripts,NAME): the executable files in it.
scripts = $(sort $(shell find tests/$1 -maxdepth 1 -type f -executable 2>/dev/null))
suite = $(patsubst %.cc,build/%,$(filter-out $(tools),$(sort $(wildcard tests/$1/*.cc)))) $(scripts)

# clang takes -lstdc++ for "the C++ library in use"; the runtime of the fuzzers is built with the other one.
fuzzer := -fsanitize=fuzzer -Xlinker -lstdc++
fuzzers := $(basename $(notdir $(wildcard tests/fuzz/*.cc)))
# The layers that read what others wrote: no more of imager is needed for a fuzzer.
fuzzed := $(filter $(addprefix imager/,base/% core/% io/% disk/% fs/% codec/% image/% rescue/%),$(imager_lib))
$(foreach v,fuzz asan,$(eval build/obj/$v/libfuzzed.a: $(call batched,$v,$(fuzzed)); @rm -f $$@; llvm-ar-19 rcsD $$@ $$^))
$(fuzzers:%=build/fuzz/%): build/fuzz/%: build/obj/fuzz/tests/fuzz/%.o build/obj/fuzz/libfuzzed.a
	$(call link,fuzz,$(fuzzer))
$(fuzzers:%=build/asan/fuzz/%): build/asan/fuzz/%: build/obj/asan/tests/fuzz/%.o build/obj/asan/libfuzzed.a
	$(call link,asan,$(fuzzer))

lint_programs := $(call scripts,lint)
check_programs := $(lint_programs) build/unit-tests build/asan/unit-tests build/tsan/unit-tests \
  $(call scripts,fuzz) $(call suite,cli) $(call suite,roundtrip) $(call suite,image)
vm_programs := $(call suite,vm)
vm_inputs := build/drydock.iso build/pxe/grub/grub.cfg $(tools:%.cc=build/%)
lint_inputs := compile_commands.json build/tidy.list build/flags/musl
check_inputs := $(lint_inputs) $(fuzzers:%=build/asan/fuzz/%) build/imager build/drydock.iso $(tools:%.cc=build/%)

unit: build/unit-tests
	@tests/run $<
lint: $(lint_inputs)
	@tests/run $(lint_programs)
check: $(check_inputs) $(check_programs)
	@tests/run $(check_programs)
check-vm: $(vm_inputs) $(vm_programs)
	@tests/run $(vm_programs)
test: $(check_inputs) $(vm_inputs) $(check_programs) $(vm_programs)
	@tests/run $(check_programs) $(vm_programs)
bench: build/imager $(call suite,bench)
	@for program in $(call suite,bench); do $$program; done
demo: build/tests/vm/demo build/drydock.iso
	@$<
run: build/drydock.iso
	@tests/support/try-iso
test-programs: $(check_inputs) $(vm_inputs) $(check_programs) $(vm_programs)
demo-program: build/tests/vm/demo sample-disk
run-program: sample-disk
# Where it cannot be made, what needs it says so.
sample-disk:
	@tests/support/make-sample-disk >/dev/null || true
.PHONY: test-programs demo-program run-program sample-disk
.PHONY: unit lint check check-vm test bench demo run

FUZZ_SECONDS ?= 60
fuzz: $(fuzzers:%=build/fuzz/%)
	@for name in $(fuzzers); do \
	  echo "fuzzing $$name for $(FUZZ_SECONDS) s"; \
	  mkdir -p build/fuzz/corpus/$$name tests/fuzz/corpus/$$name; \
	  build/fuzz/$$name -max_total_time=$(FUZZ_SECONDS) -artifact_prefix=build/fuzz/$$name- \
	    build/fuzz/corpus/$$name tests/fuzz/corpus/$$name >build/fuzz/$$name.log 2>&1 || \
	    { tail -n 30 build/fuzz/$$name.log; exit 1; }; \
	done
.PHONY: fuzz

# ---- the rest ------------------------------------------------------------------------------------

format:
	git ls-files '*.cc' '*.h' | xargs clang-format-19 -i
lock:
	$(packages)/fetch --lock

clean:
	rm -rf build compile_commands.json
.PHONY: format lock clean
