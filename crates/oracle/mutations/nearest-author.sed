# The nearest author wins.
# in crates/engine/src/plan/claims.rs
s/\(!authored_here\)\.then_some\(Role::Author\)/Some(Role::Author)/
