//! Sessions and transactions on a place.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::ask::{Change, Changed, Failure, Row, Select};
use engine::run::Tally;
use engine::value::Value;

use super::path::is_below_root;
use super::place::{Object, Place};
use super::table::{Entry, Files, table};
use super::{overview, select};
use crate::connector::{Answer, Each, EachPiece, Session, Transaction};
use crate::sql::CHUNK;

/// A reading session, or a transaction: one that has recorded what it will delete.
pub(super) struct FilesSession {
    place: Arc<dyn Place>,
    tables: Arc<[Files]>,
    /// By path: the table that the change named, and the object as it was.
    deleted: BTreeMap<String, (String, Object)>,
    failed: bool,
    /// Some are gone already.
    begun: bool,
}

impl FilesSession {
    pub fn new(place: Arc<dyn Place>, tables: Arc<[Files]>) -> Self {
        FilesSession { place, tables, deleted: BTreeMap::new(), failed: false, begun: false }
    }

    async fn change(&mut self, change: &Change) -> Result<Changed, Failure> {
        let tables = self.tables.clone();
        let files = table(&tables, change.table())?;
        let Change::Delete { key, keys, .. } = change else {
            let reason = format!("objects of table {} can be deleted, nothing else", files.name);
            return Err(Failure::Refused { reason });
        };
        if key.as_slice() != ["path"] {
            let reason = format!("objects of table {} are deleted by `path` alone", files.name);
            return Err(Failure::Refused { reason });
        }
        self.delete(files, keys).await
    }

    async fn delete(&mut self, files: &Files, keys: &[Vec<Value>]) -> Result<Changed, Failure> {
        let paths = keys.iter().filter_map(|key| key.first().and_then(Value::join_text));
        let paths: Vec<String> = paths.map(|path| path.into_owned()).filter(|path| is_below_root(path)).collect();
        let mut rows = 0;
        for chunk in paths.chunks(CHUNK) {
            for object in self.place.look(chunk).await? {
                if Entry::of(files, &object).is_some() && !self.deleted.contains_key(&object.path) {
                    rows += 1;
                    self.deleted.insert(object.path.clone(), (files.name.clone(), object));
                }
            }
        }
        Ok(Changed { rows, returned: Row::new() })
    }

    fn objects(&self) -> Vec<Object> {
        self.deleted.values().map(|(_, object)| object.clone()).collect()
    }

    /// Deletes the first `most` of what was recorded, for good.
    async fn delete_now(&mut self, most: usize) -> Result<u64, Failure> {
        if self.failed {
            return Err(Failure::Other { detail: "nothing was committed, for a change had failed".to_owned() });
        }
        let mut objects = self.objects();
        objects.truncate(most);
        let deleted = self.place.delete(&objects).await;
        deleted.map_err(|failure| match (failure, self.begun) {
            (failure @ Failure::Unreachable { .. }, _) | (failure, false) => failure,
            (failure, true) => {
                Failure::Unreachable { detail: format!("some files are deleted, others not: {failure}") }
            }
        })?;
        objects.iter().for_each(|object| drop(self.deleted.remove(&object.path)));
        self.begun |= !objects.is_empty();
        Ok(objects.len() as u64)
    }
}

impl Session for FilesSession {
    fn stream<'a>(&'a mut self, select: &'a Select, each: &'a mut Each<'_>) -> Answer<'a, ()> {
        Box::pin(async move {
            let gone = |path: &str| self.deleted.contains_key(path);
            select::stream(&*self.place, table(&self.tables, &select.table)?, select, &gone, each).await
        })
    }

    fn sample<'a>(&'a mut self, name: &'a str, columns: &'a [String], rows: u32) -> Answer<'a, Vec<Row>> {
        Box::pin(
            async move { overview::sample(&*self.place, table(&self.tables, name)?, columns, rows as usize).await },
        )
    }

    fn content<'a>(&'a mut self, path: &'a str, each: &'a mut EachPiece<'_>) -> Answer<'a, ()> {
        Box::pin(async move {
            if !is_below_root(path) || self.deleted.contains_key(path) {
                return Err(super::no_object());
            }
            self.place.content(path, each).await
        })
    }

    fn close(self: Box<Self>) -> Answer<'static, ()> {
        Box::pin(async { Ok(()) })
    }
}

impl Transaction for FilesSession {
    fn id(&mut self) -> Answer<'_, Option<String>> {
        Box::pin(async { Ok(None) })
    }

    fn apply<'a>(&'a mut self, change: &'a Change) -> Answer<'a, Changed> {
        Box::pin(async move {
            let changed = self.change(change).await;
            self.failed |= changed.is_err();
            changed
        })
    }

    fn tally(&mut self) -> Answer<'_, Tally> {
        let mut tables: BTreeMap<String, u64> = BTreeMap::new();
        for (table, _) in self.deleted.values() {
            *tables.entry(table.clone()).or_default() += 1;
        }
        Box::pin(async move { Ok(Tally::Tables(tables.into_iter().collect())) })
    }

    fn settle(&mut self) -> Answer<'_, ()> {
        Box::pin(async move { self.place.may_delete(&self.objects()).await })
    }

    fn make_last(&mut self, most: u64) -> Answer<'_, u64> {
        Box::pin(self.delete_now(usize::try_from(most).unwrap_or(usize::MAX)))
    }

    fn commit(mut self: Box<Self>) -> Answer<'static, ()> {
        Box::pin(async move { self.delete_now(usize::MAX).await.map(drop) })
    }

    fn rollback(self: Box<Self>) -> Answer<'static, ()> {
        Box::pin(async { Ok(()) })
    }
}
