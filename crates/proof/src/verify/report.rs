//! What a verification found, as data.

use serde::Serialize;

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Checked and in order.
    Passed,
    /// Checked and not in order.
    Failed,
    /// Not checked, because the reader did not give what it takes.
    Unchecked,
}

/// What is wrong, by a name that programs can rely on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// The file is not a certificate, or was damaged so that it cannot be read.
    Unreadable,
    /// The same content in another spelling: somebody edited the file.
    NotCanonical,
    /// The signed body differs from what was signed.
    CertificateAltered,
    /// The certificate is signed, but by a key that the reader does not trust.
    CertificateOtherKey,
    /// A statement differs from the one that was signed.
    StatementAltered,
    /// A statement that the signed body never contained.
    StatementForeign,
    /// The certificate has no place in the ledger yet.
    NotInLedger,
    /// The ledger entry in the certificate is not the entry of this certificate.
    EntryAltered,
    /// The checkpoint differs from what was signed.
    CheckpointAltered,
    /// The checkpoint is of another ledger, or signed by a key that the reader does not trust.
    CheckpointOtherKey,
    /// A witness's line is not that witness's signature of the checkpoint.
    CosignatureAltered,
    /// The inclusion proof does not lead from the entry to the root.
    InclusionFails,
    /// A file of the ledger is missing.
    FileMissing,
    /// A hash tile differs from the entries that it stands for.
    TileAltered,
    /// An entry bundle differs from what the ledger's hashes say.
    BundleAltered,
    /// A bundle and its hash tile disagree, and the root supports neither.
    Disagree,
    /// A file among the tiles that is no tile.
    Unexpected,
    /// An entry is not in the form of a ledger entry.
    EntryMalformed,
    /// Entries and tiles agree, and lead to another root than the checkpoint's.
    RootMismatch,
    /// The ledger does not continue an older state: entries were left out, changed or put between.
    LedgerRebuilt,
    /// The certificate belongs to another history than the ledger: its entry is not in it.
    Fork,
    /// The older checkpoint or certificate given for comparison is not usable.
    SinceUnusable,
    /// The question needs a copy of the ledger.
    NeedsLedger,
}

impl Fault {
    /// One clause that says what is wrong.
    pub fn words(self) -> &'static str {
        match self {
            Self::Unreadable => "not a readable certificate",
            Self::NotCanonical => "the file was edited: not in canonical form",
            Self::CertificateAltered => "certificate body altered",
            Self::CertificateOtherKey => "certificate signed by another key",
            Self::StatementAltered => "statement altered",
            Self::StatementForeign => "statement not among the commitments",
            Self::NotInLedger => "certificate not in the ledger yet",
            Self::EntryAltered => "ledger entry does not belong to this certificate",
            Self::CheckpointAltered => "checkpoint altered",
            Self::CheckpointOtherKey => "checkpoint signed by another key",
            Self::CosignatureAltered => "cosignature of a witness altered",
            Self::InclusionFails => "inclusion proof does not lead to the root",
            Self::FileMissing => "file of the ledger missing",
            Self::TileAltered => "hash tile altered",
            Self::BundleAltered => "entry bundle altered",
            Self::Disagree => "entry bundle and hash tile disagree",
            Self::Unexpected => "file among the tiles that is no tile",
            Self::EntryMalformed => "ledger entry malformed",
            Self::RootMismatch => "ledger does not lead to the checkpoint's root",
            Self::LedgerRebuilt => "ledger rebuilt, or entries left out",
            Self::Fork => "certificate from a fork",
            Self::SinceUnusable => "older checkpoint not usable",
            Self::NeedsLedger => "a copy of the ledger is needed",
        }
    }
}

/// One check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What was checked.
    pub name: &'static str,
    /// How it ended.
    pub state: State,
    /// What is wrong; present exactly when it failed.
    pub fault: Option<Fault>,
    /// A sentence for the reader: which file, which key, what to do.
    pub detail: String,
}

/// The answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "result")]
pub enum Verdict {
    /// Every check passed, with a key that the reader trusts.
    Verified {
        /// How many trusted witnesses cosigned the checkpoint; with none, only the operator vouches for it.
        witnesses: usize,
    },
    /// All parts fit together, but no operator's key was given to check the signer.
    SelfConsistent,
    /// At least one check failed.
    Failed,
}

/// All checks, in the order in which one depends on another, so that the first failure is the nearest to the cause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// What was verified.
    pub title: String,
    /// The checks.
    pub checks: Vec<Check>,
    /// The answer.
    pub verdict: Verdict,
}

impl Report {
    /// What failed, nearest to the cause first.
    pub fn faults(&self) -> impl Iterator<Item = Fault> {
        self.checks.iter().filter_map(|check| check.fault)
    }

    /// 0 when verified, else 1.
    pub fn exit_code(&self) -> u8 {
        match self.verdict {
            Verdict::Verified { .. } => 0,
            Verdict::SelfConsistent | Verdict::Failed => 1,
        }
    }
}

/// Collects checks.
#[derive(Default)]
pub(super) struct Checks {
    list: Vec<Check>,
    witnesses: usize,
}

impl Checks {
    pub(super) fn passed(&mut self, name: &'static str, detail: impl Into<String>) {
        self.push(name, State::Passed, None, detail.into());
    }

    pub(super) fn unchecked(&mut self, name: &'static str, detail: impl Into<String>) {
        self.push(name, State::Unchecked, None, detail.into());
    }

    pub(super) fn failed(&mut self, name: &'static str, fault: Fault, detail: impl Into<String>) {
        self.push(name, State::Failed, Some(fault), detail.into());
    }

    fn push(&mut self, name: &'static str, state: State, fault: Option<Fault>, detail: String) {
        self.list.push(Check { name, state, fault, detail });
    }

    /// The checkpoint that decides the verdict was cosigned by so many trusted witnesses.
    pub(super) fn set_witnesses(&mut self, count: usize) {
        self.witnesses = count;
    }

    /// Draws the conclusion. `signer_known`: whether the reader gave an operator's key at all.
    pub(super) fn conclude(self, title: String, signer_known: bool) -> Report {
        let verdict = if self.list.iter().any(|check| check.state == State::Failed) {
            Verdict::Failed
        } else if signer_known {
            Verdict::Verified { witnesses: self.witnesses }
        } else {
            Verdict::SelfConsistent
        };
        Report { title, checks: self.list, verdict }
    }
}
