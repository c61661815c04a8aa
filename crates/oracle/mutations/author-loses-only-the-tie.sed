# What the person wrote is scrubbed.
# in crates/engine/src/plan/fates.rs
s/Role::Author => Fate::Scrub,/Role::Author => Fate::Untie,/
