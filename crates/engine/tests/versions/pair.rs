//! A change of the folder, and what it must come to.

use engine::notice::versions::{Change, Class, Duty, Needed, diff, duties, owed};

use crate::folder::{Edit, version};

/// What one difference must be.
pub struct Expected {
    /// Declaration, and key after a dot; none: the whole came or went.
    pub what: &'static str,
    pub key: Option<&'static str>,
    pub class: Class,
    pub because: &'static str,
    pub article: Option<&'static str>,
    /// Whose data; empty: everybody's.
    pub populations: &'static [&'static str],
}

/// A difference without a reason in law.
pub const fn editorial(what: &'static str, key: Option<&'static str>, because: &'static str) -> Expected {
    Expected { what, key, class: Class::Editorial, because, article: None, populations: &[] }
}

/// People are told.
pub const fn notice(
    what: &'static str,
    key: Option<&'static str>,
    because: &'static str,
    article: &'static str,
) -> Expected {
    Expected { what, key, class: Class::Notice, because, article: Some(article), populations: &[] }
}

/// People must agree.
pub const fn fresh(
    what: &'static str,
    key: Option<&'static str>,
    because: &'static str,
    article: &'static str,
) -> Expected {
    Expected { what, key, class: Class::FreshConsent, because, article: Some(article), populations: &[] }
}

impl Expected {
    /// About these people only.
    pub const fn of(mut self, populations: &'static [&'static str]) -> Self {
        self.populations = populations;
        self
    }
}

/// The differences that edits make to the folder are exactly these, and what is owed is what the folder promises for the gravest.
pub fn comes_to(edits: &[Edit], expected: &[Expected]) {
    from_to(&[], edits, expected);
}

/// The same from a folder that differs from the usual one; `then` are all edits of the second folder.
pub fn from_to(first: &[Edit], then: &[Edit], expected: &[Expected]) {
    let (old, new) = (version(first), version(then));
    let found = diff(&old, &new);
    let mut left: Vec<&Change> = found.changes.iter().collect();
    for one in expected {
        let at = left.iter().position(|c| c.what == one.what && c.key.as_deref() == one.key);
        let change = at.map(|at| left.remove(at)).unwrap_or_else(|| panic!("no {} in {found:#?}", one.what));
        let article = change.article.as_deref();
        let judged = (change.class, change.because.as_str(), article);
        assert_eq!(judged, (one.class, one.because, one.article), "{change:#?}");
        assert_eq!(change.populations, one.populations, "{change:#?}");
    }
    assert!(left.is_empty(), "not expected: {left:#?}");
    let gravest = expected.iter().map(|one| one.class).max().unwrap_or(Class::Editorial);
    assert_eq!(found.class, gravest);
    assert_eq!(told(&owed(&new, &found)), promised(gravest));
    let each: Vec<Class> = duties(&new, &found).iter().map(|duty| duty.class).collect();
    let mut classes: Vec<Class> = expected.iter().map(|one| one.class).collect();
    classes.sort_by(|a, b| b.cmp(a));
    classes.dedup();
    assert_eq!(each, classes, "a duty for each class");
}

fn told(duty: &Duty) -> (Vec<&str>, Needed, Option<&str>) {
    (duty.channels.iter().map(String::as_str).collect(), duty.agreement, duty.before.as_deref())
}

/// What the folder says of changes of a class.
fn promised(class: Class) -> (Vec<&'static str>, Needed, Option<&'static str>) {
    match class {
        Class::Editorial => (vec!["page"], Needed::None, None),
        Class::Notice => (vec!["page", "email"], Needed::Deemed, Some("P14D")),
        Class::FreshConsent => (vec!["email", "in_app"], Needed::Explicit, Some("P30D")),
    }
}
