# BusyBox: the shell and userland of the live system. What is in it: rootfs/busybox.config.
packages="src:busybox"
inputs="../busybox.config"

build() {
    local config=$here/../busybox.config line wrong=0
    cp -a "$1/." .
    local options=(-j"$(nproc)" HOSTCC=clang-19 CC="$CC ${CFLAGS%% -O2*} -fuse-ld=lld-19 --rtlib=compiler-rt"
        AR="$AR" NM=llvm-nm-19 STRIP=llvm-strip-19 OBJCOPY=llvm-objcopy-19 SKIP_STRIP=y)
    # Everything off, then ours on top; what is on by default because of ours is off too, as it is named.
    make "${options[@]}" allnoconfig
    sed -E 's/^[[:space:]]*config ([A-Z0-9_a-z]+)$/# CONFIG_\1 is not set/p; d' Config.in */Config.in */*/Config.in >all
    { cat "$config"; awk -F'[= ]' 'NR == FNR { on[$1]; next } !($2 in on)' "$config" all; } >.config
    set +o pipefail # yes(1) dies of its closed pipe
    yes "" | make "${options[@]}" oldconfig
    set -o pipefail
    # kconfig drops what it does not know or what something missing forbids, without a word.
    while read -r line; do
        case $line in "" | "#"*) continue ;; esac
        grep -qxF "$line" .config || { echo "busybox.config: '$line' had no effect"; wrong=1; }
    done <"$config"
    [ $wrong = 0 ]
    make "${options[@]}" CONFIG_EXTRA_CFLAGS="-ffile-prefix-map=$PWD=busybox" busybox
    llvm-strip-19 -o "$out/busybox" busybox
}
