//! What a live database that nobody here designed seems to hold: proposals with evidence, never decisions.

pub mod bonds;
pub mod classify;
mod columns;
pub mod explore;
mod identities;
mod kinds;
pub mod lexicon;
pub mod people;
mod persons;
pub mod proposal;
pub mod propose;
pub mod refs;
mod relate;
mod roles;
pub mod sample;
pub mod settle;
mod tenants;
mod words;
pub mod world;
pub mod write;
