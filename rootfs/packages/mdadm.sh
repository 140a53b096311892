# Linux software RAID, and what looks after Intel's and DDF arrays. Nothing assembles one by itself.
packages="src:mdadm"
inputs="portable"

build() {
    . "$here/portable"
    cp -a "$1/." .
    portable mdadm
    make -j"$(nproc)" mdadm mdmon CC="$CC -include libgen.h" CWFLAGS= CXFLAGS="$CFLAGS -D_LARGEFILE64_SOURCE -DNO_LIBUDEV -DNO_COROSYNC -DNO_DLM" LDFLAGS=-static LDLIBS= CHECK_RUN_DIR=0
    keep mdadm mdmon
}
