# What any of the links hides is hidden.
# in crates/engine/src/plan/access.rs
s/= links\.iter\(\)\.flat_map\(\|l\| t\.links\[\*l\]\.hide/= links.iter().take(1).flat_map(|l| t.links[*l].hide/
