# An address joins within the tenant only.
# in crates/engine/src/plan/claims.rs
s/if matches \&\& tenant \{/if matches \&\& (tenant || true) {/
s/if let \(Some\(column\), Some\(local\)\) = \(t\.tenant, /if let (Some(column), Some(local)) = (t.tenant.filter(|_| false), /
