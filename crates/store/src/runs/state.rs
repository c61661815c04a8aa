//! How far a run is.

use std::fmt;

use crate::error::StoreError;

/// The states of a run. `Applying`, `Applied` and `Verified` are under way; the last five are ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// There is a plan; nothing was executed.
    Planned,
    /// Somebody approved the plan.
    Approved,
    /// Steps are being carried out.
    Applying,
    /// All steps were carried out, or given to people.
    Applied,
    /// All that can be looked up was looked up.
    Verified,
    /// Nothing is skipped, unconfirmed or unverified.
    Complete,
    /// Something is left, such as a task or a residue; it may be taken up again.
    Partial,
    /// It failed and left the systems as they were.
    Failed,
    /// It was refused before anything ran.
    Refused,
    /// The plan became too old.
    Expired,
}

use State::{Applied, Applying, Approved, Complete, Expired, Failed, Partial, Planned, Refused, Verified};

impl State {
    const ALL: [Self; 10] =
        [Planned, Approved, Applying, Applied, Verified, Complete, Partial, Failed, Refused, Expired];

    /// One word, as in the database.
    pub fn name(self) -> &'static str {
        match self {
            Planned => "planned",
            Approved => "approved",
            Applying => "applying",
            Applied => "applied",
            Verified => "verified",
            Complete => "complete",
            Partial => "partial",
            Failed => "failed",
            Refused => "refused",
            Expired => "expired",
        }
    }

    /// Whether a process works on it, or died doing so.
    pub fn is_under_way(self) -> bool {
        matches!(self, Applying | Applied | Verified)
    }

    /// Whether a run goes from this state to the other.
    pub fn may_become(self, to: Self) -> bool {
        match self {
            Planned => matches!(to, Approved | Applying | Refused | Expired),
            Approved => matches!(to, Approved | Applying | Refused | Expired),
            Applying => matches!(to, Applied | Partial | Failed | Refused),
            Applied => matches!(to, Verified | Partial),
            Verified => matches!(to, Complete | Partial),
            Partial => matches!(to, Applying | Applied | Verified | Complete),
            Complete | Failed | Refused | Expired => false,
        }
    }

    pub(crate) fn parse(name: &str) -> Result<Self, StoreError> {
        let found = Self::ALL.into_iter().find(|state| state.name() == name);
        found.ok_or_else(|| StoreError::damaged("a run is in a state that does not exist"))
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
