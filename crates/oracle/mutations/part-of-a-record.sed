# A part of a record is owned.
# in crates/engine/src/plan/claims.rs
s/\(Role::Part, Role::Own\) => Some\(Role::Owner\)/(Role::Part, Role::Own) => Some(Role::Author)/
