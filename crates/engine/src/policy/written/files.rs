//! The files beside the systems.

use super::{Declaration, Entries, Given, Limits, Name};
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
    /// Its legal form and where it is registered.
    pub form: Option<At<String>>,
    /// Postal address.
    pub address: Option<At<String>>,
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
    /// Does any system hold such people under a key of their own?
    pub held: bool,
}

impl From<&Declaration> for KindLabel {
    fn from(said: &Declaration) -> Self {
        KindLabel {
            label: said.at("label"),
            description: said.at("description"),
            held: said.flag("held") != Some(false),
        }
    }
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

impl From<&Declaration> for Law {
    fn from(said: &Declaration) -> Self {
        Law {
            at: said.at,
            id: said.at("id"),
            title: said.at("title"),
            article: said.at("article"),
            jurisdiction: said.at("jurisdiction"),
            retention: said.at("retention"),
        }
    }
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

impl From<&Declaration> for Rule {
    fn from(said: &Declaration) -> Self {
        Rule {
            id: said.id.clone(),
            period: said.at("period"),
            from: said.at("from"),
            action: said.at("action"),
            law: said.at("law"),
        }
    }
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

impl From<&Declaration> for Purpose {
    fn from(said: &Declaration) -> Self {
        Purpose {
            id: said.id.clone(),
            title: said.at("title"),
            basis: said.at("basis"),
            categories: said.names("categories"),
            recipients: said.names("recipients"),
            retention: said.at("retention"),
        }
    }
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

impl From<&Declaration> for Recipient {
    fn from(said: &Declaration) -> Self {
        Recipient {
            id: said.id.clone(),
            name: said.at("name"),
            role: said.at("role"),
            country: said.at("country"),
            mechanism: said.at("mechanism"),
        }
    }
}

/// `[right.NAME]` of `rights.toml`: what plans read of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RightRule {
    /// Name of the right.
    pub name: Name,
    /// ISO 8601 period in which a deactivation can be taken back.
    pub window: Option<At<String>>,
}

impl From<&Declaration> for RightRule {
    fn from(said: &Declaration) -> Self {
        RightRule { name: said.id.clone(), window: said.at("window") }
    }
}

/// `promises.toml`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Promises {
    /// `[[promise]]`.
    pub list: Vec<Promise>,
    /// Sentences of the notice that promise nothing.
    pub statements: Vec<At<String>>,
    /// Written reasons for what coverage finds odd: by mechanism, or `not_executable`.
    pub reasons: Entries<At<String>>,
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
    pub mechanisms: Vec<Keeps>,
    /// The capabilities it needs.
    pub capabilities: Vec<Name>,
    /// What would be seen if it were broken.
    pub broken: Option<At<String>>,
    /// Why no program can keep it.
    pub not_executable: Option<At<String>>,
    /// The lint that watches its words.
    pub lint: Option<Name>,
}

/// One mechanism of a promise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keeps {
    /// The declaration, as `FAMILY:NAME`.
    pub is: Name,
    /// The values that the promise names, by key of the declaration.
    pub values: Vec<(Name, At<Given>)>,
}

/// The words of `notice.md` below its head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// The file.
    pub file: FileId,
    /// Where in the file they begin, in bytes.
    pub begins: usize,
    /// The words: Markdown, with `{{ ... }}` where facts come from the folder.
    pub text: String,
}
