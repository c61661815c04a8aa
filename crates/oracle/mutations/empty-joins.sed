# What is empty joins nothing.
# in crates/engine/src/matching.rs
s/let text = value\.join_text\(\)\?;/let text = value.join_text().unwrap_or_default();/
