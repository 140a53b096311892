# nlohmann-json: manifests, plans and events as JSON. Headers only.
packages="nlohmann-json3-dev"
uses=""

build() {
    mkdir "$out/include"
    cp -a "$1/usr/include/nlohmann" "$out/include/"
}
