//! Every check that a stranger can make, by name: of a certificate, of a ledger, and of one against the other.
//!
//! Nothing is believed but the keys in [`Against`]. Without an operator's key the best verdict is
//! [`Verdict::SelfConsistent`]: all parts fit together, but anybody could have made them.
//!
//! With an operator's key, a change of any byte of a certificate, tile, bundle or checkpoint is a named failure. The one
//! exception follows from the note format: signature lines by witnesses that the reader does not trust are ignored, so a
//! changed one makes no difference, as its absence would not.

mod certificate;
mod history;
mod ledger;
mod render;
mod report;
mod signature;
mod tiles;

use std::collections::BTreeMap;

use crate::key::VerifierKey;
use crate::tile::Tiles;

pub use certificate::certificate;
pub use ledger::ledger;
pub use render::render;
pub use report::{Check, Fault, Report, State, Verdict};

/// A ledger's folder: its files can be read (`checkpoint`, `tile/0/000`, ...) and listed.
pub trait Files: Tiles {
    /// The paths of all files, relative to the folder, with `/` between the parts.
    fn paths(&self) -> Vec<String>;
}

impl Files for BTreeMap<String, Vec<u8>> {
    fn paths(&self) -> Vec<String> {
        self.keys().cloned().collect()
    }
}

/// What to verify against.
#[derive(Clone, Copy, Default)]
pub struct Against<'a> {
    /// The keys that the reader trusts: of operators, and of witnesses.
    pub keys: &'a [VerifierKey],
    /// An older checkpoint, or an older certificate, whose history must have been continued.
    pub since: Option<&'a [u8]>,
    /// A copy of the ledger to compare a certificate with.
    pub ledger: Option<&'a dyn Files>,
}
