//! The policy folder: as written (with places), and resolved against the schemas of its systems.

pub mod capabilities;
pub mod category;
pub mod compile;
pub mod hash;
pub mod http;
pub mod keys;
pub mod known;
pub mod model;
pub mod parse;
pub mod place;
pub mod resolve;
pub mod settings;
pub mod written;
