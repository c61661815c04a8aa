# A copy has the action of its source.
# in crates/engine/src/policy/resolve/defaults.rs
s/if !column\.erase\.is_empty\(\) \|\| !self/if !self/
