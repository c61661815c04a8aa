//! Questions that a product asks of the policy: may this be collected, used, given to somebody, sent abroad? Each is answered
//! from what the folder says alone; what it does not say is not allowed.

pub mod claim;
pub mod collect;
pub mod disclose;
pub mod due;
pub mod egress;
pub mod names;
pub mod purpose;
pub mod replay;
pub mod request;
pub mod rights;
pub mod roles;
pub mod scope;
pub mod transfer;

use serde::Serialize;

use crate::policy::written::Declaration;

/// The answer to one question, with what it rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Decision {
    /// Is it allowed?
    pub allowed: bool,
    /// Why, in one sentence for people.
    pub because: String,
    /// The declarations that decided, as `FAMILY:NAME`.
    pub by: Vec<String>,
}

impl Decision {
    fn yes(because: impl Into<String>, by: &[&Declaration]) -> Self {
        Decision { allowed: true, because: because.into(), by: by.iter().map(|d| d.name()).collect() }
    }

    fn no(because: impl Into<String>, by: &[&Declaration]) -> Self {
        Decision { allowed: false, because: because.into(), by: by.iter().map(|d| d.name()).collect() }
    }
}
