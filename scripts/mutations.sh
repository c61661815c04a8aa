#!/usr/bin/env bash
# Breaks one rule of the planner after another in a copy of the tree, and demands that the oracle or a vector notices.
# Not part of ./test: each rule costs a build. UPHELD_CASES sets how many random cases are tried (default 150).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if [ "${1-}" = -h ] || [ "${1-}" = --help ]; then
    echo "usage: scripts/mutations.sh [NAME..]"
    echo "  NAME   a file of crates/oracle/mutations without .sed; all of them, if none is named"
    exit 0
fi

copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
git ls-files -z | xargs -0 cp --parents --no-dereference -t "$copy"
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$PWD/target/mutations}
export UPHELD_CASES=${UPHELD_CASES:-150}

build() { (cd "$copy" && cargo test -q --workspace --test oracle --no-run) >"$copy/build.log" 2>&1; }
try() { (cd "$copy" && timeout 300 cargo test -q --workspace --test oracle -- vectors_in_memory random_cases_in_memory) >"$copy/try.log" 2>&1; }

build || { tail -20 "$copy/build.log"; echo "The tree does not build." >&2; exit 1; }
try || { tail -20 "$copy/try.log"; echo "Without a mutation planner and oracle differ already." >&2; exit 1; }

names=("$@")
[ ${#names[@]} -gt 0 ] || mapfile -t names < <(cd crates/oracle/mutations && printf '%s\n' *.sed | sed 's/\.sed$//')

missed=0
printf '%-14s %-28s %s\n' outcome mutation rule
for name in "${names[@]}"; do
    script=crates/oracle/mutations/$name.sed
    rule=$(sed -n '1s/^# //p' "$script")
    file=$(sed -n '2s/^# in //p' "$script")
    cp "$copy/$file" "$copy/whole"
    sed -E -f "$script" "$copy/whole" >"$copy/$file"
    if cmp -s "$copy/whole" "$copy/$file"; then
        outcome="not applied"
    elif ! build; then
        outcome="no build"
    elif try; then
        outcome="NOT CAUGHT"
    elif [ $? -eq 124 ]; then
        outcome="hangs"
    else
        vectors=$(grep -c '^ *vector `' "$copy/try.log" || true)
        seeds=$(grep -cE '^ *(first )?seed [0-9]+ on' "$copy/try.log" || true)
        outcome="${vectors}v ${seeds}s"
        [ "$outcome" != "0v 0s" ] || outcome="panics"
    fi
    case $outcome in *v*s | hangs | panics) ;; *) missed=$((missed + 1)) ;; esac
    printf '%-14s %-28s %s\n' "$outcome" "$name" "$rule"
    cp "$copy/whole" "$copy/$file"
done
echo "caught by so many vectors (v) and random cases (s), or the planner stops; ${#names[@]} mutations, $missed not caught"
[ "$missed" -eq 0 ]
