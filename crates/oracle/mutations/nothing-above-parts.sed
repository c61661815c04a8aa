# Parts of a row that a hold on its table keeps follow it, whoever has a claim on it.
# in crates/engine/src/plan/bystanders.rs
s/hold\.is_of_persons\(\) \|\| is_part_of\(link, &parts\)/hold.is_of_persons()/
