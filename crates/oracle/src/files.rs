//! Files that rows name (LANGUAGE 1.5 and 2.3).

use std::collections::{BTreeMap, BTreeSet};

use engine::policy::model::{ColumnIx, Fate, File, OBJECTS, Piece, Policy, SystemKind, TableId};
use engine::value::Value;

use crate::access::Returned;
use crate::erase::Change;
use crate::fate::Fates;
use crate::world::{Row, RowId, World};

/// What changes in rows that stay.
type Changes = BTreeMap<RowId, BTreeMap<ColumnIx, Change>>;

/// "the row goes, and the bytes of its `file` columns (with `shared_by`: when no other row has that value)": every file
/// that a row lets go of and that no surviving row holds. A file of a described table stays while a row holds it.
pub(crate) fn let_go(policy: &Policy, world: &World, fates: &mut Fates, changes: &Changes) {
    let before = fates.going.clone();
    let stays = |id: &RowId| !before.contains(id);
    for (objects, path) in wanted(policy, world, &before, changes) {
        let held = world.all(policy).filter(|(id, _)| stays(id)).any(|(id, row)| {
            named(policy, &id, row).any(|(column, file, named)| {
                file.objects == objects
                    && still_names(file, &id, row, changes)
                    && (named == path || shares(policy, world, &before, changes, (&id, row), column, &path))
            }) || is_file(policy, &id, objects, &path)
        });
        let here = |id: &RowId| is_file(policy, id, objects, &path) || (id.0 == objects && is_at(id, &path));
        for (id, _) in world.all(policy).filter(|(id, _)| here(id)) {
            if held {
                if fates.going.remove(&id) {
                    fates.of.insert(id, Fate::None);
                }
            } else if id.0 == objects {
                fates.going.insert(id);
            }
        }
    }
}

/// Files that rows let go of, and files that go as rows of a described table.
fn wanted(policy: &Policy, world: &World, going: &BTreeSet<RowId>, changes: &Changes) -> BTreeSet<(TableId, String)> {
    let mut wanted = BTreeSet::new();
    for (id, row) in world.all(policy) {
        for (_, file, path) in named(policy, &id, row) {
            if going.contains(&id) || !still_names(file, &id, row, changes) {
                wanted.insert((file.objects, path));
            }
        }
        let table = policy.table(id.0);
        if let Some(objects) = policy.table_named(table.system, OBJECTS).filter(|o| going.contains(&id) && *o != id.0)
            && policy.system(table.system).kind == SystemKind::Files
        {
            wanted.extend(id.1[0].join_text().map(|p| (objects, p.into_owned())));
        }
    }
    wanted
}

/// Has a row the same `shared_by` value as one that lets go of this path by the same column?
fn shares(
    policy: &Policy,
    world: &World,
    going: &BTreeSet<RowId>,
    changes: &Changes,
    (id, row): (&RowId, &Row),
    column: ColumnIx,
    path: &str,
) -> bool {
    let file = policy.table(id.0).columns[column].file.as_ref().expect("a column that names files");
    let Some(by) = file.shared_by.filter(|by| row[*by].join_text().is_some()) else { return false };
    world.rows(id.0).iter().any(|other| {
        let other_id = crate::world::id(policy, id.0, other);
        let lets_go = going.contains(&other_id) || !still_names(file, &other_id, other, changes);
        lets_go && path_of(file, other).as_deref() == Some(path) && other[by].join_text() == row[by].join_text()
    })
}

/// The files that a row names.
fn named<'a>(policy: &'a Policy, id: &RowId, row: &'a Row) -> impl Iterator<Item = (ColumnIx, &'a File, String)> {
    let columns = policy.table(id.0).columns.iter().enumerate();
    columns.filter_map(move |(c, column)| {
        let file = column.file.as_ref()?;
        Some((c, file, path_of(file, row)?))
    })
}

/// "`{}` is the column's value and `{other}` another column of the row"; "NULL, empty .. is no file".
fn path_of(file: &File, row: &Row) -> Option<String> {
    let pieces = file.form.0.iter().map(|piece| match piece {
        Piece::Literal(text) => Some(text.clone()),
        Piece::Column(c) => row[*c].join_text().map(|t| t.into_owned()),
    });
    pieces.collect()
}

/// Does a row that stays lead to the same path as before?
fn still_names(file: &File, id: &RowId, row: &Row, changes: &Changes) -> bool {
    let Some(cells) = changes.get(id) else { return true };
    file.form.0.iter().all(|piece| match piece {
        Piece::Literal(_) => true,
        Piece::Column(c) => match cells.get(c) {
            None => true,
            Some(Change::Replace(v) | Change::Nobody(v)) => v.join_text() == row[*c].join_text(),
            Some(_) => false,
        },
    })
}

/// Is this row of a described table the file?
fn is_file(policy: &Policy, id: &RowId, objects: TableId, path: &str) -> bool {
    id.0 != objects && policy.table(id.0).system == policy.table(objects).system && is_at(id, path)
}

fn is_at(id: &RowId, path: &str) -> bool {
    id.1.first().and_then(Value::join_text).is_some_and(|p| p == path)
}

/// Whoever gets the value of a column that names a file gets the file.
pub(crate) fn returned(policy: &Policy, world: &World, rows: &mut BTreeMap<RowId, Returned>) {
    let mut files: BTreeMap<RowId, Returned> = BTreeMap::new();
    for (id, given) in rows.iter() {
        let row = world.get(policy, id).expect("the row of an id of this world");
        for (_, file, path) in named(policy, id, row).filter(|(c, ..)| given.columns.contains(c)) {
            let object: RowId = (file.objects, vec![Value::Text(path)]);
            if world.get(policy, &object).is_some() {
                let columns = (0..policy.table(file.objects).columns.len()).collect();
                let level = files.get(&object).map_or(given.level, |f| f.level.max(given.level));
                files.insert(object, Returned { level, columns });
            }
        }
    }
    rows.extend(files);
}
