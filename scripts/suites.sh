# Reads what the test runner printed and adds up how long the tests of each suite took. Tests run side by side, so the sum
# is more than what the clock shows.
sed 's/\x1b\[[0-9;]*m//g' "$1" | awk '
    # nextest:    PASS [   0.012s] ( 3/99) crate::suite test
    $1 == "PASS" || $1 == "FAIL" {
        line = $0; sub(/^[^\[]*\[ */, "", line); seconds = line + 0
        sub(/^[^\]]*\] */, "", line); sub(/^\([^)]*\) */, "", line); split(line, word, " ")
        time[word[1]] += seconds; count[word[1]]++
    }
    # cargo test: Running tests/x.rs (target/debug/deps/x-0123), then: test result: ok. 5 passed; ... finished in 0.10s
    $1 == "Running" { suite = $NF; sub(/.*\//, "", suite); sub(/-[0-9a-f]+\)$/, "", suite) }
    $1 == "Doc-tests" { suite = $2 " (documentation)" }
    /^test result:/ && suite { time[suite] += substr($NF, 1, length($NF) - 1); count[suite] += $4 + $6 }
    END { for (s in time) if (count[s]) printf "%8.1f s  %s (%d tests)\n", time[s], s, count[s] }
' | sort -k3
