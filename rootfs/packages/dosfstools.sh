# The checker of FAT volumes, what makes them, and what names them.
packages="src:dosfstools"
inputs="portable"

build() {
    local version
    . "$here/portable"
    cp -a "$1/." .
    portable dosfstools
    version=$(sed -n 's/^AC_INIT(\[dosfstools\], \[\(.*\)\])$/\1/p' configure.ac)
    cd src || return
    { known ./*.[ch] blkdev/*.[ch]; echo "#define HAVE_DECL_GETMNTENT 1"; } >config.h
    sed "s/@PACKAGE_VERSION@/$version/; s/@RELEASE_DATE@/$(sed -n 's/^AC_SUBST(\[RELEASE_DATE\], \[\(.*\)\])$/\1/p' ../configure.ac)/" version.h.in >version.h
    flags="-include config.h -Iblkdev"
    objects fat.a boot.c charconv.c check.c common.c device_info.c fat.c file.c io.c lfn.c blkdev/*.c
    for program in fsck.fat mkfs.fat fatlabel; do $CC -O2 $flags -o $program $program.c fat.a; done
    keep fsck.fat mkfs.fat fatlabel
    for name in fsck mkfs; do ln -s $name.fat "$out/$name.vfat"; done
}
