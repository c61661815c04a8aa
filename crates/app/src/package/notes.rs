//! What the pages tell beside the rows: who we are, where we looked, and which tables are conversations.

use engine::plan::{Absent, Plan};
use engine::policy::model::{About, Cond, Link, Match, Policy, Role, SystemKind, Table, TableId, Target};

use super::manifest::Manifest;

/// What the policy and the plan say beside the rows.
pub struct Notes {
    pub about: About,
    /// What persons of the plan's kind are called, where the policy says it.
    pub known_as: Option<String>,
    /// All systems of the policy.
    pub places: Vec<Place>,
    pub talks: Vec<Talk>,
    /// Files that rows name and that are not there.
    pub absent: Vec<Absent>,
}

/// A system of the policy.
pub struct Place {
    pub system: String,
    pub kind: SystemKind,
    pub country: Option<String>,
    pub team: Option<String>,
}

/// Tables that are conversations: rows of one are begun, rows of the others are said in them.
pub struct Talk {
    /// Table of what is begun, such as tickets.
    pub head: Head,
    /// Tables of what is said, such as replies.
    pub parts: Vec<Part>,
}

/// What is begun.
pub struct Head {
    /// Its place in the manifest, where any of its rows are in the answer.
    pub at: Option<usize>,
    pub table: String,
    /// Columns that what is said points at.
    pub key: Vec<String>,
    /// Columns that may name it.
    pub titles: Vec<String>,
    id: TableId,
}

/// What is said.
pub struct Part {
    /// Its place in the manifest.
    pub at: usize,
    /// Columns that point at the head.
    pub columns: Vec<String>,
    /// Columns of text.
    pub bodies: Vec<String>,
    /// Columns that may tell when, best first.
    pub times: Vec<String>,
    /// Tables whose rows enclose files in what is said.
    pub enclosures: Vec<Enclosure>,
    authors: Vec<Author>,
    names: Vec<String>,
}

/// A table of what is enclosed, such as attachments.
pub struct Enclosure {
    /// Its place in the manifest.
    pub at: usize,
    /// Columns that point at what is said.
    pub columns: Vec<String>,
    /// Columns of what is said that they point at.
    pub key: Vec<String>,
    /// Columns of text, of which the first that is not empty names the file.
    pub titles: Vec<String>,
}

/// A link to who may have said it.
struct Author {
    link: String,
    /// Subject kind.
    kind: Option<String>,
    when: Cond,
}

/// Who said it. Never a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who<'a> {
    /// The person.
    You,
    /// Somebody of another kind.
    Kind(&'a str),
    /// Anybody else.
    Other,
}

impl Notes {
    pub fn of(plan: &Plan, policy: &Policy, manifest: &Manifest) -> Notes {
        let place = |s: &engine::policy::model::System| Place {
            system: s.name.clone(),
            kind: s.kind,
            country: s.country.clone(),
            team: s.team.clone(),
        };
        Notes {
            about: policy.about.clone(),
            known_as: policy.about.kinds.get(&plan.kind).cloned(),
            places: policy.systems.iter().map(place).collect(),
            talks: talks(policy, manifest),
            absent: plan.absent.clone(),
        }
    }

    /// The conversations to which a table of the manifest belongs.
    pub fn talk(&self, table: usize) -> Option<&Talk> {
        self.talks.iter().find(|t| t.head.at == Some(table) || t.parts.iter().any(|p| p.at == table))
    }
}

impl Talk {
    /// The table of the manifest under which the conversations stand.
    pub fn stands_at(&self) -> usize {
        self.head.at.unwrap_or(self.parts[0].at)
    }
}

impl Part {
    /// Who said a row that came by these links; `value` gives the columns that the answer returns.
    pub fn who<'a>(
        &'a self,
        links: &[String],
        kind: &str,
        value: impl Fn(&str) -> Option<&'a engine::value::Value>,
    ) -> Who<'a> {
        if self.authors.iter().any(|a| links.contains(&a.link)) {
            return Who::You;
        }
        let told = |a: &&Author| {
            let all = a.when.columns().all(|c| value(&self.names[c]).is_some());
            // What stands in another table is not in the answer.
            let here = !a.when.looks_up();
            all && here && a.when.holds(|c| value(&self.names[c]).unwrap_or(&engine::value::Value::Null))
        };
        match self.authors.iter().find(told).and_then(|a| a.kind.as_deref()) {
            Some(other) if other != kind => Who::Kind(other),
            _ => Who::Other,
        }
    }
}

/// Conversations of the answer: a table of texts with authors, part of a table of the same system.
fn talks(policy: &Policy, manifest: &Manifest) -> Vec<Talk> {
    let mut talks: Vec<Talk> = Vec::new();
    let place = |table: &Table| manifest.position(&policy.system(table.system).name, &table.name);
    for id in policy.table_ids() {
        let table = policy.table(id);
        let (Some(at), Some((link, head_id, columns))) = (place(table), thread(policy, id)) else { continue };
        if manifest.tables[at].rows.total() == 0 {
            continue;
        }
        let part = Part {
            at,
            columns: table.names(&link.columns),
            bodies: table.columns.iter().filter(|c| c.text).map(|c| c.name.clone()).collect(),
            times: times(table),
            enclosures: enclosures(policy, manifest, id),
            authors: authors(policy, table),
            names: table.columns.iter().map(|c| c.name.clone()).collect(),
        };
        let head = policy.table(head_id);
        let key = head.names(columns);
        match talks.iter_mut().find(|t| t.head.id == head_id && t.head.key == key) {
            Some(talk) => talk.parts.push(part),
            None => {
                let at = place(head).filter(|at| manifest.tables[*at].rows.total() > 0);
                let titles = head.columns.iter().filter(|c| c.text).map(|c| c.name.clone()).collect();
                let head = Head { at, table: head.name.clone(), key, titles, id: head_id };
                talks.push(Talk { head, parts: vec![part] });
            }
        }
    }
    talks
}

/// The link by which rows of a table are said in something, with the table and the columns it points at.
fn thread(policy: &Policy, id: TableId) -> Option<(&Link, TableId, &[usize])> {
    let table = policy.table(id);
    let written = table.links.iter().any(|l| l.role == Role::Author) && table.columns.iter().any(|c| c.text);
    let joins = |link: &&Link| link.role == Role::Part && !link.by && link.matching == Match::Exact;
    table.links.iter().filter(|l| written && joins(l)).find_map(|link| match &link.target {
        Target::Row { table: head, columns } if *head != id && policy.table(*head).system == table.system => {
            Some((link, *head, columns.as_slice()))
        }
        _ => None,
    })
}

/// Tables with files that are parts of this one.
fn enclosures(policy: &Policy, manifest: &Manifest, said: TableId) -> Vec<Enclosure> {
    let mut found = Vec::new();
    for table in policy.tables.iter().filter(|t| t.columns.iter().any(|c| c.file.is_some())) {
        let at = manifest.position(&policy.system(table.system).name, &table.name);
        let part = table.links.iter().filter(|l| l.role == Role::Part && !l.by);
        let key = part.filter_map(|link| match &link.target {
            Target::Row { table, columns } if *table == said => Some((link, policy.table(said).names(columns))),
            _ => None,
        });
        if let (Some(at), Some((link, key))) = (at, key.into_iter().next()) {
            let titles = table.columns.iter().filter(|c| c.text).map(|c| c.name.clone()).collect();
            found.push(Enclosure { at, columns: table.names(&link.columns), key, titles });
        }
    }
    found
}

fn authors(policy: &Policy, table: &Table) -> Vec<Author> {
    let kind = |link: &Link| match &link.target {
        Target::Row { table, .. } => policy.table(*table).kind.map(|k| policy.kinds[k.0].name.clone()),
        Target::Identity { kind, .. } => Some(policy.kinds[kind.0].name.clone()),
    };
    let links = table.links.iter().filter(|l| l.role == Role::Author);
    links.map(|l| Author { link: l.name.clone(), kind: kind(l), when: l.when.clone() }).collect()
}

/// Columns that may hold when a row was made: those of times, then any other that is not about a person.
fn times(table: &Table) -> Vec<String> {
    use engine::schema::Class::{Date, Other, Text, Timestamp};
    let personal =
        |c: &&engine::policy::model::Column| c.text || c.category.as_ref().is_some_and(|c| c.starts_with("user"));
    let of = |classes: &'static [engine::schema::Class]| {
        let fits = table.columns.iter().filter(|c| !personal(c)).filter(move |c| classes.contains(&c.class));
        fits.map(|c| c.name.clone())
    };
    of(&[Timestamp]).chain(of(&[Date])).chain(of(&[Text, Other])).collect()
}
