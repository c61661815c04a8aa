//! The notice and what is told beside it: built from the words of `notice.md` and the facts of the folder.

pub mod document;
pub mod fill;
pub mod grounds;
pub mod headings;
pub mod lookback;
pub mod processing;
pub mod roll;
pub mod safeguards;
pub mod spoken;
pub mod tables;
pub mod versions;
pub mod vocabulary;
pub mod words;
