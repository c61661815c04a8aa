//! The structure of a database, from its information schema.

use std::collections::{BTreeMap, BTreeSet};

use engine::ask::Failure;
use engine::schema::{Column, ForeignKey, OnDelete, Schema, Table};
use sqlx::Row as _;
use sqlx::mysql::{MySqlConnection, MySqlRow};

use super::failure;
use super::types::{Type, TypeFacts};
use crate::sql::no_column;

/// A described database, and what its schema does not say.
#[derive(Debug, Default)]
pub(super) struct Catalog {
    pub schema: Schema,
    types: BTreeMap<String, BTreeMap<String, Type>>,
    /// Columns that the server writes the time into when a row is updated, by table.
    touched: BTreeMap<String, Vec<String>>,
    /// Foreign keys that follow when the referenced columns are updated: referring table, place in its list.
    pub following: Vec<(String, usize)>,
    /// Tables that keep deleted rows as their history.
    pub versioned: BTreeSet<String>,
    /// Most bytes of one statement.
    pub packet: usize,
}

impl Catalog {
    /// How the column's values travel.
    pub fn column(&self, table: &str, column: &str) -> Result<&Type, Failure> {
        self.types.get(table).and_then(|t| t.get(column)).ok_or_else(|| no_column(table, column))
    }

    /// Columns of the table that an update must set to themselves.
    pub fn touched(&self, table: &str) -> &[String] {
        self.touched.get(table).map_or(&[], Vec::as_slice)
    }
}

const FACTS: &str = "SELECT VERSION() LIKE '%MariaDB%', @@max_allowed_packet, DATABASE() IS NOT NULL";

const TABLES: &str = "SELECT t.TABLE_NAME AS owner, t.TABLE_TYPE AS kind, COALESCE(e.TRANSACTIONS, 'NO') AS transactions \
    FROM information_schema.TABLES t LEFT JOIN information_schema.ENGINES e ON e.ENGINE = t.ENGINE \
    WHERE t.TABLE_SCHEMA = DATABASE() AND t.TABLE_TYPE IN ('BASE TABLE', 'VIEW', 'SYSTEM VERSIONED')";

const COLUMNS: &str = "SELECT TABLE_NAME AS owner, COLUMN_NAME AS name, COLUMN_DEFAULT AS filled, IS_NULLABLE AS nullable, \
    DATA_TYPE AS type, COLUMN_TYPE AS full, CAST(CHARACTER_MAXIMUM_LENGTH AS UNSIGNED) AS chars, \
    CAST(NUMERIC_PRECISION AS UNSIGNED) AS digits, CAST(NUMERIC_SCALE AS UNSIGNED) AS scale, \
    CHARACTER_SET_NAME AS charset, COLLATION_NAME AS collation, EXTRA AS extra \
    FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() ORDER BY TABLE_NAME, ORDINAL_POSITION";

const INDEXES: &str = "SELECT TABLE_NAME AS owner, INDEX_NAME AS name, NON_UNIQUE = 0 AS uniq, COLUMN_NAME AS col, \
    SUB_PART IS NULL AND COLUMN_NAME IS NOT NULL AS whole FROM information_schema.STATISTICS \
    WHERE TABLE_SCHEMA = DATABASE() AND INDEX_TYPE IN ('BTREE', 'HASH') ORDER BY TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX";

const FOREIGN_KEYS: &str = "SELECT TABLE_NAME AS owner, CONSTRAINT_NAME AS name, COLUMN_NAME AS col, \
    IF(REFERENCED_TABLE_SCHEMA = DATABASE(), REFERENCED_TABLE_NAME, \
       CONCAT(REFERENCED_TABLE_SCHEMA, '.', REFERENCED_TABLE_NAME)) AS target, REFERENCED_COLUMN_NAME AS target_col \
    FROM information_schema.KEY_COLUMN_USAGE WHERE TABLE_SCHEMA = DATABASE() AND REFERENCED_TABLE_NAME IS NOT NULL \
    ORDER BY TABLE_NAME, CONSTRAINT_NAME, ORDINAL_POSITION";

const RULES: &str = "SELECT TABLE_NAME AS owner, CONSTRAINT_NAME AS name, DELETE_RULE AS on_delete, \
    UPDATE_RULE IN ('CASCADE', 'SET NULL', 'SET DEFAULT') AS follows \
    FROM information_schema.REFERENTIAL_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = DATABASE()";

const TRIGGERS: &str = "SELECT EVENT_OBJECT_TABLE AS owner, TRIGGER_NAME AS name FROM information_schema.TRIGGERS \
    WHERE EVENT_OBJECT_SCHEMA = DATABASE() ORDER BY EVENT_OBJECT_TABLE, TRIGGER_NAME";

/// MariaDB has no type for JSON but a text with this check.
const JSON: &str = "SELECT TABLE_NAME AS owner, CHECK_CLAUSE AS clause FROM information_schema.CHECK_CONSTRAINTS \
    WHERE CONSTRAINT_SCHEMA = DATABASE() AND CHECK_CLAUSE LIKE 'json_valid(%'";

/// Reads the whole structure of the connection's database.
pub(super) async fn read(c: &mut MySqlConnection) -> Result<Catalog, Failure> {
    let failed = |e: sqlx::Error| failure::of(&e, "the information schema", None);
    let facts = sqlx::raw_sql(FACTS).fetch_one(&mut *c).await.map_err(failed)?;
    let fact = |n: usize| facts.try_get_unchecked::<u64, _>(n).map_err(failed);
    if fact(2)? == 0 {
        return Err(Failure::Missing { object: "the database: the address names none".to_owned() });
    }
    let mariadb = fact(0)? == 1;
    let mut catalog = Catalog { packet: usize::try_from(fact(1)?).unwrap_or(usize::MAX), ..Catalog::default() };
    let mut rows = Vec::new();
    for sql in [TABLES, COLUMNS, INDEXES, FOREIGN_KEYS, RULES, TRIGGERS] {
        rows.push(sqlx::raw_sql(sql).fetch_all(&mut *c).await.map_err(failed)?);
    }
    let json = if mariadb { sqlx::raw_sql(JSON).fetch_all(&mut *c).await.map_err(failed)? } else { Vec::new() };
    tables(&mut catalog, &rows[0]).map_err(failed)?;
    columns(&mut catalog, &rows[1], &checked(&json).map_err(failed)?).map_err(failed)?;
    let tables = &mut catalog.schema.tables;
    indexes(tables, &rows[2]).map_err(failed)?;
    foreign_keys(tables, &rows[3]).map_err(failed)?;
    rules(&mut catalog, &rows[4]).map_err(failed)?;
    triggers(&mut catalog.schema.tables, &rows[5]).map_err(failed)?;
    Ok(catalog)
}

fn text(row: &MySqlRow, column: &str) -> Result<String, sqlx::Error> {
    row.try_get_unchecked(column)
}

fn is(row: &MySqlRow, column: &str) -> Result<bool, sqlx::Error> {
    Ok(row.try_get_unchecked::<i64, _>(column)? != 0)
}

fn tables(catalog: &mut Catalog, rows: &[MySqlRow]) -> Result<(), sqlx::Error> {
    for row in rows {
        let (name, kind) = (text(row, "owner")?, text(row, "kind")?);
        let view = kind == "VIEW";
        let no_transactions = !view && text(row, "transactions")? != "YES";
        if kind == "SYSTEM VERSIONED" {
            catalog.versioned.insert(name.clone());
        }
        catalog.schema.tables.push(Table { name, view, no_transactions, ..Table::default() });
    }
    catalog.schema.tables.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(())
}

/// Columns under a check that they are JSON, by table.
fn checked(rows: &[MySqlRow]) -> Result<BTreeSet<(String, String)>, sqlx::Error> {
    let column = |clause: &str| Some(clause.strip_prefix("json_valid(`")?.strip_suffix("`)")?.replace("``", "`"));
    let of = |row: &MySqlRow| Ok((text(row, "owner")?, column(&text(row, "clause")?).unwrap_or_default()));
    rows.iter().map(of).collect()
}

fn columns(catalog: &mut Catalog, rows: &[MySqlRow], json: &BTreeSet<(String, String)>) -> Result<(), sqlx::Error> {
    for row in rows {
        let place = (text(row, "owner")?, text(row, "name")?);
        let number = |c| Ok::<_, sqlx::Error>(row.try_get_unchecked::<Option<u64>, _>(c)?.unwrap_or_default());
        let charset = row.try_get_unchecked::<Option<String>, _>("charset")?.zip(row.try_get_unchecked("collation")?);
        let (type_name, full, extra) = (text(row, "type")?, text(row, "full")?, text(row, "extra")?.to_lowercase());
        let digits = u32::try_from(number("digits")?).unwrap_or_default();
        let scale = u32::try_from(number("scale")?).unwrap_or_default();
        let is_text = charset.is_some() && !matches!(&*type_name, "enum" | "set");
        let is_bounded = is_text || matches!(&*type_name, "binary" | "varbinary");
        let max_chars = if is_bounded { u32::try_from(number("chars")?).ok() } else { None };
        let facts = TypeFacts { name: &type_name, full: &full, digits, scale, charset, json: json.contains(&place) };
        let of = Type::of(&facts);
        let filled: Option<String> = row.try_get_unchecked("filled")?;
        let generated = extra.contains(" generated") || extra.contains("persistent");
        let column = Column {
            name: place.1.clone(),
            class: of.class,
            nullable: text(row, "nullable")? == "YES",
            default: !generated && (filled.is_some_and(|d| d != "NULL") || extra.contains("auto_increment")),
            generated,
            max_chars: max_chars.filter(|_| !type_name.ends_with("text")),
            type_name: full,
        };
        if extra.contains("on update") {
            catalog.touched.entry(place.0.clone()).or_default().push(place.1.clone());
        }
        if let Some(table) = find(&mut catalog.schema.tables, &place.0) {
            if extra.contains("on update") {
                table.touched.push(place.1.clone());
            }
            table.columns.push(column);
            catalog.types.entry(place.0).or_default().insert(place.1, of);
        }
    }
    Ok(())
}

fn find<'a>(tables: &'a mut [Table], name: &str) -> Option<&'a mut Table> {
    let at = tables.binary_search_by(|t| t.name.as_str().cmp(name)).ok()?;
    tables.get_mut(at)
}

/// Do two rows speak of the same index or constraint?
fn same(a: &MySqlRow, b: &MySqlRow) -> bool {
    let name = |row: &MySqlRow| Some((text(row, "owner").ok()?, text(row, "name").ok()?));
    name(a) == name(b)
}

fn indexes(tables: &mut [Table], rows: &[MySqlRow]) -> Result<(), sqlx::Error> {
    for group in rows.chunk_by(same) {
        let Some(table) = find(tables, &text(&group[0], "owner")?) else { continue };
        let columns = group.iter().map(|r| r.try_get_unchecked("col")).collect::<Result<Vec<Option<String>>, _>>()?;
        let whole = group.iter().map(|r| is(r, "whole")).collect::<Result<Vec<_>, _>>()?.into_iter().all(|w| w);
        let leading: Vec<String> = columns.into_iter().map_while(|c| c).collect();
        if text(&group[0], "name")? == "PRIMARY" {
            table.key = leading.clone();
        } else if is(&group[0], "uniq")? && whole {
            table.unique.push(leading.clone());
        }
        if !leading.is_empty() {
            table.indexes.push(leading);
        }
    }
    for table in tables {
        table.unique.sort();
        table.indexes.sort();
        table.indexes.dedup();
    }
    Ok(())
}

fn foreign_keys(tables: &mut [Table], rows: &[MySqlRow]) -> Result<(), sqlx::Error> {
    for group in rows.chunk_by(same) {
        let name = |column| group.iter().map(|r| text(r, column)).collect::<Result<Vec<_>, _>>();
        let key = ForeignKey {
            name: text(&group[0], "name")?,
            columns: name("col")?,
            table: text(&group[0], "target")?,
            target_columns: name("target_col")?,
            on_delete: OnDelete::Refuse,
            deferrable: false,
        };
        find(tables, &text(&group[0], "owner")?).into_iter().for_each(|t| t.foreign_keys.push(key.clone()));
    }
    Ok(())
}

fn rules(catalog: &mut Catalog, rows: &[MySqlRow]) -> Result<(), sqlx::Error> {
    for row in rows {
        let (owner, name) = (text(row, "owner")?, text(row, "name")?);
        let Some(table) = find(&mut catalog.schema.tables, &owner) else { continue };
        let Some(at) = table.foreign_keys.iter().position(|k| k.name == name) else { continue };
        table.foreign_keys[at].on_delete = match &*text(row, "on_delete")? {
            "CASCADE" => OnDelete::Cascade,
            "SET NULL" => OnDelete::SetNull,
            "SET DEFAULT" => OnDelete::SetDefault,
            _ => OnDelete::Refuse,
        };
        if is(row, "follows")? {
            catalog.following.push((owner, at));
        }
    }
    Ok(())
}

fn triggers(tables: &mut [Table], rows: &[MySqlRow]) -> Result<(), sqlx::Error> {
    for row in rows {
        if let Some(table) = find(tables, &text(row, "owner")?) {
            table.triggers.push(text(row, "name")?);
        }
    }
    Ok(())
}
