# Rows that refer to others are deleted before them.
# in crates/engine/src/plan/order.rs
s/\.find\(\|t\| !is_referenced\(/.find(|t| is_referenced(/
