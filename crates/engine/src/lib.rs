//! The pure engine: policy folder, data map, plans, runs and decisions.
//!
//! No I/O, clock, randomness, environment, threads or async: time, nonces and answers of systems are parameters.

pub mod actions;
pub mod ask;
pub mod checks;
pub mod coverage;
pub mod decide;
pub mod diagnostic;
pub mod discover;
pub mod document;
pub mod drift;
pub mod grants;
pub mod interop;
pub mod lint;
pub mod live;
pub mod matching;
pub mod notice;
pub mod plan;
pub mod policy;
pub mod run;
pub mod schema;
pub mod seal;
pub mod source;
pub mod text;
pub mod value;
