# Dropbear's client: the way to servers by SSH. Small, and it speaks to old ones (RSA, ECDSA) without OpenSSL, since its
# own libtomcrypt is in it.
packages="src:dropbear"

build() {
    cp -a "$1/." .
    # No server, no agent or forwarding: nothing may come back through the connection.
    cat >localoptions.h <<'END'
#define DROPBEAR_CLI_LOCALTCPFWD 0
#define DROPBEAR_CLI_REMOTETCPFWD 0
#define DROPBEAR_CLI_AGENTFWD 0
#define DROPBEAR_CLI_PROXYCMD 0
#define DROPBEAR_CLI_NETCAT 0
#define DROPBEAR_USE_PASSWORD_ENV 1
#define DROPBEAR_DEFAULT_CLI_AUTHKEY "~/.ssh/id_dropbear"
END
    CFLAGS="$CFLAGS -ffile-prefix-map=$PWD=dropbear" ./configure --host=x86_64-linux-musl --enable-static --enable-bundled-libtom \
        --disable-zlib --disable-pam --disable-syslog --disable-lastlog --disable-utmp --disable-utmpx --disable-wtmp \
        --disable-wtmpx --disable-harden
    make -j"$(nproc)" PROGRAMS=dbclient AR="$AR" RANLIB="$RANLIB"
    llvm-strip-19 -o "$out/dbclient" dbclient
}
