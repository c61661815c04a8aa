//! The signed body: the lines that the operator's key signs.
//!
//! ```text
//! upheld certificate v1
//! issuer acme.example/ledger
//! key acme.example/ledger+530d903a+AekyeR...
//! case c-17
//! right erasure
//! plan 64 hexadecimal digits
//! made 2026-12-28T09:30:00Z
//! outcome complete
//! statements 2
//! 64 hexadecimal digits, one line for each statement, ascending
//! ```

use std::fmt;

use crate::hash::Hash;
use crate::key::VerifierKey;
use crate::token::{TokenError, check_identifier, check_time};

const FORMAT: &str = "upheld certificate v1";

/// How the run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Every step was applied and verified.
    Complete,
    /// Some steps were applied; the statements say which were not, and why.
    Partial,
    /// The run failed; the statements say what was left as it was.
    Failed,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Complete => "complete",
            Self::Partial => "partial",
            Self::Failed => "failed",
        })
    }
}

/// What a certificate is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    /// The case, as an opaque identifier.
    pub case: String,
    /// The right that was exercised, such as `erasure`.
    pub right: String,
    /// The hash of the plan that was carried out.
    pub plan: Hash,
    /// When the certificate was made, in UTC (RFC 3339, ending in `Z`).
    pub made_at: String,
    /// How the run ended.
    pub outcome: Outcome,
}

/// The body with who signs it and what it commits to: exactly the signed text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Signed {
    pub(super) key: VerifierKey,
    pub(super) body: Body,
    /// Strictly ascending, so that the order says nothing about the statements.
    pub(super) commitments: Vec<Hash>,
}

impl Signed {
    pub(super) fn validate(&self) -> Result<(), TokenError> {
        check_identifier("case", &self.body.case)?;
        check_identifier("right", &self.body.right)?;
        check_time("made", &self.body.made_at)
    }

    /// Reads the signed text; `None` unless it is exactly what [`Signed`] would write.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        let mut field = |name: &str| lines.next()?.strip_prefix(name)?.strip_prefix(' ');
        field("upheld certificate")?;
        field("issuer")?;
        let key = field("key")?.parse().ok()?;
        let body = Body {
            case: field("case")?.to_owned(),
            right: field("right")?.to_owned(),
            plan: field("plan")?.parse().ok()?,
            made_at: field("made")?.to_owned(),
            outcome: match field("outcome")? {
                "complete" => Outcome::Complete,
                "partial" => Outcome::Partial,
                "failed" => Outcome::Failed,
                _ => return None,
            },
        };
        field("statements")?;
        let commitments = lines.map(|line| line.parse().ok()).collect::<Option<Vec<Hash>>>()?;
        let signed = Self { key, body, commitments };
        let fits =
            signed.validate().is_ok() && signed.commitments.is_sorted_by(|a, b| a < b) && signed.to_string() == text;
        fits.then_some(signed)
    }
}

impl fmt::Display for Signed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Body { case, right, plan, made_at, outcome } = &self.body;
        writeln!(f, "{FORMAT}\nissuer {}\nkey {}", self.key.name(), self.key)?;
        writeln!(f, "case {case}\nright {right}\nplan {plan}\nmade {made_at}\noutcome {outcome}")?;
        writeln!(f, "statements {}", self.commitments.len())?;
        self.commitments.iter().try_for_each(|hash| writeln!(f, "{hash}"))
    }
}
