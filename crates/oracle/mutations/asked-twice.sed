# Asked again, what an erasure left leads only to what it left.
# in crates/engine/src/plan/resolve/mod.rs
s/false if self\.left\.has\(row\) => Step::Left,/false if self.left.has(row) => Step::Key,/
