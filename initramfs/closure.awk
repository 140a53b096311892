# What do the chosen modules need besides themselves?
#
# Input files in this order: modules.dep, modules.softdep, modules.alias of the whole kernel (depmod's), then
# the output of select.awk. Output: `path<TAB>reason` of every module that has to be there.
# A soft dependency names a module or an alias (crypto-crc32c); an alias stands for each module that has it.

FNR == 1 { file++ }

file == 1 {
    sub(/:/, "", $1)
    from = plain($1)
    by_name[name_of(from)] = from
    for (i = 2; i <= NF; i++) hard[from] = hard[from] " " plain($i)
    next
}
file == 2 && $1 == "softdep" {
    for (i = 3; i <= NF; i++) if ($i !~ /:$/) soft[$2] = soft[$2] " " $i
    next
}
# Aliases with wildcards name devices; no soft dependency is written that way.
file == 3 && $1 == "alias" && $2 !~ /[*?[]/ { aliased[$2] = aliased[$2] " " name_of($3); next }
file == 4 { split($0, field, "\t"); reason[field[1]] = field[2]; chosen[++count] = field[1] }

END {
    for (k = 1; k <= count; k++) follow(chosen[k])
    for (path in reason) print path "\t" reason[path]
}

function plain(path) { sub(/^kernel\//, "", path); sub(/\.ko(\.xz)?$/, "", path); return path }
function name_of(path) { sub(/.*\//, "", path); gsub(/-/, "_", path); return path }

function need(path, why) {
    if (path in reason) return
    reason[path] = why
    follow(path)
}

function follow(path,    list, n, i) {
    n = split(hard[path], list, " ")
    for (i = 1; i <= n; i++) need(list[i], "needed by " name_of(path))
    n = split(soft[name_of(path)], list, " ")
    for (i = 1; i <= n; i++) need_name(list[i], "wanted by " name_of(path))
}

function need_name(name, why,    list, n, i, module) {
    module = name_of(name)
    if (module in by_name) return need(by_name[module], why)
    n = split(aliased[name], list, " ")
    for (i = 1; i <= n; i++) if (list[i] in by_name) need(by_name[list[i]], why)
}
