# A mention leads no further.
# in crates/engine/src/plan/claims.rs
s/\(_, Role::Mention\) => None,/(_, Role::Mention) => Some(Role::Mention),/
