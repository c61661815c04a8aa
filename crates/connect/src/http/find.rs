//! Finds records by the calls that a resource describes.

use std::collections::{BTreeSet, HashSet};

use engine::ask::{By, Failure, Row, Select};
use engine::policy::written::http::{Call, Find, Resource};
use engine::value::Value;
use serde_json::Value as Json;

use super::client::{Client, FORM, JSON, Request};
use super::paging::{Page, Pages, circle};
use super::row::{Record, positions};
use super::template::{self, Values};
use super::{document, session::resource};
use crate::connector::Service;
use crate::containing::contains_one;

/// What looks for records.
#[derive(Clone, Copy)]
pub(super) struct Finder<'a> {
    pub client: &'a Client,
    pub service: &'a Service,
}

impl Finder<'_> {
    /// The rows that answer a question.
    pub async fn rows(&self, select: &Select) -> Result<Vec<Row>, Failure> {
        let resource = resource(self.service, &select.table)?;
        let find = resource.answers(&select.by).ok_or_else(|| Failure::Refused {
            reason: format!("the description of {} has no call that answers this question", select.table),
        })?;
        let shown = positions(&select.table, resource, &select.columns)?;
        let filter = select.filter.iter().map(|(c, values)| (c.clone(), values.clone()));
        let (names, values): (Vec<String>, Vec<Vec<Value>>) = filter.unzip();
        let filter = positions(&select.table, resource, &names)?;
        let (columns, asked) = asked(&select.by);
        let compared = positions(&select.table, resource, &columns)?;
        let exact: HashSet<Vec<String>> = asked.iter().filter_map(|tuple| texts(tuple)).collect();
        let is_wanted = |own: &[Value]| match &select.by {
            By::Values { .. } | By::Keys { .. } => texts(own).is_some_and(|own| exact.contains(&own)),
            By::Containing { needles, .. } => own.iter().any(|value| contains(value, needles)),
            // The engine folds; the service's own notion of the same is no narrower.
            By::Folded { .. } | By::Phone { .. } => true,
        };
        let mut rows = Vec::new();
        for record in self.records(&select.table, resource, find, &columns, &asked).await? {
            let own: Vec<Value> = compared.iter().map(|at| record.row[*at].clone()).collect();
            let held = |(at, values): (&usize, &Vec<Value>)| holds(values, &record.row[*at]);
            if is_wanted(&own) && filter.iter().zip(&values).all(held) {
                rows.push(shown.iter().map(|at| record.row[*at].clone()).collect());
            }
        }
        Ok(rows)
    }

    /// The record of a key, if it is there.
    pub async fn record(&self, table: &str, key: &[Value]) -> Result<Option<Record>, Failure> {
        let resource = resource(self.service, table)?;
        let columns: Vec<String> = resource.key.iter().map(|k| k.it.clone()).collect();
        let by = By::Values { columns: columns.clone(), values: vec![key.to_vec()] };
        let find = resource.answers(&by).ok_or_else(|| Failure::Refused {
            reason: format!("the description of {table} has no call that finds a record by its key"),
        })?;
        let found = self.records(table, resource, find, &columns, &[key.to_vec()]).await?;
        let key = texts(key);
        Ok(found.into_iter().find(|record| texts(&record.key(resource)) == key))
    }

    /// All records that a way of finding gives for these values, each once.
    async fn records(
        &self,
        table: &str,
        resource: &Resource,
        find: &Find,
        columns: &[String],
        asked: &[Vec<Value>],
    ) -> Result<Vec<Record>, Failure> {
        let at: Vec<usize> = find.by.iter().filter_map(|name| columns.iter().position(|c| *c == name.it)).collect();
        // A call that takes nothing is made once, whatever is asked.
        let mut tuples: BTreeSet<Vec<Value>> =
            asked.iter().map(|tuple| at.iter().map(|n| tuple[*n].clone()).collect()).collect();
        tuples.retain(|tuple| tuple.iter().all(|v| v.join_text().is_some()));
        let (mut seen, mut records) = (HashSet::new(), Vec::new());
        for tuple in tuples {
            let values: Values<'_> = find.by.iter().map(|n| n.it.as_str()).zip(tuple).collect();
            for record in self.listing(table, resource, find, &values).await? {
                let Some(key) = texts(&record.key(resource)) else { continue };
                if !seen.insert(key) {
                    continue;
                }
                let record = match find.again && !is_by_key(find, resource) {
                    true => Box::pin(self.record(table, &record.key(resource))).await?,
                    false => Some(record),
                };
                records.extend(record);
            }
        }
        Ok(records)
    }

    /// All pages of one call.
    async fn listing(
        &self,
        table: &str,
        resource: &Resource,
        find: &Find,
        values: &Values<'_>,
    ) -> Result<Vec<Record>, Failure> {
        let unaskable = |v: &Value| v.join_text().is_some_and(|text| text.contains(|c| find.never.contains(c)));
        if values.values().any(unaskable) {
            let reason = format!(
                "a value by which records of {table} are to be found holds a character that the service would read as its own language"
            );
            return Err(Failure::Refused { reason });
        }
        let mut pages = Pages::new(find.paging.as_ref().map(|p| &p.it));
        let (mut page, mut found) = (pages.first(), Vec::new());
        let mut seen: HashSet<Vec<String>> = HashSet::new();
        let most = self.service.http.most_pages.as_ref().map_or(1_000, |n| n.it);
        for _ in 0..most {
            let reply = self.client.send(&self.request(&find.call, values, &page)?).await?;
            if find.call.missing.contains(&reply.status) {
                return Ok(found);
            }
            if !reply.is_success() {
                return Err(reply.refusal());
            }
            let answer = reply.json()?;
            let there = document::all(&answer, &find.records).ok_or_else(|| Failure::Other {
                detail: format!("the answer to {} has nothing at `{}`", what(&find.call), find.records),
            })?;
            let before = seen.len();
            for json in there.iter().filter(|record| !is_gone(find, record)) {
                let record = Record::read(table, resource, json, values)?;
                if texts(&record.key(resource)).is_some_and(|key| seen.insert(key)) {
                    found.push(record);
                }
            }
            match pages.next(self.client, &reply, &answer, &there)? {
                None => return Ok(found),
                // A full page that has nothing new, and says that there are more, will never end.
                Some(_) if seen.len() == before && there.iter().any(|r| !is_gone(find, r)) => return Err(circle()),
                Some(next) => page = next,
            }
        }
        Err(Failure::Refused { reason: format!("a listing of {table} has more pages than `most_pages` allows") })
    }

    fn request(&self, call: &Call, values: &Values<'_>, page: &Page) -> Result<Request, Failure> {
        let mut query = template::query(call, values);
        query.extend(page.parameter.clone());
        let url = match &page.address {
            Some(url) => url.clone(),
            None => self.client.url(&template::path(&call.path.it, values)?, &query)?,
        };
        let mut body = body(call, values);
        if let Some((path, value)) = &page.body {
            let mut whole = call.body.as_ref().map_or(Json::Null, |b| template::document(&b.it, values));
            document::put(&mut whole, path, value.clone());
            body = Some((JSON, whole.to_string()));
        }
        Ok(Request {
            method: call.method.clone(),
            url,
            body,
            once: None,
            looks: true,
            harmless: true,
            what: what(call),
        })
    }
}

/// The body of a call.
pub(super) fn body(call: &Call, values: &Values<'_>) -> Option<(&'static str, String)> {
    if let Some(form) = &call.form {
        let pairs = form.iter().map(|(name, text)| (name.it.as_str(), text.it.as_str()));
        return Some((FORM, template::parameters(pairs, values).join("&")));
    }
    call.body.as_ref().map(|body| (JSON, template::document(&body.it, values).to_string()))
}

/// What errors call a request.
pub(super) fn what(call: &Call) -> String {
    format!("{} {}", call.method, call.path.it)
}

/// The columns and values of a question.
fn asked(by: &By) -> (Vec<String>, Vec<Vec<Value>>) {
    let texts = |values: &[String]| values.iter().map(|v| vec![Value::text(v)]).collect();
    match by {
        By::Values { columns, values } | By::Keys { columns, values } => (columns.clone(), values.clone()),
        By::Folded { column, values } | By::Phone { column, values } => (vec![column.clone()], texts(values)),
        By::Containing { column, needles } => (vec![column.clone()], texts(needles)),
    }
}

fn texts(values: &[Value]) -> Option<Vec<String>> {
    values.iter().map(|v| v.join_text().map(|text| text.into_owned())).collect()
}

/// Does the text of a value contain one of the needles? NULL contains nothing, not even an empty one.
fn contains(value: &Value, needles: &[String]) -> bool {
    *value != Value::Null && contains_one(&value.join_text().unwrap_or_default(), needles)
}

/// Does a column hold one of the values? NULL among them accepts NULL.
fn holds(values: &[Value], own: &Value) -> bool {
    match own.join_text() {
        Some(own) => values.iter().any(|v| v.join_text().is_some_and(|v| v == own)),
        None => values.contains(&Value::Null),
    }
}

/// Is it the way to find a record by its key?
fn is_by_key(find: &Find, resource: &Resource) -> bool {
    !find.by.is_empty() && find.by.iter().all(|by| resource.key.iter().any(|k| k.it == by.it))
}

/// Does the record say of itself that it is deleted?
fn is_gone(find: &Find, record: &Json) -> bool {
    let same = |json: &Json, value: &Value| match value {
        Value::Bool(b) => json.as_bool() == Some(*b),
        Value::Int(n) => json.as_i64() == Some(*n),
        Value::Text(text) => json.as_str() == Some(text),
        _ => false,
    };
    find.unless.iter().any(|(path, value)| document::first(record, path).is_some_and(|json| same(json, value)))
}
