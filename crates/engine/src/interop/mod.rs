//! Other people's descriptions of the same things, read into a policy folder. Text in, files out; nothing is guessed silently.

pub mod fides;
mod yaml;
