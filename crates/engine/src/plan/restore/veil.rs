//! Values that come back may name people who left meanwhile: their deactivations never saw them.

use jiff::Timestamp;

use super::super::how::How;
use super::super::types::Record;
use super::Deactivation;
use crate::actions::Within;
use crate::matching::folded;
use crate::policy::model::{ColumnIx, Policy, TableId, Target, Untie};
use crate::text::{Finder, Identifier};
use crate::value::Value;

/// Who is away, and by what they are known.
pub(super) struct Veils<'s> {
    /// Identifiers of all of them whose hits are certain.
    pub identifiers: Vec<Identifier>,
    all: Finder,
    each: Vec<(&'s Deactivation, Finder)>,
}

impl<'s> Veils<'s> {
    /// Of all who are away. Who comes back may be one of them, away in another way as well: nobody is hidden from themselves.
    pub fn new(own: &Deactivation, others: &'s [Deactivation]) -> Self {
        let known: Vec<String> = own.plan.identifiers.iter().map(|i| folded(&i.text.0)).collect();
        let certain = |one: &Deactivation| -> Vec<Identifier> {
            let themselves = is_of(own, one);
            let hidden = |i: &&Identifier| i.certain && !(themselves && known.contains(&folded(&i.text.0)));
            one.plan.identifiers.iter().filter(hidden).cloned().collect()
        };
        let mut identifiers: Vec<Identifier> = others.iter().flat_map(certain).collect();
        identifiers.sort();
        identifiers.dedup();
        let each = others.iter().map(|one| (one, Finder::new(&certain(one)))).collect();
        Veils { all: Finder::new(&identifiers), identifiers, each }
    }

    /// How a value comes back that names somebody who is away and left only after it was sealed, what it is then, and the
    /// case with which it becomes whole. Who left before has seen it, and left it as it is.
    pub fn over(
        &self,
        policy: &Policy,
        (id, column): (TableId, &str),
        value: &Value,
        since: Option<Timestamp>,
    ) -> Option<(How, Value, &'s str)> {
        let ix = policy.table(id).column(column)?;
        let how = hides(policy, id, ix)?;
        let made = made(&how, &self.all, value).filter(|made| made != value)?;
        let left_later = |one: &Deactivation| since.is_none_or(|since| one.plan.made_at >= since);
        let mut later = self.each.iter().rev().filter(|(one, _)| left_later(one));
        let (one, _) = later.find(|(_, finder)| made_by(&how, finder, value))?;
        Some((how, made, &one.case))
    }
}

/// Are both the same person's?
fn is_of(own: &Deactivation, other: &Deactivation) -> bool {
    let record = |of: &Record| (of.system.clone(), of.table.clone(), of.key.clone());
    let records: Vec<_> = own.plan.persons.iter().map(record).collect();
    other.plan.persons.iter().any(|of| records.contains(&record(of)))
}

fn made_by(how: &How, finder: &Finder, value: &Value) -> bool {
    made(how, finder, value).is_some_and(|made| made != *value)
}

/// The value without the names that the finder knows.
pub(super) fn made(how: &How, finder: &Finder, value: &Value) -> Option<Value> {
    match how {
        How::Set(instead) => {
            let named = value.readable().is_some_and(|text| !finder.hits(text).is_empty());
            Some(if named { instead.clone() } else { value.clone() })
        }
        how => how.made("", finder, value),
    }
}

/// How names are hidden in a column: in its texts, or, where it joins somebody by an identity, as that tie is undone.
fn hides(policy: &Policy, id: TableId, ix: ColumnIx) -> Option<How> {
    let t = policy.table(id);
    let column = &t.columns[ix];
    if column.is_redacted() {
        let within = Within::texts_of(column);
        return Some(if within.is_plain() { How::Redact } else { How::RedactWithin(Box::new(within)) });
    }
    let by_identity = |link: &&crate::policy::model::Link| {
        matches!(link.target, Target::Identity { .. }) && !link.by && link.columns == [ix]
    };
    let link = t.links.iter().filter(|l| l.reading.document.is_none()).find(by_identity)?;
    match link.untie.as_ref()? {
        Untie::Null => Some(How::Set(Value::Null)),
        Untie::Blank => Some(How::Set(Value::text(""))),
        Untie::Nobody => Some(How::Set(link.nobody.first()?.clone())),
        _ => None,
    }
}
