# Keyboard layouts of Debian's console-data, as BusyBox's loadkmap reads them: those of Latin letters, as the menu has no others.
packages="console-data"
uses=""

layouts() { # NAME FILE LANGUAGE: the name is the country's or language's code, as people know it from other systems
    cat <<'END'
us qwerty/us American
be azerty/be-latin1 Belgian
gb qwerty/uk British
ca qwerty/ca-multi Canadian
hr qwertz/croat Croatian
cz qwerty/cz-lat2 Czech
dk qwerty/dk-latin1 Danish
nl qwerty/nl Dutch
dvorak dvorak/dvorak Dvorak
fi qwerty/fi-latin1 Finnish
fr azerty/fr-latin9 French
de qwertz/de-latin1-nodeadkeys German
hu qwertz/hu Hungarian
is qwerty/is-latin1 Icelandic
it qwerty/it Italian
jp qwerty/jp106 Japanese
no qwerty/no-latin1 Norwegian
pl qwerty/pl Polish
pt qwerty/pt-latin1 Portuguese
br qwerty/br-abnt2 Portuguese (Brazil)
ro qwerty/ro Romanian
sk qwerty/sk-qwerty Slovak
si qwertz/slovene Slovenian
es qwerty/es Spanish
la qwerty/la-latin1 Spanish (Latin America)
se qwerty/se-latin1 Swedish
ch-fr qwertz/fr_CH-latin1 Swiss French
ch qwertz/sg-latin1 Swiss German
tr qwerty/trqu Turkish
END
}

build() {
    local name file language
    layouts | while read -r name file language; do
        echo "$name $language" >>"$out/names"
        # Characters as Unicode: the kernel's consoles are in UTF-8 mode.
        loadkeys --unicode --bkeymap "$1/usr/share/keymaps/i386/$file.kmap.gz" >"$out/$name.kmap"
    done
}
