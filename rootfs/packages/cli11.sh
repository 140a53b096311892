# CLI11: the command line of imager. Headers only.
packages="libcli11-dev"
uses=""

build() {
    mkdir "$out/include"
    cp -a "$1/usr/include/CLI" "$out/include/"
}
