# boot/entries in, the configuration of one loader out.
# Variables: loader = isolinux, pxelinux or grub.

/^[ \t]*(#|$)/ { next }
{ key = $1; value = $0; sub(/^[ \t]*[^ \t]+[ \t]*/, "", value) }
key == "entry" { count++; id[count] = value; next }
!count { common[key] = value; next }
{ field[count, key] = value }

END {
    if (loader == "grub") head_grub(); else head_syslinux()
    for (i = 1; i <= count; i++) {
        if (loader == "grub") entry_grub(i)
        else if (field[i, "action"] != "firmware") entry_syslinux(i)
    }
}

function arguments(i,    text) {
    text = common["kernel"] " " field[i, "args"]
    if (loader != "grub" && field[i, "bios"] != "") text = text " " field[i, "bios"]
    return text
}

function head_syslinux() {
    # SERIAL has to be the first line, so that the loader itself is heard.
    print "SERIAL 0 115200"
    print "UI menu.c32"
    print "PROMPT 0"
    print "TIMEOUT " common["timeout"] * 10
    print "MENU TITLE " common["title"]
    print "MENU COLOR tabmsg 37;40"
    print "MENU TABMSG Enter starts the entry, Tab edits its kernel arguments"
    print "DEFAULT " id[1]
}

function entry_syslinux(i,    root) {
    print ""
    print "LABEL " id[i]
    print "  MENU LABEL " field[i, "label"]
    if (field[i, "action"] == "local") {
        # -1 hands over to the firmware's next boot device: from a stick, disk 0x80 would be the stick itself.
        print "  LOCALBOOT " (loader == "pxelinux" ? 0 : -1)
        return
    }
    root = loader == "isolinux" ? "/boot/" : "boot/"
    print "  KERNEL " root "vmlinuz"
    print "  INITRD " root "initrd.img"
    print "  APPEND " arguments(i)
    if (loader == "pxelinux") print "  IPAPPEND 2"
}

function head_grub() {
    print "set timeout=" common["timeout"]
    print "set default=" id[1]
    # The firmware's own console, in the mode it is in: after GRUB's graphics terminal the kernel's EFI stub can find
    # a screen whose mode and reported geometry differ.
    print "terminal_output console"
}

function entry_grub(i) {
    print ""
    print "menuentry \"" field[i, "label"] "\" --id " id[i] " {"
    if (field[i, "action"] == "local") print "  exit 1"
    else if (field[i, "action"] == "firmware") print "  fwsetup"
    else {
        print "  linux /boot/vmlinuz " arguments(i)
        print "  initrd /boot/initrd.img"
    }
    print "}"
}
