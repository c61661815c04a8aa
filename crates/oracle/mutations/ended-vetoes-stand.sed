# A veto ends after its last day.
# in crates/engine/src/plan/keeps.rs
s/is_some_and\(\|end\| end < today\)/is_some_and(|end| end <= today)/
