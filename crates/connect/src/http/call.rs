//! Calls that delete and change records.

use std::time::Duration;

use engine::ask::Failure;
use engine::plan::token;
use engine::policy::written::http::{Call, Change, Erasure, Later};
use engine::value::Value;
use serde_json::Value as Json;
use tokio::time::sleep;

use super::client::{FORM, JSON, Reply, Request};
use super::find::{Finder, body, what};
use super::session::resource;
use super::template::{self, Values};
use super::{document, row};

/// A deletion that is done later, of which the description does not say how that is learnt.
const LATER: Later =
    Later { status: None, state: None, done: Vec::new(), failed: Vec::new(), every_ms: 2_000, wait_ms: 120_000 };

impl Finder<'_> {
    /// Deletes the record of a key, and waits until that is done. Was it there?
    pub async fn erase(&self, table: &str, key: &[Value]) -> Result<bool, Failure> {
        let resource = resource(self.service, table)?;
        if resource.erase.is_empty() {
            return Err(Failure::Refused { reason: format!("the description of {table} has no call that deletes") });
        }
        let values: Values<'_> = resource.key.iter().map(|k| k.it.as_str()).zip(key.iter().cloned()).collect();
        let mut there = false;
        for erasure in &resource.erase {
            let reply = self.client.send(&self.deletion(table, erasure, &values)?).await?;
            if erasure.call.missing.contains(&reply.status) {
                continue;
            }
            if !reply.is_success() {
                return Err(reply.refusal());
            }
            there = true;
            match &erasure.later {
                Some(later) => self.wait(table, key, &later.it, &reply).await?,
                None if reply.status == 202 => self.wait(table, key, &LATER, &reply).await?,
                None => {}
            }
        }
        Ok(there)
    }

    fn deletion(&self, table: &str, erasure: &Erasure, values: &Values<'_>) -> Result<Request, Failure> {
        let call = &erasure.call;
        let url = self.client.url(&template::path(&call.path.it, values)?, &template::query(call, values))?;
        let body = body(call, values);
        let once = once(erasure.once.as_ref(), table, call, url.as_str(), body.as_ref().map(|(_, text)| text.as_str()));
        Ok(Request {
            method: call.method.clone(),
            url,
            body,
            once,
            looks: false,
            harmless: erasure.repeat,
            what: what(call),
        })
    }

    /// Waits until a deletion that was accepted is done.
    async fn wait(&self, table: &str, key: &[Value], later: &Later, reply: &Reply) -> Result<(), Failure> {
        let address = match &later.status {
            Some(path) => {
                let named = document::text(&reply.json()?, path);
                let none = || Failure::Unknown {
                    detail: format!(
                        "the deletion of a record of {table} was accepted, and nothing tells how far it is"
                    ),
                };
                Some(self.client.named(&named.ok_or_else(none)?)?)
            }
            None => None,
        };
        let looks = (later.wait_ms / later.every_ms.max(1)).max(1);
        for nth in 0..=looks {
            if nth > 0 {
                sleep(Duration::from_millis(later.every_ms)).await;
            }
            let done = match &address {
                Some(address) => self.is_done(table, later, address).await,
                None => self.record(table, key).await.map(|record| record.is_none()),
            };
            match done {
                Ok(true) => return Ok(()),
                Ok(false) => {}
                // That the service cannot be asked does not mean that it has not deleted.
                Err(Failure::Unreachable { detail }) => return Err(Failure::Unknown { detail }),
                Err(other) => return Err(other),
            }
        }
        let seconds = later.wait_ms / 1_000;
        Err(Failure::Unknown {
            detail: format!("the deletion of a record of {table} was accepted and is not done after {seconds} s"),
        })
    }

    /// How far is it, by the address that tells?
    async fn is_done(&self, table: &str, later: &Later, address: &url::Url) -> Result<bool, Failure> {
        let what = format!("the question how far the deletion of a record of {table} is");
        let request = Request {
            method: "GET".to_owned(),
            url: address.clone(),
            body: None,
            once: None,
            looks: true,
            harmless: true,
            what,
        };
        let reply = self.client.send(&request).await?;
        if !reply.is_success() {
            return Err(reply.refusal());
        }
        let Some(path) = &later.state else { return Ok(true) };
        let state = document::text(&reply.json()?, path).unwrap_or_default();
        if later.failed.contains(&state) {
            return Err(Failure::Other {
                detail: format!("the service says that the deletion of a record of {table} has failed"),
            });
        }
        Ok(later.done.contains(&state))
    }

    /// Writes columns of the record of a key. Was it there?
    pub async fn change(&self, table: &str, key: &[Value], set: &[(String, Value)]) -> Result<bool, Failure> {
        let resource = resource(self.service, table)?;
        let none = || Failure::Refused { reason: format!("the description of {table} has no call that changes") };
        let change = resource.change.as_ref().ok_or_else(none)?;
        let unwritable = set.iter().find(|(column, _)| !change.columns.iter().any(|c| c.it == *column));
        if let Some((column, _)) = unwritable {
            return Err(Failure::Refused { reason: format!("no call changes column {column} of {table}") });
        }
        let values: Values<'_> = resource.key.iter().map(|k| k.it.as_str()).zip(key.iter().cloned()).collect();
        let call = &change.call;
        let url = self.client.url(&template::path(&call.path.it, &values)?, &template::query(call, &values))?;
        let body = self.changed(table, change, &values, set)?;
        let once = once(change.once.as_ref(), table, call, url.as_str(), Some(&body.1));
        let request = Request {
            method: call.method.clone(),
            url,
            body: Some(body),
            once,
            looks: false,
            harmless: change.repeat,
            what: what(call),
        };
        let reply = self.client.send(&request).await?;
        if call.missing.contains(&reply.status) {
            return Ok(false);
        }
        if reply.is_success() { Ok(true) } else { Err(reply.refusal()) }
    }

    /// The body of a call that changes: what it always says, and the columns.
    fn changed(
        &self,
        table: &str,
        change: &Change,
        values: &Values<'_>,
        set: &[(String, Value)],
    ) -> Result<(&'static str, String), Failure> {
        let resource = resource(self.service, table)?;
        if let Some(form) = &change.call.form {
            let pairs = form.iter().map(|(name, text)| (name.it.as_str(), text.it.as_str()));
            let mut pairs = template::parameters(pairs, values);
            let text = |value: &Value| value.join_text().map(|t| t.into_owned()).unwrap_or_default();
            pairs.extend(set.iter().map(|(column, value)| {
                template::parameter(&parameter_of(resource.column(column), column), &text(value))
            }));
            return Ok((FORM, pairs.join("&")));
        }
        let mut whole = change
            .call
            .body
            .as_ref()
            .map_or(Json::Object(serde_json::Map::new()), |b| template::document(&b.it, values));
        for (column, value) in set {
            let Some(field) = resource.column(column) else { continue };
            let into = change.into.iter().flat_map(|path| path.0.iter());
            let path = engine::policy::model::Path(into.chain(&field.path.0).cloned().collect());
            document::put(&mut whole, &path, row::json(value, field.class));
        }
        Ok((JSON, whole.to_string()))
    }
}

/// The parameter of a form by which a column is written: `address[city]` for `$.address.city`.
fn parameter_of(field: Option<&engine::policy::written::http::Field>, column: &str) -> String {
    let names = field.iter().flat_map(|f| &f.path.0).filter_map(|step| match step {
        engine::policy::model::Step::Name(name) => Some(name.as_str()),
        engine::policy::model::Step::Each => None,
    });
    let mut names = names;
    let first = names.next().unwrap_or(column).to_owned();
    names.fold(first, |parameter, name| format!("{parameter}[{name}]"))
}

/// The same for each sending of the same call, and another for any other: by it the service knows a repetition.
fn once(
    header: Option<&String>,
    table: &str,
    call: &Call,
    address: &str,
    body: Option<&str>,
) -> Option<(String, String)> {
    let parts = [table, call.method.as_str(), address, body.unwrap_or_default()].map(str::as_bytes);
    header.map(|name| (name.clone(), token("once", &parts)))
}
