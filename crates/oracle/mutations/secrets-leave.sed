# Columns with `access = withhold` never leave.
# in crates/engine/src/plan/access.rs
s/if c\.withhold \{/if c.withhold \&\& level == Access::Shared {/
