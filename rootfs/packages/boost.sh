# Boost.Test, used as headers only, and the Boost headers it includes.
packages="libboost1.83-dev"
uses=""

build() {
    mkdir "$out/include"
    cp -a "$1/usr/include/boost" "$out/include/"
}
