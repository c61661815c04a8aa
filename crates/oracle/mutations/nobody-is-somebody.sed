# A value of `nobody` refers to no one.
# in crates/engine/src/plan/values.rs
s/link\.nobody\.iter\(\)\.any\(/link.nobody.iter().all(/
