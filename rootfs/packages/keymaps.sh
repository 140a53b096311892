# Keyboard layouts of Debian's console-data, as BusyBox's loadkmap reads them: those of Latin letters, as the menu has no others.
packages="console-data"
uses=""

layouts() { # NAME FILE: the country's or language's code, as people know it from other systems
    cat <<'END'
be azerty/be-latin1
br qwerty/br-abnt2
ca qwerty/ca-multi
ch qwertz/sg-latin1
ch-fr qwertz/fr_CH-latin1
cz qwerty/cz-lat2
de qwertz/de-latin1-nodeadkeys
dk qwerty/dk-latin1
dvorak dvorak/dvorak
es qwerty/es
fi qwerty/fi-latin1
fr azerty/fr-latin9
gb qwerty/uk
hr qwertz/croat
hu qwertz/hu
is qwerty/is-latin1
it qwerty/it
jp qwerty/jp106
la qwerty/la-latin1
nl qwerty/nl
no qwerty/no-latin1
pl qwerty/pl
pt qwerty/pt-latin1
ro qwerty/ro
se qwerty/se-latin1
si qwertz/slovene
sk qwerty/sk-qwerty
tr qwerty/trqu
us qwerty/us
END
}

build() {
    local name file
    layouts | while read -r name file; do
        # Characters as Unicode: the kernel's consoles are in UTF-8 mode.
        loadkeys --unicode --bkeymap "$1/usr/share/keymaps/i386/$file.kmap.gz" >"$out/$name.kmap"
    done
}
