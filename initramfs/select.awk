# Which modules do the pattern lines of features.d choose?
#
# Input: first modules.builtin and modules.order-like lists (one `kernel/….ko[.xz]` a line), then the
# *.modules files. Output: `path<TAB>file:line` for every chosen module, path below kernel/ without suffix.
# A pattern without a match is reported on standard error; the exit status is then 1.
# Variables: lists = how many leading files are lists.

FNR == 1 { file++; name = FILENAME; sub(/.*\//, "", name) }

file <= lists {
    sub(/^kernel\//, ""); sub(/\.ko(\.xz)?$/, "")
    if (name == "modules.builtin") builtin[$0] = 1
    else module[$0] = 1
    next
}

{
    sub(/#.*/, ""); gsub(/[ \t]+/, "")
    if ($0 == "") next
    if (sub(/^!/, "")) expand($0, name ":" FNR, "take_away")
    else expand($0, name ":" FNR, "choose")
}

END {
    for (path in chosen) print path "\t" chosen[path]
    exit failed
}

# a{b,c}d becomes abd and acd; every one of them has to match something by itself.
function expand(pattern, where, action,    open, close_, head, tail, list, parts, n, i) {
    open = index(pattern, "{")
    if (!open) return apply(pattern, where, action)
    head = substr(pattern, 1, open - 1)
    tail = substr(pattern, open + 1)
    close_ = index(tail, "}")
    list = substr(tail, 1, close_ - 1)
    tail = substr(tail, close_ + 1)
    n = split(list, parts, ",")
    for (i = 1; i <= n; i++) expand(head parts[i] tail, where, action)
}

function apply(pattern, where, action,    regex, path, hits) {
    regex = to_regex(pattern)
    for (path in module) {
        if (path !~ regex) continue
        hits++
        if (action == "choose") { if (!(path in chosen)) chosen[path] = where }
        else if (path in chosen && of_file(chosen[path]) == of_file(where)) delete chosen[path]
    }
    for (path in builtin) if (path ~ regex) hits++
    if (!hits) {
        print where ": no module matches " pattern > "/dev/stderr"
        failed = 1
    }
}

function of_file(where) { sub(/:.*/, "", where); return where }

function to_regex(pattern) {
    gsub(/[.+()]/, "\\\\&", pattern)
    gsub(/\*\*/, "\001", pattern)
    gsub(/\*/, "[^/]*", pattern)
    gsub(/\001/, ".*", pattern)
    return "^" pattern "$"
}
