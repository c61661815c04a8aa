# The claim that grants most counts.
# in crates/engine/src/plan/access.rs
s/self\.grant\(row\.table, c\)\)\.max\(\)/self.grant(row.table, c)).min()/
