//! What a live database that nobody here designed seems to hold: proposals with evidence, never decisions.

pub mod bonds;
pub mod classify;
pub mod lexicon;
pub mod people;
pub mod sample;
