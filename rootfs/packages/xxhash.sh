# xxHash: XXH3-128 digests of chunks and images, with the best instructions the processor has.
packages="src:xxhash"

build() {
    cp -a "$1/." .
    make -j"$(nproc)" libxxhash.a DISPATCH=1 CFLAGS="$CFLAGS -O3" CC="$CC" AR="$AR"
    install -D -m644 -t "$out/lib" libxxhash.a
    install -D -m644 -t "$out/include" xxhash.h xxh_x86dispatch.h
}
