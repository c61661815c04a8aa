//! From one page of a listing to the next, and never in a circle.

use std::collections::HashSet;

use engine::ask::Failure;
use engine::policy::written::http::{Paging, Put, Take};
use serde_json::Value as Json;
use url::Url;

use super::client::{Client, Reply};
use super::document;
use super::template::parameter;

/// What is asked for beside the call itself.
#[derive(Clone, Default)]
pub(super) struct Page {
    /// The whole address, where the service named it.
    pub address: Option<Url>,
    /// A further parameter.
    pub parameter: Option<String>,
    /// Something to put into the body.
    pub body: Option<(engine::policy::model::Path, Json)>,
}

/// A walk over pages.
pub(super) struct Pages<'a> {
    paging: Option<&'a Paging>,
    number: u64,
    seen: HashSet<String>,
}

impl<'a> Pages<'a> {
    pub fn new(paging: Option<&'a Paging>) -> Pages<'a> {
        Pages { paging, number: 0, seen: HashSet::new() }
    }

    /// The first page.
    pub fn first(&self) -> Page {
        let parameter = match self.paging {
            Some(Paging::Page { parameter: name, first, .. }) => Some(parameter(name, &first.to_string())),
            Some(Paging::Offset { parameter: name, .. }) => Some(parameter(name, "0")),
            _ => None,
        };
        Page { parameter, ..Page::default() }
    }

    /// The page after this one, which has these records; `None` if it is the last.
    pub fn next(
        &mut self,
        client: &Client,
        reply: &Reply,
        answer: &Json,
        records: &[&Json],
    ) -> Result<Option<Page>, Failure> {
        self.number += 1;
        let full = |size: u64| records.len() as u64 >= size;
        let (mark, page) = match self.paging {
            None => return Ok(None),
            Some(Paging::Next(path)) => match document::text(answer, path) {
                Some(address) => self.at(client, &address)?,
                None => return Ok(None),
            },
            Some(Paging::Link) => match link(reply) {
                Some(address) => self.at(client, &address)?,
                None => return Ok(None),
            },
            Some(Paging::Page { parameter: name, first, size }) if full(*size) => numbered(name, first + self.number),
            Some(Paging::Offset { parameter: name, size }) if full(*size) => numbered(name, self.number * size),
            Some(Paging::Page { .. } | Paging::Offset { .. }) => return Ok(None),
            Some(Paging::Cursor { put, take, more }) => {
                if more.as_ref().is_some_and(|path| document::first(answer, path) != Some(&Json::Bool(true))) {
                    return Ok(None);
                }
                let cursor = match take {
                    Take::Answer(path) => document::text(answer, path),
                    Take::Last(path) => records.last().and_then(|record| document::text(record, path)),
                };
                let Some(cursor) = cursor else { return Ok(None) };
                let page = match put {
                    Put::Parameter(name) => Page { parameter: Some(parameter(name, &cursor)), ..Page::default() },
                    Put::Body(path) => {
                        Page { body: Some((path.clone(), Json::from(cursor.clone()))), ..Page::default() }
                    }
                };
                (cursor, page)
            }
        };
        if self.seen.insert(mark) { Ok(Some(page)) } else { Err(circle()) }
    }

    fn at(&self, client: &Client, address: &str) -> Result<(String, Page), Failure> {
        let url = client.named(address)?;
        Ok((url.to_string(), Page { address: Some(url), ..Page::default() }))
    }
}

fn numbered(name: &str, number: u64) -> (String, Page) {
    (number.to_string(), Page { parameter: Some(parameter(name, &number.to_string())), ..Page::default() })
}

/// A listing that leads back to where it was.
pub(super) fn circle() -> Failure {
    Failure::Other { detail: "the pages of a listing of the service go in a circle".to_owned() }
}

/// The address of `rel="next"`.
fn link(reply: &Reply) -> Option<String> {
    let headers = reply.headers.get_all("link").iter().filter_map(|v| v.to_str().ok());
    let mut links = headers.flat_map(|text| text.split(",<").flat_map(|part| part.split(", <")));
    links.find_map(|one| {
        let (address, rest) = one.trim().trim_start_matches('<').split_once('>')?;
        let is_next = rest.split(';').map(str::trim).any(|p| matches!(p, "rel=\"next\"" | "rel=next"));
        is_next.then(|| address.to_owned())
    })
}
