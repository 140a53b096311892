# smartctl: what a drive knows of its own health. Its table of known drives is inside it.
packages="src:smartmontools"
inputs="portable"

build() {
    . "$here/portable"
    cp -a "$1/." .
    portable smartmontools
    ./configure --quiet --host=x86_64-linux-musl --sysconfdir=/etc --without-libcap-ng --without-libsystemd --without-selinux \
        --without-gnupg --without-update-smart-drivedb --without-drivedbdir
    make -j"$(nproc)" smartctl
    keep smartctl
}
