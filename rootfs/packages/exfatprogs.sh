# The checker of exFAT volumes, and what makes them.
packages="src:exfatprogs"
inputs="portable"

build() {
    . "$here/portable"
    cp -a "$1/." .
    portable exfatprogs
    flags="-Iinclude -D_GNU_SOURCE"
    objects exfat.a lib/*.c
    $CC -O2 $flags -o fsck.exfat fsck/*.c exfat.a
    $CC -O2 $flags -o mkfs.exfat mkfs/*.c exfat.a
    keep fsck.exfat mkfs.exfat
}
