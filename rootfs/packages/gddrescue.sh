# ddrescue: copies a failing drive, the readable parts first, with a map of what is still missing.
packages="src:gddrescue"
inputs="portable"

build() {
    . "$here/portable"
    cp -a "$1/." .
    portable ddrescue
    ./configure CXX="$CXX" CXXFLAGS="$CXXFLAGS" LDFLAGS="$LDFLAGS"
    make -j"$(nproc)" ddrescue ddrescuelog
    keep ddrescue ddrescuelog
}
