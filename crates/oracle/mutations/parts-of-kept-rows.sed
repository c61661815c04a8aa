# Parts of a kept row follow it.
# in crates/engine/src/plan/fates.rs
s/\.links\[link\]\.role != Role::Part/.links[link].role == Role::Part/
