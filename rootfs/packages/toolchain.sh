# The sysroot that everything we ship is built in: musl, the kernel's headers, and libc++ 19 built for musl.
# clang, lld and compiler-rt are the host's (version 19 on Debian 12 and 13 alike).
packages="musl-dev linux-libc-dev orig:llvm-toolchain-19"
uses=""
files="orig:llvm-toolchain-19" # not unpacked: only a small part of it is needed

build() {
    local musl=$1 kernel=$2 llvm
    mkdir -p "$out/usr/include" "$out/usr/lib"
    cp -a "$musl/usr/include/x86_64-linux-musl/." "$out/usr/include/"
    cp -a "$musl/usr/lib/x86_64-linux-musl/." "$out/usr/lib/"
    # The kernel headers' asm/ sits behind links in a multiarch folder: -L makes plain files of them.
    cp -aL "$kernel/usr/include/"{linux,asm-generic,mtd,scsi} "$out/usr/include/"
    cp -aL "$kernel/usr/include/x86_64-linux-gnu/asm" "$out/usr/include/asm"
    # The whole of LLVM is 1.9 GB unpacked; the run-time libraries need a small part of it.
    mkdir llvm
    tar -xf "$3"/*.orig.tar.xz -C llvm --strip-components=1 --wildcards \
        '*/runtimes' '*/libunwind' '*/libcxxabi' '*/libcxx' '*/cmake' '*/libc' '*/llvm/utils/llvm-lit'
    llvm=$PWD/llvm
    local flags="--target=x86_64-linux-musl --sysroot=$out -ffile-prefix-map=$llvm=llvm -ffile-prefix-map=$out=sysroot"
    local common=(
        -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX="$out/usr"
        -DCMAKE_SYSTEM_NAME=Linux -DCMAKE_SYSTEM_PROCESSOR=x86_64 -DCMAKE_TRY_COMPILE_TARGET_TYPE=STATIC_LIBRARY
        -DCMAKE_C_COMPILER=clang-19 -DCMAKE_CXX_COMPILER=clang++-19 -DCMAKE_ASM_COMPILER=clang-19
        -DCMAKE_AR="$(command -v llvm-ar-19)" -DCMAKE_RANLIB="$(command -v llvm-ranlib-19)"
        -DCMAKE_C_FLAGS="$flags" -DCMAKE_CXX_FLAGS="$flags" -DCMAKE_ASM_FLAGS="$flags"
        -DLLVM_DEFAULT_TARGET_TRIPLE=x86_64-linux-musl -DLLVM_ENABLE_RUNTIMES="libunwind;libcxxabi;libcxx"
        -DLIBCXX_HAS_MUSL_LIBC=ON -DLIBCXX_CXX_ABI=libcxxabi -DLIBCXX_ENABLE_STATIC_ABI_LIBRARY=ON
        -DLIBCXX_ENABLE_SHARED=OFF -DLIBCXXABI_ENABLE_SHARED=OFF -DLIBUNWIND_ENABLE_SHARED=OFF
        -DLIBCXXABI_USE_LLVM_UNWINDER=ON -DLIBCXXABI_ENABLE_STATIC_UNWINDER=ON
        -DLIBCXX_INCLUDE_BENCHMARKS=OFF -DLIBCXX_INCLUDE_TESTS=OFF
        -DLIBCXXABI_INCLUDE_TESTS=OFF -DLIBUNWIND_INCLUDE_TESTS=OFF
    )
    cmake -S "$llvm/runtimes" -B build -G "Unix Makefiles" "${common[@]}"
    make -C build -j"$(nproc)" install
}
