# zstd: the compression of our own image format. Static, with its multithreaded compressor.
packages="src:libzstd"

build() {
    cp -a "$1/lib" lib
    make -C lib -j"$(nproc)" libzstd.a-mt ZSTD_LEGACY_SUPPORT=0 CPPFLAGS_EXTRA= MOREFLAGS="$CFLAGS"
    install -D -m644 -t "$out/lib" lib/libzstd.a
    install -D -m644 -t "$out/include" lib/zstd.h lib/zstd_errors.h lib/zdict.h
}
