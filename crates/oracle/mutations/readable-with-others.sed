# What a hold on others lists stays readable with their rows.
# in crates/engine/src/plan/fates.rs
s/asks = self\.ask_held\(/let _ = self.ask_held(/
