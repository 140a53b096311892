#!/bin/bash
# Build and test Drydock. One entry point; the dependency graph is in the Makefile.
#
#   ./build.sh [all]     build/drydock.iso and build/imager
#   ./build.sh iso       build/drydock.iso
#   ./build.sh demo      the main job in QEMU: save a disk, wipe it, restore it, boot it
#   ./build.sh test      all tests; ends in one line `N passed, N failed, N skipped`
#   ./build.sh run       boot the ISO in QEMU with scratch disks, to try things by hand
#   ./build.sh bench     measurements, against other tools
#   ./build.sh clean     remove build/; the cache stays
#
# --no-install   only list the host packages that are missing, and stop if there are any
#
# Needs Debian 12 or 13 and root or sudo (for installing packages). Third-party parts are built once
# and kept in DRYDOCK_CACHE (default ~/.cache/drydock); with that filled, no network is needed.
# DEBIAN_MIRROR chooses a mirror other than the host's.
set -euo pipefail
cd "$(dirname "$0")"

say() { printf '\n==> %s\n' "$*"; }
die() { echo "build.sh: $*" >&2; exit 1; }
usage() { sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0"; }

verb=all install=yes
for arg; do
    case $arg in
    all | iso | demo | test | run | bench | clean) verb=$arg ;;
    --no-install) install=no ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; die "unknown argument '$arg'" ;;
    esac
done

missing_packages() { # those of rootfs/packages/host that are not installed
    local package _
    while read -r package _; do
        case $package in "" | "#"*) continue ;; esac
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || echo "$package"
    done <rootfs/packages/host
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null; then sudo "$@"; else
        die "installing packages needs root: run as root, or install sudo, or install them yourself: $missing"
    fi
}

# Tests start servers of their own; the packages' services must not run on this machine, now or after its next start.
keep_servers_off() {
    local unit
    for unit in smbd.service nmbd.service samba-ad-dc.service nfs-ganesha.service rpcbind.service rpcbind.socket; do
        case " $missing " in *" samba "* | *" nfs-ganesha "*) ;; *) return 0 ;; esac
        [ -n "$(find {/usr,}/lib/systemd/system/"$unit" /etc/systemd/system/"$unit" 2>/dev/null)" ] ||
            as_root install -D /dev/null /etc/systemd/system/"$unit" # empty: masked, as systemd.unit(5) says
    done
}

host_packages() {
    command -v dpkg-query >/dev/null || die "this is not Debian; see rootfs/packages/host for what a build needs"
    missing=$(missing_packages | tr '\n' ' ')
    [ -n "$missing" ] || return 0
    say "host packages that are missing (rootfs/packages/host says what each is for):"
    echo "$missing" | fold -s -w 96 | sed 's/^/    /'
    [ $install = yes ] || die "not installed, as --no-install was given"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq update ||
        die "apt-get update failed: are the package sources of this machine reachable?"
    keep_servers_off
    # shellcheck disable=SC2086 # one word a package
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install $missing >/dev/null ||
        die "installing packages failed"
}

step() { # step WHAT MAKE-TARGET...: says what it does, and how long it took
    local what=$1 start=$SECONDS
    shift
    say "$what"
    make --no-print-directory -j"$(nproc)" "$@" || die "$what: failed"
    printf '    %s: %d min %02d s\n' "$what" $(((SECONDS - start) / 60)) $(((SECONDS - start) % 60))
}

[ "$verb" != clean ] || exec make clean
host_packages
step "toolchain and third-party parts (built once, kept in ${DRYDOCK_CACHE:-$HOME/.cache/drydock})" toolchain
case $verb in
iso) step "the ISO" iso ;;
*) step "imager and the ISO" imager iso ;;
esac
case $verb in
all | iso) say "done:"; ls -l build/drydock.iso build/imager ;;
test)
    step "test programs" test-programs
    say "tests"
    exec make --no-print-directory test ;;
bench) step "measurements" bench ;;
demo | run)
    step "the $verb program" "$verb-program"
    exec make --no-print-directory "$verb" ;;
esac
