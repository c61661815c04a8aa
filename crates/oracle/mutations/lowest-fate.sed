# The strongest fate wins.
# in crates/engine/src/plan/fates.rs
s/fate = self\.outcomes\[ix\]\.fate\.max\(fate\)/fate = fate/
