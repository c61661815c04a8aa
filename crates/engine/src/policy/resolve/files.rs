//! Files: systems of kind `files`, and columns of other systems that name a file in one.

use super::Draft;
use crate::diagnostic::{Diagnostic, codes};
use crate::policy::model::{ColumnIx, File, Form, OBJECTS, Piece, SystemId, SystemKind, TableId};
use crate::policy::written::{self, Name};
use crate::source::At;

impl<'a> Draft<'a> {
    /// Every files system has the table of all its objects, which no map names.
    pub(super) fn enter_objects(&mut self) {
        for (nth, system) in self.folder.systems.iter().enumerate() {
            let id = SystemId(nth);
            let is_new =
                self.policy.system(id).kind == SystemKind::Files && self.policy.table_named(id, OBJECTS).is_none();
            let objects = self.schemas.get(&system.name).and_then(|s| s.table(OBJECTS));
            if let Some(objects) = objects.filter(|_| is_new) {
                self.enter(id, objects, system.at, Vec::new(), true);
            }
        }
    }

    /// Is a row of this table a file?
    pub(crate) fn is_file(&self, table: TableId) -> bool {
        self.policy.system(self.policy.table(table).system).kind == SystemKind::Files
    }

    /// The file that a column names.
    pub(super) fn file(&mut self, table: TableId, column: ColumnIx, w: &'a written::Column) -> Option<File> {
        let Some(name) = &w.file else {
            if let Some(shared_by) = &w.shared_by {
                let finding = Diagnostic::error(
                    codes::SHARED_WITHOUT_FILE,
                    "`shared_by` stands on a column that names no file",
                    shared_by.at,
                    "whose bytes are shared?",
                );
                self.findings.push(finding.help("add `file = \"..\"`, the name of a system of kind `files`"));
            }
            return None;
        };
        let objects = self.objects_of(name);
        let shared_by = w.shared_by.as_ref().map(|n| self.column(table, n));
        let form = match w.form.first() {
            Some(form) => self.form(table, column, form),
            None => Some(Form(vec![Piece::Column(column)])),
        };
        let shared_by = match shared_by {
            Some(found) => Some(found?),
            None => None,
        };
        Some(File { objects: objects?, form: form?, shared_by })
    }

    fn objects_of(&mut self, name: &'a Name) -> Option<TableId> {
        let system = self.system_named(name)?;
        if self.policy.system(system).kind != SystemKind::Files {
            let finding = Diagnostic::error(
                codes::FILE_ELSEWHERE,
                format!("system `{}` holds no files", name.it),
                name.at,
                "its `kind` is not `files`",
            );
            let files = self.policy.systems.iter().filter(|s| s.kind == SystemKind::Files);
            let known: Vec<&str> = files.map(|s| s.name.as_str()).collect();
            let finding = finding.suggest(&name.it, known);
            self.findings.push(finding.help("`file` names a system with `kind = \"files\"`, where the bytes are"));
            return None;
        }
        self.policy.table_named(system, OBJECTS)
    }

    /// `{}` is the column's own value, `{name}` that of another column of the row.
    fn form(&mut self, table: TableId, own: ColumnIx, written: &At<String>) -> Option<Form> {
        let (mut pieces, mut rest, mut whole) = (Vec::new(), written.it.as_str(), true);
        while let Some((before, (name, after))) =
            rest.split_once('{').and_then(|(before, after)| Some((before, after.split_once('}')?)))
        {
            if !before.is_empty() {
                pieces.push(Piece::Literal(before.to_owned()));
            }
            let name = Name { it: name.to_owned(), at: written.at };
            let column = if name.it.is_empty() { Some(own) } else { self.column(table, &name) };
            whole &= column.is_some();
            pieces.extend(column.map(Piece::Column));
            rest = after;
        }
        if !rest.is_empty() {
            pieces.push(Piece::Literal(rest.to_owned()));
        }
        whole.then_some(Form(pieces))
    }
}
