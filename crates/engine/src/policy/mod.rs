//! The policy folder: as written (with places), and resolved against the schemas of its systems.

pub mod compile;
pub mod hash;
pub mod keys;
pub mod model;
pub mod parse;
pub mod resolve;
pub mod written;
