# E-mail addresses are compared in lower case.
# in crates/engine/src/matching.rs
s/\.then\(\|\| folded\(text\)\)/.then(|| text.to_owned())/
