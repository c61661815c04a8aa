//! Which objects answer a question.
//!
//! Values of `path` are looked at one by one. Values of fields make prefixes, and what is listed below them is compared
//! exactly. Everything else lists the whole table.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::ops::ControlFlow;

use engine::ask::{By, Failure, Select};
use engine::value::Value;

use super::path::{is_below_root, may_begin};
use super::place::{Object, Place};
use super::table::{Entry, Files, Of};
use crate::connector::Each;
use crate::containing::contains_one;
use crate::sql::{CHUNK, phones};

/// Values in their canonical text; what cannot equal anything is left out.
type Tuple = Vec<String>;

/// Hands over the rows; what is in `gone` is not there.
pub(super) async fn stream(
    place: &dyn Place,
    table: &Files,
    select: &Select,
    gone: &(dyn Fn(&str) -> bool + Sync),
    each: &mut Each<'_>,
) -> Result<(), Failure> {
    let columns = |names: &[String]| names.iter().map(|c| table.column(c)).collect::<Result<Vec<Of>, _>>();
    let shown = columns(&select.columns)?;
    let filter = select.filter.iter().map(|(c, values)| Ok((table.column(c)?, Wanted::of(values))));
    let filter = filter.collect::<Result<Vec<_>, Failure>>()?;
    let mut give = |entry: &Entry<'_>| {
        if gone(&entry.object.path) || !filter.iter().all(|(column, wanted)| wanted.holds(&entry.value(*column))) {
            return ControlFlow::Continue(());
        }
        each(shown.iter().map(|column| entry.value(*column)).collect())
    };
    match &select.by {
        By::Values { columns: names, values } | By::Keys { columns: names, values } => {
            let columns = columns(names)?;
            let tuples = tuples(values);
            match columns.iter().position(|c| *c == Of::Path) {
                Some(at) => by_path(place, table, &columns, at, tuples, &mut give).await,
                None => by_values(place, table, &columns, tuples, &mut give).await,
            }
        }
        By::Folded { column, values } => {
            let wanted = values.iter().map(String::as_str).collect();
            superset(place, table, table.column(column)?, &|text| may_fold_to(text, &wanted), &mut give).await
        }
        By::Phone { column, values } => {
            let found = phones(values);
            let short = found.short.iter().map(|pattern| pattern.trim_matches('%').to_owned());
            let ends: Vec<String> = found.ends.iter().cloned().chain(short).collect();
            superset(place, table, table.column(column)?, &|text| may_be_phone(text, &ends), &mut give).await
        }
        By::Containing { column, needles } => {
            let wanted = |text: &str| contains_one(text, needles);
            superset(place, table, table.column(column)?, &wanted, &mut give).await
        }
    }
}

type Give<'a> = dyn FnMut(&Entry<'_>) -> ControlFlow<()> + Send + 'a;

fn tuples(values: &[Vec<Value>]) -> HashSet<Tuple> {
    let text = |value: &Value| value.join_text().map(|text| text.into_owned());
    values.iter().filter_map(|tuple| tuple.iter().map(text).collect()).collect()
}

fn tuple(entry: &Entry<'_>, columns: &[Of]) -> Option<Tuple> {
    columns.iter().map(|column| entry.value(*column).join_text().map(|text| text.into_owned())).collect()
}

async fn by_path(
    place: &dyn Place,
    table: &Files,
    columns: &[Of],
    at: usize,
    tuples: HashSet<Tuple>,
    give: &mut Give<'_>,
) -> Result<(), Failure> {
    let paths: BTreeSet<&String> = tuples.iter().map(|tuple| &tuple[at]).filter(|path| is_below_root(path)).collect();
    let paths: Vec<String> = paths.into_iter().cloned().collect();
    for chunk in paths.chunks(CHUNK) {
        for object in &place.look(chunk).await? {
            let Some(entry) = Entry::of(table, object) else { continue };
            let wanted = tuple(&entry, columns).is_some_and(|tuple| tuples.contains(&tuple));
            if wanted && give(&entry).is_break() {
                return Ok(());
            }
        }
    }
    Ok(())
}

async fn by_values(
    place: &dyn Place,
    table: &Files,
    columns: &[Of],
    tuples: HashSet<Tuple>,
    give: &mut Give<'_>,
) -> Result<(), Failure> {
    // By prefix: what is asked of the objects below it.
    let mut asked: BTreeMap<String, Vec<Vec<Option<&str>>>> = BTreeMap::new();
    for tuple in &tuples {
        let mut known = vec![None; table.fields().len()];
        for (column, value) in columns.iter().zip(tuple) {
            if let Of::Field(field) = column {
                known[*field] = Some(value.as_str());
            }
        }
        let prefix = table.prefix(&known);
        if known.iter().flatten().all(|value| !value.contains(['/', '\0'])) && may_begin(&prefix) {
            asked.entry(prefix).or_default().push(known);
        }
    }
    let mut covered: Option<&str> = None;
    for prefix in asked.keys() {
        // The prefixes are sorted: what another one covers comes right behind it.
        if covered.is_some_and(|covered| prefix.starts_with(covered)) {
            continue;
        }
        covered = Some(prefix);
        let below = || asked.range(prefix.clone()..).take_while(|(p, _)| p.starts_with(prefix.as_str()));
        let wanted = |entry: &Entry<'_>| match (tuple(entry, columns), &entry.fields) {
            (Some(tuple), _) => tuples.contains(&tuple),
            (None, None) => below().flat_map(|(_, known)| known).any(|known| may_read(table, entry, known)),
            (None, Some(_)) => false,
        };
        if list(place, table, prefix, columns, &wanted, give).await?.is_break() {
            return Ok(());
        }
    }
    Ok(())
}

fn may_read(table: &Files, entry: &Entry<'_>, known: &[Option<&str>]) -> bool {
    table.template.as_ref().is_some_and(|template| template.may_read(&entry.object.path, known))
}

async fn superset(
    place: &dyn Place,
    table: &Files,
    column: Of,
    holds: &(dyn Fn(&str) -> bool + Sync),
    give: &mut Give<'_>,
) -> Result<(), Failure> {
    let wanted = |entry: &Entry<'_>| match entry.value(column) {
        // A field that is not known stands somewhere in the path.
        Value::Null => true,
        value => value.join_text().is_some_and(|text| holds(&text)),
    };
    list(place, table, &table.start(), &[column], &wanted, give).await.map(drop)
}

/// Lists what is wanted. An object whose fields decide, and can be read in several ways, is refused rather than guessed: it
/// may be another person's.
async fn list(
    place: &dyn Place,
    table: &Files,
    prefix: &str,
    columns: &[Of],
    wanted: &(dyn Fn(&Entry<'_>) -> bool + Sync),
    give: &mut Give<'_>,
) -> Result<ControlFlow<()>, Failure> {
    let by_field = columns.iter().any(|column| matches!(column, Of::Field(_)));
    let (mut ended, mut unclear) = (ControlFlow::Continue(()), false);
    let mut each = |object: Object| {
        let Some(entry) = Entry::of(table, &object).filter(|entry| wanted(entry)) else {
            return ControlFlow::Continue(());
        };
        unclear |= by_field && entry.fields.is_none();
        ended = if unclear { ControlFlow::Break(()) } else { give(&entry) };
        ended
    };
    place.list(prefix, &mut each).await?;
    if unclear { Err(several(table)) } else { Ok(ended) }
}

fn several(table: &Files) -> Failure {
    let reason = format!(
        "the path of an object of table {} can be read in more than one way by the table's path template, so it cannot be \
         told whose it is; write one field where the template has several between two `/`, and take its value apart with \
         the link's `form`",
        table.name
    );
    Failure::Refused { reason }
}

/// Values of which a column holds one; NULL among them accepts NULL.
struct Wanted {
    texts: HashSet<String>,
    null: bool,
}

impl Wanted {
    fn of(values: &[Value]) -> Wanted {
        let texts = values.iter().filter_map(|value| value.join_text().map(|text| text.into_owned()));
        Wanted { texts: texts.collect(), null: values.contains(&Value::Null) }
    }

    fn holds(&self, value: &Value) -> bool {
        value.join_text().map_or(self.null, |text| self.texts.contains(text.as_ref()))
    }
}

/// The engine folds; here only what is plain ASCII is decided.
fn may_fold_to(text: &str, wanted: &HashSet<&str>) -> bool {
    !text.is_ascii() || wanted.contains(text.to_ascii_lowercase().as_str())
}

fn may_be_phone(text: &str, ends: &[String]) -> bool {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    ends.iter().any(|end| digits.contains(end.as_str()))
}
