# Dropbear: the way to servers by SSH, and, only where the boot parameters ask for it, the way in. Small, and it speaks to
# old servers (RSA, ECDSA) without OpenSSL, since its own libtomcrypt is in it. All of it is one program by several names.
packages="src:dropbear"

build() {
    cp -a "$1/." .
    # No agent or forwarding: nothing may come back through a connection. Nobody comes in with a password.
    cat >localoptions.h <<'END'
#define DROPBEAR_SVR_PASSWORD_AUTH 0
#define DROPBEAR_SVR_AGENTFWD 0
#define DROPBEAR_SVR_LOCALTCPFWD 0
#define DROPBEAR_SVR_REMOTETCPFWD 0
#define DROPBEAR_SVR_LOCALSTREAMFWD 0
#define DROPBEAR_X11FWD 0
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
    make -j"$(nproc)" MULTI=1 PROGRAMS="dropbear dbclient dropbearkey" AR="$AR" RANLIB="$RANLIB"
    llvm-strip-19 -o "$out/dropbearmulti" dropbearmulti
}
