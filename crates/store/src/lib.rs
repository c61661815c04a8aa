//! Upheld's own database: cases, runs and their journal, the ledger, certificates, keys.
//!
//! [`Store`] reads and runs the sequencer of the ledger; [`Tx`] changes. A change, its ledger entry and its follow-up jobs
//! commit together in one [`Tx`] or not at all. Nothing here reads the clock: every function that needs the time takes it.
//!
//! What could name a person (plans, task texts, receipts, journal payloads, certificates) is sealed under a key per case.
//! Destroying that key makes it unreadable, and makes the case's ledger entries impossible to link with the case.
//!
//! | in the folder | what |
//! |---|---|
//! | `upheld.db` | the database, which is the truth |
//! | `master.key` | the key that opens all others, unless another place was named: keep it elsewhere, with a copy |
//! | `ledger/` | the ledger as public files, which can be made again from the database: `checkpoint`, `tile/...`, `key.pub` |

mod case_key;
mod cases;
mod certificates;
mod db;
pub mod entropy;
mod error;
mod files;
mod jobs;
mod journal;
mod kept;
mod keys;
mod lease;
mod ledger;
mod master;
mod notices;
mod restriction;
mod run_journal;
mod runs;
mod safeguards;
mod seals;
mod secret;
mod store;
mod subject_keys;
mod suppression;
mod told;
mod tx;

pub use certificates::StoredCertificate;
pub use error::StoreError;
pub use jobs::Job;
pub use journal::{Event, Record};
pub use kept::{Due, KeptRow, NEEDED};
pub use keys::KeyInfo;
pub use lease::Claim;
pub use ledger::{Consistency, EntryId, Sequenced};
pub use notices::Published;
pub use run_journal::RunJournal;
pub use runs::{Approval, NewRun, Receipt, Run, State, Task};
pub use seals::{Seal, SealEnd};
pub use store::{Options, Store};
pub use subject_keys::Subject;
pub use suppression::Identity;
pub use told::{Count, Member, Roll};
pub use tx::Tx;
pub use zeroize::Zeroizing;
