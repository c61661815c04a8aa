//! Versions of a notice: what changes of a folder mean for people, and which version their data is held under.

mod everyday;
mod folder;
mod governing;
mod laws;
mod owed;
mod pair;
mod published;
mod renamed;
mod replay;
