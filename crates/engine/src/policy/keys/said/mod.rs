//! Keys of what a folder says of people, data and companies beside its data maps.

pub mod collection;
pub mod parties;
pub mod security;
pub mod sharing;
