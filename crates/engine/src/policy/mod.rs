//! The policy folder: as written (with places), and resolved against the schemas of its systems.

pub mod model;
pub mod resolve;
pub mod written;
