//! What a run has before it.

use super::Event;
use super::calls::Place;
use super::guard::Guard;
use crate::plan::Key;

/// What the run is about to do; indices are those of the plan.
#[derive(Clone, Debug)]
pub(super) enum Work {
    Resolve {
        system: usize,
        transaction: String,
    },
    /// Rows that are to be returned are compared in the snapshot they are returned from.
    Recheck {
        system: usize,
        steps: Vec<usize>,
    },
    Look {
        system: usize,
        step: usize,
    },
    Judge {
        system: usize,
    },
    /// Which stand-in did an earlier run make?
    Recall {
        system: usize,
        step: usize,
    },
    Describe {
        system: usize,
    },
    Begin {
        system: usize,
    },
    Lock {
        system: usize,
        step: usize,
    },
    Guard {
        system: usize,
        guard: Box<Guard>,
    },
    /// Does somebody else name a file that is to go?
    Share {
        system: usize,
        sharers: usize,
    },
    /// Are rows that conditions looked at as they were?
    Consult {
        consulted: usize,
    },
    /// Are keys that were freed nobody's still?
    Freed {
        freed: usize,
    },
    /// Do the same rows answer to an identity of the person still?
    Bearers {
        bearers: usize,
    },
    /// Everything was compared: are there differences?
    Compared,
    Change {
        system: usize,
        step: usize,
    },
    /// Are the rows of a step gone, whoever counted them?
    Gone {
        system: usize,
        step: usize,
    },
    /// A stand-in record that was made under the key of somebody's row goes again.
    Spare {
        system: usize,
        step: usize,
        key: Key,
    },
    /// The rows of a step as they are, whole, before they change.
    Before {
        system: usize,
        step: usize,
    },
    /// The same as they are left.
    After {
        system: usize,
        step: usize,
    },
    Seal {
        system: usize,
    },
    /// One row that the seal has.
    Reinsert {
        system: usize,
        step: usize,
        row: usize,
    },
    /// Is what was written back what the seal has?
    Restored {
        system: usize,
        step: usize,
    },
    /// Did the database change more than we asked for?
    Tally {
        system: usize,
    },
    /// Builds a view anew.
    Rebuild {
        system: usize,
        view: usize,
    },
    Intent {
        system: usize,
    },
    Commit {
        system: usize,
    },
    /// What became of a call whose answer nobody saw?
    Ask {
        system: usize,
        place: Place,
    },
    /// The rows of a step, from a key on, that were not called for yet.
    Rest {
        system: usize,
        step: usize,
        first: usize,
    },
    /// Writes down that a call comes next.
    Aim {
        system: usize,
        place: Place,
    },
    Call {
        system: usize,
        place: Place,
    },
    Note {
        event: Event,
    },
    Rollback {
        system: usize,
    },
    Export {
        system: usize,
        steps: Vec<usize>,
    },
}

impl Work {
    /// The system that it is done in, by its index in the plan; a note and a consultation name their own.
    pub(super) fn system(&self) -> Option<usize> {
        match self {
            Work::Resolve { system, .. }
            | Work::Look { system, .. }
            | Work::Recall { system, .. }
            | Work::Judge { system }
            | Work::Describe { system }
            | Work::Begin { system }
            | Work::Lock { system, .. }
            | Work::Guard { system, .. }
            | Work::Share { system, .. }
            | Work::Change { system, .. }
            | Work::Spare { system, .. }
            | Work::Gone { system, .. }
            | Work::Before { system, .. }
            | Work::After { system, .. }
            | Work::Seal { system }
            | Work::Reinsert { system, .. }
            | Work::Restored { system, .. }
            | Work::Recheck { system, .. }
            | Work::Tally { system }
            | Work::Rebuild { system, .. }
            | Work::Intent { system }
            | Work::Commit { system }
            | Work::Rollback { system }
            | Work::Ask { system, .. }
            | Work::Rest { system, .. }
            | Work::Aim { system, .. }
            | Work::Call { system, .. }
            | Work::Export { system, .. } => Some(*system),
            Work::Consult { .. } | Work::Freed { .. } | Work::Bearers { .. } | Work::Compared | Work::Note { .. } => {
                None
            }
        }
    }
}
