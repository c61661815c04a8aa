//! What a live database that nobody here designed seems to hold: proposals with evidence, never decisions.

pub mod classify;
pub mod sample;
