# boot/entries in, the configuration of one loader out.
# Variables: loader = isolinux, pxelinux or grub.

/^[ \t]*(#|$)/ { next }
{ key = $1; value = $0; sub(/^[ \t]*[^ \t]+[ \t]*/, "", value) }
key == "entry" { count++; id[count] = value; next }
!count { common[key] = value; next }
{ field[count, key] = value }

END {
    kind = loader == "grub" ? "uefi" : "bios"
    if (loader == "grub") head_grub(); else head_syslinux()
    for (i = 1; i <= count; i++) {
        if (field[i, "only"] != "" && field[i, "only"] != kind) continue
        if (loader == "grub") entry_grub(i)
        else entry_syslinux(i)
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
    if (field[i, "action"] == "local") { print "  LOCALBOOT " (loader == "pxelinux" ? 0 : -1); return }
    if (field[i, "action"] == "second") { print "  COM32 chain.c32\n  APPEND hd1 swap"; return }
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
    if (field[i, "action"] == "local") local_grub()
    else if (field[i, "action"] == "firmware") print "  fwsetup"
    else {
        print "  linux /boot/vmlinuz " arguments(i)
        print "  initrd /boot/initrd.img"
    }
    print "}"
}

# UEFI has no "first disk": start the first boot loader found on one, or leave the choice to the firmware. Our own
# volumes are known by the menu they hold. Globs come from GRUB's regexp module, which the signed build has.
function local_grub() {
    print "  for device in (hd*,gpt*); do"
    print "    if [ -f $device/boot/grub/grub.cfg ]; then continue; fi"
    print "    for loader in $device/EFI/*/shimx64.efi $device/EFI/Microsoft/Boot/bootmgfw.efi $device/EFI/BOOT/BOOTX64.EFI; do"
    print "      if [ -f $loader ]; then if chainloader $loader; then boot; fi; fi"
    print "    done"
    print "  done"
    print "  exit"
}
