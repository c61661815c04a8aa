//! The language of the data map again, from its reference alone, so that the planner has something to agree with.
//!
//! Everything here is plain and slow: nested loops over tables in memory, repeated until nothing changes. Each function
//! names the sentence it implements. Where the reference leaves room, `docs/decisions/0002` says what both sides do.
//! Beside the resolved map it shares with the engine what reads references in documents: `engine::document` says what stands
//! where in them, and is tested on its own. What an erasure makes of documents and of values is written here once more.
//!
//! Development only: nothing that ships depends on this crate, and this crate does not know the planner.

mod access;
mod actions;
mod claims;
pub mod compare;
mod copies;
mod documents;
mod erase;
mod fate;
mod files;
pub mod fired;
pub mod generate;
mod masks;
mod matching;
mod meanwhile;
mod persons;
mod reading;
mod resolve;
mod rules;
pub mod sketch;
mod text;
mod unties;
pub mod vector;
mod world;

pub use access::{Accessed, Returned, access};
pub use claims::{Claim, Claims, Via};
pub use documents::{Piece, Token, written};
pub use erase::{Change, Erasure, erase};
pub use fate::Fates;
pub use matching::normal;
pub use meanwhile::erase_after;
pub use resolve::{Question, Refusal, resolve, stopped};
pub use world::{Key, Row, RowId, World};
