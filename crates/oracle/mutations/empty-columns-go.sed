# A column that had to stay while it was empty stays as it is.
# in crates/engine/src/plan/fates.rs
s/^( +)self\.keep_empty\(\);/\1let _ = Self::keep_empty;/
