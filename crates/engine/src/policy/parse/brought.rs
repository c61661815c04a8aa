//! What `service = "NAME"` brings into the map of a system.

use std::cell::RefCell;

use super::http::http;
use super::reader::{Keys, Reader};
use super::tree::{Tree, mend};
use crate::diagnostic::Diagnostic;
use crate::policy::written::http::{Address, Http, Resource};
use crate::policy::written::{Entries, Name, System, Table};
use crate::policy::{keys, known};
use crate::source::{At, Span};

/// The description of a service; all its places are that of its name in the folder.
struct Service {
    url: Option<String>,
    http: Http,
    resources: Entries<Resource>,
    tables: Entries<Table>,
    ignore: Entries<Vec<Name>>,
}

/// Adds to a system what the service it names brings. What the folder says itself counts more, key by key of `[http]` and
/// table by table of the rest. An unknown name was reported where it was read.
pub(super) fn complete(system: &mut System) -> Vec<Diagnostic> {
    let Some(name) = &system.service else { return Vec::new() };
    let Some(text) = known::text(&name.it) else { return Vec::new() };
    let (service, findings) = read(text, name.at);
    let at = name.at;
    system.url = system.url.take().or(service.url.map(|url| At::new(Address::Plain(url), at)));
    system.http = merged(std::mem::take(&mut system.http), service.http);
    add(&mut system.resources, service.resources);
    add(&mut system.tables, service.tables);
    add(&mut system.ignore, service.ignore);
    findings
}

fn read(text: &str, at: Span) -> (Service, Vec<Diagnostic>) {
    let (mended, errors) = mend(text);
    let tree = Tree::read(&mended, errors);
    let reader = Reader { file: at.file, text, findings: RefCell::default(), named_at: Some(at) };
    let service = Keys::read(&reader, &tree.root, at, &keys::SERVICE, |k| Service {
        url: k.get("url"),
        http: k.must("http").section("http", &keys::HTTP, http).unwrap_or_default(),
        resources: k.must("resource").entries("resource"),
        tables: k.entries("table"),
        ignore: k.entries("ignore"),
    });
    (service, reader.findings.take())
}

fn add<T>(own: &mut Entries<T>, brought: Entries<T>) {
    let new: Vec<_> = brought.into_iter().filter(|(name, _)| !own.iter().any(|(n, _)| n.it == name.it)).collect();
    own.extend(new);
}

fn merged(own: Http, service: Http) -> Http {
    let mut headers = own.headers;
    add(&mut headers, service.headers);
    Http {
        auth: own.auth.or(service.auth),
        headers,
        timeout_ms: own.timeout_ms.or(service.timeout_ms),
        retry_after_ms: own.retry_after_ms.or(service.retry_after_ms),
        per_second: own.per_second.or(service.per_second),
        most_bytes: own.most_bytes.or(service.most_bytes),
        most_pages: own.most_pages.or(service.most_pages),
        private: own.private.or(service.private),
        hosts: own.hosts.into_iter().chain(service.hosts).collect(),
        authority: own.authority.or(service.authority),
        untried: own.untried.or(service.untried),
    }
}
