# What repairs, resizes, names and makes NTFS volumes, and finds deleted files on them. The kernel mounts them.
packages="src:ntfs-3g"
inputs="portable"

build() {
    local name
    . "$here/portable"
    cp -a "$1/." .
    portable ntfs-3g
    { known libntfs-3g/*.c ntfsprogs/*.c include/ntfs-3g/*.h
      sed -n 's/^AC_INIT(\[.*\],\[\(.*\)\],\[.*\])$/#define VERSION "\1"/p' configure.ac
      printf '#define %s\n' 'PACKAGE "ntfs-3g"' 'ENABLE_NTFSPROGS 1'
    } >config.h
    rm libntfs-3g/win32_io.c
    flags="-DHAVE_CONFIG_H -I. -Iinclude/ntfs-3g"
    objects ntfs.a libntfs-3g/*.c ntfsprogs/{utils,attrdef,boot,sd}.c
    for name in ntfsfix ntfsresize ntfsinfo ntfslabel ntfsundelete mkntfs; do
        # shellcheck disable=SC2086 # options
        $CC -O2 $flags -o $name ntfsprogs/$name.c ntfs.a
        keep $name
    done
    ln -s mkntfs "$out/mkfs.ntfs"
}
