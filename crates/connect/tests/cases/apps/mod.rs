//! Whole applications, each with a data map of ours (`tests/maps`): is all of a person returned, does nothing of them stay,
//! and is nobody else touched?

mod app;
mod own;
mod snapshot;
mod theirs;
mod tools;

pub use own::own;
pub use theirs::theirs;
