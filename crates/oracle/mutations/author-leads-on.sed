# What somebody wrote makes only its parts theirs.
# in crates/engine/src/plan/claims.rs
s/\(_, Role::Author\) => None,/(link, Role::Author) => Some(link),/
