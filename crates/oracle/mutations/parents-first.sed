# Rows that refer to others are deleted before them.
# in crates/engine/src/plan/order.rs
s/\.filter\(\|t\| !is_referenced\(/.filter(|t| is_referenced(/
