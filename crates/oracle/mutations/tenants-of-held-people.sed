# Whom a hold names is known by an identity in a row within the tenant of that row.
# in crates/engine/src/plan/bystanders.rs
s/self\.holders\.tenant_of_row\(known, of\.0, ix\)/None::<String>/
