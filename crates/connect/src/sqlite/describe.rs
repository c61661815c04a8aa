//! The structure of an SQLite database, from its pragmas.

use std::collections::BTreeMap;

use engine::schema::{Column, ForeignKey, OnDelete, Schema, Table};
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{Error, Row as _};

use super::class;

const TABLES: &str = "SELECT name, type = 'view' AS view, wr FROM pragma_table_list \
    WHERE schema = 'main' AND type IN ('table', 'view', 'virtual') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";
const COLUMNS: &str = "SELECT t.name AS owner, c.* FROM pragma_table_list t, pragma_table_xinfo(t.name) c \
    WHERE t.schema = 'main' AND t.type IN ('table', 'virtual') AND c.hidden <> 1 ORDER BY t.name, c.cid";
const VIEW_COLUMNS: &str = "SELECT ?1 AS owner, c.* FROM pragma_table_xinfo(?1) c WHERE c.hidden <> 1 ORDER BY c.cid";
const INDEXES: &str = "SELECT t.name AS owner, i.name, i.\"unique\", i.origin, c.cid, c.name AS col \
    FROM pragma_table_list t, pragma_index_list(t.name) i, pragma_index_xinfo(i.name) c \
    WHERE t.schema = 'main' AND t.type = 'table' AND NOT i.partial AND c.key ORDER BY t.name, i.name, c.seqno";
const FOREIGN_KEYS: &str = "SELECT t.name AS owner, f.* FROM pragma_table_list t, pragma_foreign_key_list(t.name) f \
    WHERE t.schema = 'main' AND t.type = 'table' ORDER BY t.name, f.id, f.seq";
const TRIGGERS: &str = "SELECT tbl_name AS owner, name FROM sqlite_schema WHERE type = 'trigger' ORDER BY name";
const DEFERRED: &str = "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE '%INITIALLY DEFERRED%'";

/// All that a description is made of. Comments in it need not be UTF-8.
const OBJECTS: &str = "SELECT CAST(json_group_array(json_array(type, name, tbl_name, sql)) AS BLOB) FROM sqlite_schema";

type Tables = BTreeMap<String, Table>;

/// The database's list of its objects: while it is the same, so is the description.
pub(super) async fn objects(c: &mut SqliteConnection) -> Result<Vec<u8>, Error> {
    sqlx::query_scalar(OBJECTS).fetch_one(c).await
}

/// Reads the whole structure.
pub(super) async fn schema(c: &mut SqliteConnection) -> Result<Schema, Error> {
    let mut tables = Tables::new();
    let mut without_rowid = Vec::new();
    for row in sqlx::query(TABLES).fetch_all(&mut *c).await? {
        let name: String = row.try_get("name")?;
        let view = row.try_get("view")?;
        if row.try_get("wr")? {
            without_rowid.push(name.clone());
        }
        if view {
            // A view over something that is gone has no columns to show; it must not hide the other tables.
            let columns = sqlx::query(VIEW_COLUMNS).bind(&name).fetch_all(&mut *c).await.unwrap_or_default();
            let columns = columns.iter().map(column).collect::<Result<_, _>>()?;
            tables.insert(name.clone(), Table { name, columns, view, ..Table::default() });
        } else {
            tables.insert(name.clone(), Table { name, view, ..Table::default() });
        }
    }
    columns(&mut tables, &sqlx::query(COLUMNS).fetch_all(&mut *c).await?)?;
    rowid_aliases(&mut tables, &without_rowid);
    indexes(&mut tables, &sqlx::query(INDEXES).fetch_all(&mut *c).await?)?;
    foreign_keys(&mut tables, &sqlx::query(FOREIGN_KEYS).fetch_all(&mut *c).await?)?;
    for row in sqlx::query(TRIGGERS).fetch_all(&mut *c).await? {
        if let Some(table) = owner(&mut tables, &row)? {
            table.triggers.push(row.try_get("name")?);
        }
    }
    for row in sqlx::query(DEFERRED).fetch_all(&mut *c).await? {
        let name: String = row.try_get("name")?;
        for key in tables.get_mut(&name).into_iter().flat_map(|t| &mut t.foreign_keys) {
            key.deferrable = true;
        }
    }
    Ok(Schema { tables: tables.into_values().collect() })
}

fn owner<'a>(tables: &'a mut Tables, row: &SqliteRow) -> Result<Option<&'a mut Table>, Error> {
    let name: String = row.try_get("owner")?;
    Ok(spelled(tables, &name).and_then(|n| tables.get_mut(&n)))
}

/// The table's own spelling of its name; SQLite does not tell letter case apart.
fn spelled(tables: &Tables, name: &str) -> Option<String> {
    tables.keys().find(|n| n.eq_ignore_ascii_case(name)).cloned()
}

fn column(row: &SqliteRow) -> Result<Column, Error> {
    let type_name: String = row.try_get("type")?;
    let hidden: i64 = row.try_get("hidden")?;
    Ok(Column {
        name: row.try_get("name")?,
        class: class::class(&type_name),
        max_chars: class::max_chars(&type_name),
        type_name,
        nullable: !row.try_get::<bool, _>("notnull")?,
        default: row.try_get::<Option<String>, _>("dflt_value")?.is_some(),
        generated: hidden == 2 || hidden == 3,
    })
}

fn columns(tables: &mut Tables, rows: &[SqliteRow]) -> Result<(), Error> {
    let mut keys: BTreeMap<String, BTreeMap<i64, String>> = BTreeMap::new();
    for row in rows {
        let Some(table) = owner(tables, row)? else { continue };
        let column = column(row)?;
        let place: i64 = row.try_get("pk")?;
        if place > 0 {
            keys.entry(table.name.clone()).or_default().insert(place, column.name.clone());
        }
        table.columns.push(column);
    }
    for (name, key) in keys {
        if let Some(table) = tables.get_mut(&name) {
            table.key = key.into_values().collect();
        }
    }
    Ok(())
}

/// `INTEGER PRIMARY KEY` is the row's own number: never NULL, filled by itself, an index without being listed as one.
fn rowid_aliases(tables: &mut Tables, without_rowid: &[String]) {
    for table in tables.values_mut() {
        let by_rowid = !without_rowid.contains(&table.name);
        let single = table.key.len() == 1;
        for column in table.columns.iter_mut().filter(|c| table.key.contains(&c.name)) {
            if !by_rowid {
                column.nullable = false;
            } else if single && column.type_name.eq_ignore_ascii_case("INTEGER") {
                column.nullable = false;
                column.default = true;
                table.indexes.push(table.key.clone());
            }
        }
    }
}

fn indexes(tables: &mut Tables, rows: &[SqliteRow]) -> Result<(), Error> {
    for group in rows.chunk_by(|a, b| same(a, b, &["owner", "name"])) {
        let Some(table) = owner(tables, &group[0])? else { continue };
        let cids = group.iter().map(|r| r.try_get::<i64, _>("cid")).collect::<Result<Vec<_>, _>>()?;
        let plain = cids.iter().take_while(|cid| **cid >= 0).count();
        let names = group[..plain].iter().map(|r| r.try_get("col")).collect::<Result<Vec<String>, _>>()?;
        let unique: bool = group[0].try_get("unique")?;
        let origin: String = group[0].try_get("origin")?;
        if unique && origin != "pk" && plain == cids.len() {
            table.unique.push(names.clone());
        }
        if plain > 0 {
            table.indexes.push(names);
        }
    }
    for table in tables.values_mut() {
        table.unique.sort();
        table.indexes.sort();
        table.indexes.dedup();
    }
    Ok(())
}

fn same(a: &SqliteRow, b: &SqliteRow, columns: &[&str]) -> bool {
    let text = |r: &SqliteRow, c: &str| r.try_get_unchecked::<String, _>(c).ok();
    columns.iter().all(|c| text(a, c) == text(b, c))
}

fn foreign_keys(tables: &mut Tables, rows: &[SqliteRow]) -> Result<(), Error> {
    for group in rows.chunk_by(|a, b| same(a, b, &["owner", "id"])) {
        let target: String = group[0].try_get("table")?;
        let target = spelled(tables, &target).unwrap_or(target);
        let from = group.iter().map(|r| r.try_get("from")).collect::<Result<Vec<String>, _>>()?;
        let to = group.iter().map(|r| r.try_get("to")).collect::<Result<Vec<Option<String>>, _>>()?;
        // Without columns, the key refers to the primary key.
        let to: Vec<String> = match to.into_iter().collect() {
            Some(named) => named,
            None => tables.get(&target).map(|t| t.key.clone()).unwrap_or_default(),
        };
        let on_delete = match group[0].try_get::<String, _>("on_delete")?.as_str() {
            "CASCADE" => OnDelete::Cascade,
            "SET NULL" => OnDelete::SetNull,
            "SET DEFAULT" => OnDelete::SetDefault,
            _ => OnDelete::Refuse,
        };
        let target_columns = spelled_columns(tables.get(&target), to);
        let Some(table) = owner(tables, &group[0])? else { continue };
        let columns = spelled_columns(Some(table), from);
        table.foreign_keys.push(ForeignKey {
            name: String::new(),
            columns,
            table: target,
            target_columns,
            on_delete,
            deferrable: false,
        });
    }
    Ok(())
}

fn spelled_columns(table: Option<&Table>, names: Vec<String>) -> Vec<String> {
    let own = |name: &String| table?.columns.iter().map(|c| &c.name).find(|c| c.eq_ignore_ascii_case(name)).cloned();
    names.into_iter().map(|name| own(&name).unwrap_or(name)).collect()
}
