//! What can go wrong in the store, in words that say what to do. No error holds a personal value.

use std::path::{Path, PathBuf};

use crate::runs::State;

/// Why the store could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another process holds the database's lock.
    #[error("the store is locked by another process; wait until it has finished, then try again")]
    Busy,
    /// Another process works on this case, or on the ledger.
    #[error("{holder} works on this already, and may until {until}; wait for it, or for that moment if it has died")]
    Claimed {
        /// The name that the other process gave.
        holder: String,
        /// When its claim ends unless it is renewed.
        until: jiff::Timestamp,
    },
    /// The claim ran out and somebody else has taken the run over.
    #[error("another process has taken this run over; stop, and read the run again before anything else")]
    ClaimLost,
    /// The database was made with another master key.
    #[error(
        "wrong master key: this store was made with key {expected}, the file given holds {found}; name the right file"
    )]
    WrongMasterKey {
        /// Id of the key that the store was made with.
        expected: String,
        /// Id of the key in the file.
        found: String,
    },
    /// There is a database but no master key, and a new one would open nothing.
    #[error(
        "the master key is missing: {} does not exist, but the store does; put the key back from your copy \
         (a new key could not open what is sealed)", .0.display()
    )]
    MissingMasterKey(PathBuf),
    /// The file is not a master key.
    #[error("{} is not a master key: expected one line of 64 hexadecimal digits (lines with # are notes)", .0.display())]
    MasterKeyFile(PathBuf),
    /// The ledger has a name already.
    #[error(
        "the ledger of this store is named {stored}, and cannot become {given}: its name is part of what was signed"
    )]
    Origin {
        /// The name in the store.
        stored: String,
        /// The name in the options.
        given: String,
    },
    /// The name of the ledger cannot stand in a signature line.
    #[error("the name of the ledger is not usable: {0}")]
    OriginName(#[from] proof::key::KeyError),
    /// Written by a newer program.
    #[error("the store has schema {found}, this program knows up to {known}: use the newer program")]
    NewerSchema {
        /// Version in the database.
        found: i64,
        /// Newest version that this program knows.
        known: i64,
    },
    /// Something stored does not fit together any more.
    #[error("the store is damaged: {0}")]
    Damaged(String),
    /// No room for data.
    #[error("the disk is full: nothing of this change was stored; make room and try again")]
    DiskFull,
    /// A file could not be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The database said something else.
    #[error("the store's database: {0}")]
    Database(String),
    /// The operating system has no randomness.
    #[error("no random bytes from the operating system: {0}")]
    Entropy(String),
    /// Nothing with that identifier.
    #[error("the store has no such {0}")]
    NotFound(&'static str),
    /// It exists already.
    #[error("the store has this already, or another run of the case is under way: {0}")]
    Exists(String),
    /// The key of a person was destroyed when they were erased.
    #[error("the key of this person was destroyed with an erasure, and is not made again")]
    SubjectKeyDestroyed,
    /// The key of the case was destroyed, with everything sealed under it.
    #[error("the key of this case was destroyed, so what was sealed for it cannot be read any more")]
    KeyDestroyed,
    /// A run does not go from one state to the other.
    #[error("the run is {found} and cannot become {asked}")]
    State {
        /// Where it is.
        found: State,
        /// Where it was to go.
        asked: State,
    },
    /// An approval names another plan.
    #[error("the approval is for another plan than the run holds: show the plan again and approve that")]
    OtherPlan,
    /// A task was confirmed before.
    #[error("this task is confirmed already")]
    Confirmed,
    /// An identifier holds what could be a personal value.
    #[error("{0} must be an identifier of letters, digits and . _ : / - (at most 128), so that it can name nobody")]
    Identifier(&'static str),
    /// The ledger does not take the entry.
    #[error(transparent)]
    Entry(#[from] proof::entry::EntryError),
    /// The ledger's format has no room for it.
    #[error("a ledger entry is longer than 65,535 bytes: give it fewer references")]
    EntryTooLong,
    /// A ledger entry without a change.
    #[error("a ledger entry records a change, and this transaction has none")]
    EntryAlone,
    /// A version of a notice was published under this name or with this content.
    #[error(
        "version {0} of the notice, or one that says exactly the same, was published before; a version never changes"
    )]
    NoticePublished(String),
    /// A published version is not the one that the ledger tells of.
    #[error(
        "version {0} of the notice is not what was published: the ledger tells of another digest or day, or the version is gone; \
         take the store from your copy, and compare both ledgers with `upheld verify`"
    )]
    NoticeAltered(String),
    /// No version of a notice has this name.
    #[error("no version {0} of the notice was published: see `upheld notice list`")]
    NoSuchNotice(String),
    /// The certificate is for another case.
    #[error("the certificate names another case than its run: make it with the reference of the case")]
    OtherCase,
}

impl StoreError {
    pub(crate) fn io(path: &Path, source: std::io::Error) -> Self {
        match source.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Self::DiskFull,
            _ => Self::Io { path: path.to_owned(), source },
        }
    }

    pub(crate) fn damaged(what: impl ToString) -> Self {
        Self::Damaged(what.to_string())
    }
}
