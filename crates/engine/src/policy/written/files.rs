//! The files beside the systems.

use super::{Entries, Limits, Name};
use crate::policy::model::Right;
use crate::source::{At, FileId, Span};

/// `policy.toml`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Company {
    /// The file, if it is there.
    pub file: Option<FileId>,
    /// Name of the company.
    pub name: Option<At<String>>,
    /// ISO 3166-1 country, two letters.
    pub country: Option<At<String>>,
    /// How persons reach it.
    pub contact: Option<At<String>>,
    /// Data protection officer.
    pub dpo: Option<At<String>>,
    /// `[subjects.KIND]`.
    pub subjects: Entries<KindLabel>,
    /// `[[law]]`.
    pub laws: Vec<Law>,
    /// `[defaults] region`: ISO 3166-1 country of phone numbers without one.
    pub region: Option<At<String>>,
    /// `[defaults] language`: ISO 639 language of answers.
    pub language: Option<At<String>>,
    /// `[defaults] shared`: identities that several people share; `None`: the usual ones.
    pub shared: Option<Vec<At<String>>>,
    /// `[taxonomy] extend`: own category keys and what they mean.
    pub taxonomy: Entries<At<String>>,
    /// `[limits]`.
    pub limits: Limits,
    /// `[requests] approval`: rights whose plans need a second person.
    pub approval: Vec<(At<Right>, At<bool>)>,
}

/// How a subject kind is shown to people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KindLabel {
    /// A word or two.
    pub label: Option<At<String>>,
    /// A sentence.
    pub description: Option<At<String>>,
}

/// `[[law]]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Law {
    /// The whole entry.
    pub at: Span,
    /// Name that `keep` uses.
    pub id: Option<Name>,
    /// Words for people.
    pub title: Option<At<String>>,
    /// Article.
    pub article: Option<At<String>>,
    /// Where it is in force.
    pub jurisdiction: Option<At<String>>,
    /// How long it keeps, ISO 8601 period.
    pub retention: Option<At<String>>,
}

/// `[rule.ID]` of `retention.toml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Name that `keep` and purposes use.
    pub id: Name,
    /// ISO 8601 period.
    pub period: Option<At<String>>,
    /// Event or column from which it counts.
    pub from: Option<At<String>>,
    /// What happens at its end.
    pub action: Option<At<String>>,
    /// The law it rests on.
    pub law: Option<Name>,
}

/// `[purpose.ID]` of `purposes.toml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Purpose {
    /// Name.
    pub id: Name,
    /// Words for people.
    pub title: Option<At<String>>,
    /// Legal basis.
    pub basis: Option<At<String>>,
    /// Categories of data.
    pub categories: Vec<Name>,
    /// Recipients by id.
    pub recipients: Vec<Name>,
    /// Retention rule by id.
    pub retention: Option<Name>,
}

/// `[recipient.ID]` of `recipients.toml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    /// Id.
    pub id: Name,
    /// Name.
    pub name: Option<At<String>>,
    /// Its role, such as processor.
    pub role: Option<At<String>>,
    /// ISO 3166-1 country, two letters.
    pub country: Option<At<String>>,
    /// Transfer mechanism.
    pub mechanism: Option<At<String>>,
}

/// `[right.NAME]` of `rights.toml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RightRule {
    /// Name of the right.
    pub name: Name,
    /// How the person is verified.
    pub verification: Option<At<String>>,
    /// What it costs.
    pub fee: Option<At<String>>,
    /// How many persons approve its plans.
    pub approvals: Option<At<u64>>,
    /// Ways by which requests come in.
    pub routes: Vec<Name>,
    /// ISO 8601 period.
    pub deadline: Option<At<String>>,
    /// ISO 8601 period in which a deactivation can be taken back.
    pub window: Option<At<String>>,
    /// Anything else worth telling.
    pub note: Option<At<String>>,
}

/// `[[promise]]` of `promises.toml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promise {
    /// The whole entry.
    pub at: Span,
    /// Id.
    pub id: Option<Name>,
    /// The clause of the notice.
    pub text: Option<At<String>>,
    /// What keeps it.
    pub mechanisms: Vec<Name>,
}
