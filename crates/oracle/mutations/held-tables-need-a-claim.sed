# A hold on a table keeps its rows, also those on which the person has no claim.
# in crates/engine/src/plan/hold.rs
s/let by_table = /let by_table = !rows.row(ix).claims.is_empty() \&\& /
