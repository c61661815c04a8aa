//! The structure of a schema, from PostgreSQL's catalogue.

use std::collections::BTreeMap;

use engine::ask::Failure;
use engine::schema::{Column, ForeignKey, OnDelete, Schema, Table};
use sqlx::Row as _;
use sqlx::postgres::{PgConnection, PgRow};

use super::failure;
use super::types::{Type, TypeFacts};
use crate::sql::no_column;

/// A described schema, and how the values of each column travel.
pub(super) struct Catalog {
    pub schema: Schema,
    /// By which it is known again.
    pub mark: String,
    types: BTreeMap<String, BTreeMap<String, Type>>,
}

impl Catalog {
    /// How the column's values travel.
    pub fn column(&self, table: &str, column: &str) -> Result<&Type, Failure> {
        self.types.get(table).and_then(|t| t.get(column)).ok_or_else(|| no_column(table, column))
    }
}

const SCHEMA: &str = "select current_setting('server_encoding'), exists (select from pg_namespace where nspname = $1)";

/// Domains are followed to the type they stand on.
const COLUMNS: &str = "
with recursive base(oid, root, typmod, filled, filed) as (
    select oid, oid, -1, false, false from pg_type where typtype <> 'd'
    union all
    select d.oid, b.root, case when d.typtypmod >= 0 then d.typtypmod else b.typmod end,
           b.filled or d.typdefault is not null, b.filed or d.typnotnull
    from pg_type d join base b on d.typbasetype = b.oid where d.typtype = 'd')
select c.relname::text as owner, c.relkind in ('v', 'm') as view, c.relkind = 'm' as materialized, c.relkind = 'f' as elsewhere,
       row_security_active(c.oid) as row_security, a.attname::text as name,
       format_type(a.atttypid, a.atttypmod) as type_name, a.attnotnull or b.filed as filled,
       a.attidentity <> '' or b.filled or (a.atthasdef and a.attgenerated = '') as defaulted,
       a.attgenerated <> '' as generated, n.nspname::text as type_schema, t.typname::text as type,
       case when a.atttypmod >= 0 then a.atttypmod else b.typmod end as typmod,
       (select array_agg(e.enumlabel::text) from pg_enum e where e.enumtypid = t.oid) as labels
from pg_class c
left join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
left join base b on b.oid = a.atttypid
left join pg_type t on t.oid = b.root
left join pg_namespace n on n.oid = t.typnamespace
where c.relnamespace = (select oid from pg_namespace where nspname = $1)
  and c.relkind in ('r', 'p', 'v', 'm', 'f') and not c.relispartition
order by c.relname::text collate \"C\", a.attnum";

const INDEXES: &str = "
select c.relname::text as owner, i.indisprimary as primary, i.indisunique as unique,
       array(select a.attname::text from unnest(i.indkey::int2[]) with ordinality k(n, place)
             left join pg_attribute a on a.attrelid = c.oid and a.attnum = k.n
             where k.place <= i.indnkeyatts order by k.place) as columns
from pg_index i
join pg_class c on c.oid = i.indrelid
join pg_class x on x.oid = i.indexrelid
join pg_am m on m.oid = x.relam
where c.relnamespace = (select oid from pg_namespace where nspname = $1)
  and i.indisvalid and i.indpred is null and m.amname in ('btree', 'hash') and not c.relispartition
order by 1, x.relname";

const FOREIGN_KEYS: &str = "
select c.relname::text as owner, f.conname::text as name, f.confdeltype::text as on_delete, f.condeferrable as deferrable,
       case when r.relnamespace = c.relnamespace then r.relname::text else n.nspname || '.' || r.relname end as target,
       array(select a.attname::text from unnest(f.conkey) with ordinality k(n, place)
             join pg_attribute a on a.attrelid = f.conrelid and a.attnum = k.n order by k.place) as columns,
       array(select a.attname::text from unnest(f.confkey) with ordinality k(n, place)
             join pg_attribute a on a.attrelid = f.confrelid and a.attnum = k.n order by k.place) as target_columns
from pg_constraint f
join pg_class c on c.oid = f.conrelid
join pg_class r on r.oid = f.confrelid
join pg_namespace n on n.oid = r.relnamespace
where f.contype = 'f' and f.conparentid = 0 and not c.relispartition
  and c.relnamespace = (select oid from pg_namespace where nspname = $1)
order by 1, 2";

/// A rewriting rule changes what a statement does as a trigger would.
const TRIGGERS: &str = "
select c.relname::text as owner, t.tgname::text as name from pg_trigger t join pg_class c on c.oid = t.tgrelid
where not t.tgisinternal and t.tgenabled in ('O', 'A')
  and c.relnamespace = (select oid from pg_namespace where nspname = $1)
union all
select c.relname::text, r.rulename::text from pg_rewrite r join pg_class c on c.oid = r.ev_class
where r.ev_type <> '1' and r.ev_enabled in ('O', 'A')
  and c.relnamespace = (select oid from pg_namespace where nspname = $1)
order by 1, 2";

/// Identity columns need no right to their sequence.
const SEQUENCES: &str = "
select c.relname::text as owner, n.nspname::text as schema, s.relname::text as name
from pg_attrdef d
join pg_class c on c.oid = d.adrelid
join pg_depend p on p.classid = 'pg_attrdef'::regclass and p.objid = d.oid and p.refclassid = 'pg_class'::regclass
join pg_class s on s.oid = p.refobjid and s.relkind = 'S'
join pg_namespace n on n.oid = s.relnamespace
where c.relnamespace = (select oid from pg_namespace where nspname = $1) and not c.relispartition
order by 1, 2, 3";

/// What has the same mark is described in the same way: each row of the catalogue that the description is made of, with the
/// transaction that wrote it. What foreign keys and defaults lead to may stand in other schemas, and so may types.
const MARK: &str = "
with recursive
own as materialized (
    select array(select c.oid from pg_class c where c.relnamespace = (select oid from pg_namespace where nspname = $1)) as oids),
far as materialized (
    select array(
        select confrelid from pg_constraint where contype = 'f' and conrelid = any ((select oids from own)::oid[])
        union
        select p.refobjid from pg_attrdef d join pg_depend p on p.classid = 'pg_attrdef'::regclass and p.objid = d.oid
        where p.refclassid = 'pg_class'::regclass and d.adrelid = any ((select oids from own)::oid[])) as oids),
used(oid) as (
    select atttypid from pg_attribute where attrelid = any ((select oids from own)::oid[]) and attnum > 0
    union
    select t.typbasetype from pg_type t join used u on t.oid = u.oid where t.typtype = 'd'),
types as materialized (select array(select oid from used) as oids)
select encode(sha256(coalesce(string_agg(part, ' ' order by part), '')::bytea), 'hex') from (
    select 'n' || oid::text || ':' || xmin::text from pg_namespace
    where nspname = $1 or oid in (select relnamespace from pg_class where oid = any ((select oids from far)::oid[]))
        or oid in (select typnamespace from pg_type where oid = any ((select oids from types)::oid[]))
    union all
    select 'c' || oid::text || ':' || xmin::text || row_security_active(oid)::text from pg_class
    where oid = any ((select oids from own)::oid[])
    union all
    select 'f' || oid::text || ':' || xmin::text from pg_class where oid = any ((select oids from far)::oid[])
    union all
    select 'a' || attrelid::text || '.' || attnum::text || ':' || xmin::text from pg_attribute
    where attrelid = any ((select own.oids || far.oids from own, far)::oid[]) and attnum > 0
    union all
    select 'i' || indexrelid::text || ':' || xmin::text from pg_index where indrelid = any ((select oids from own)::oid[])
    union all
    select 'k' || oid::text || ':' || xmin::text from pg_constraint where conrelid = any ((select oids from own)::oid[])
    union all
    select 't' || oid::text || ':' || xmin::text from pg_trigger where tgrelid = any ((select oids from own)::oid[])
    union all
    select 'r' || oid::text || ':' || xmin::text from pg_rewrite where ev_class = any ((select oids from own)::oid[])
    union all
    select 'd' || oid::text || ':' || xmin::text from pg_attrdef where adrelid = any ((select oids from own)::oid[])
    union all
    select 'e' || oid::text || ':' || xmin::text from pg_enum where enumtypid = any ((select oids from types)::oid[])
    union all
    select 'y' || oid::text || ':' || xmin::text from pg_type where oid = any ((select oids from types)::oid[])
) parts (part)";

/// The mark of the structure as it is now.
pub(super) async fn mark(c: &mut PgConnection, schema: &str) -> Result<String, Failure> {
    let mark = sqlx::query_scalar(MARK).bind(schema).fetch_one(c).await;
    mark.map_err(|e| failure::of(&e, "the catalogue", None))
}

/// Reads the whole structure of a schema, which has this mark.
pub(super) async fn read(c: &mut PgConnection, schema: &str, mark: String) -> Result<Catalog, Failure> {
    let failed = |e: sqlx::Error| failure::of(&e, "the catalogue", None);
    let facts = sqlx::query_as::<_, (String, bool)>(SCHEMA).bind(schema).fetch_one(&mut *c).await;
    let (encoding, exists) = facts.map_err(failed)?;
    if encoding != "UTF8" {
        return Err(Failure::Refused {
            reason: format!("the database is encoded in {encoding}; only UTF8 is supported"),
        });
    }
    if !exists {
        return Err(Failure::Missing { object: format!("schema {schema}") });
    }
    let mut catalog = Catalog { schema: Schema::default(), mark, types: BTreeMap::new() };
    let mut rows = Vec::new();
    for sql in [COLUMNS, INDEXES, FOREIGN_KEYS, TRIGGERS, SEQUENCES] {
        rows.push(sqlx::query(sql).bind(schema).fetch_all(&mut *c).await.map_err(failed)?);
    }
    columns(&mut catalog, &rows[0]).map_err(failed)?;
    let tables = &mut catalog.schema.tables;
    indexes(tables, &rows[1]).map_err(failed)?;
    foreign_keys(tables, &rows[2]).map_err(failed)?;
    triggers(tables, &rows[3]).map_err(failed)?;
    sequences(tables, &rows[4]).map_err(failed)?;
    Ok(catalog)
}

fn columns(catalog: &mut Catalog, rows: &[PgRow]) -> Result<(), sqlx::Error> {
    for row in rows {
        let owner: String = row.try_get("owner")?;
        if catalog.schema.tables.last().is_none_or(|t| t.name != owner) {
            catalog.schema.tables.push(Table {
                name: owner.clone(),
                view: row.try_get("view")?,
                materialized: row.try_get("materialized")?,
                row_security: row.try_get("row_security")?,
                no_transactions: row.try_get("elsewhere")?,
                ..Table::default()
            });
        }
        let Some(name) = row.try_get::<Option<String>, _>("name")? else { continue };
        let (type_schema, type_name) = (row.try_get("type_schema")?, row.try_get("type")?);
        let of = Type::of(TypeFacts { schema: type_schema, name: type_name, labels: row.try_get("labels")? });
        let column = Column {
            name: name.clone(),
            type_name: row.try_get("type_name")?,
            class: of.class(),
            nullable: !row.try_get::<bool, _>("filled")?,
            default: row.try_get("defaulted")?,
            generated: row.try_get("generated")?,
            max_chars: of.max_chars(row.try_get("typmod")?),
        };
        catalog.types.entry(owner).or_default().insert(name, of);
        catalog.schema.tables.last_mut().into_iter().for_each(|t| t.columns.push(column.clone()));
    }
    Ok(())
}

fn owner<'a>(tables: &'a mut [Table], row: &PgRow) -> Result<Option<&'a mut Table>, sqlx::Error> {
    let name: String = row.try_get("owner")?;
    Ok(tables.iter_mut().find(|t| t.name == name))
}

fn indexes(tables: &mut [Table], rows: &[PgRow]) -> Result<(), sqlx::Error> {
    for row in rows {
        let Some(table) = owner(tables, row)? else { continue };
        let columns: Vec<Option<String>> = row.try_get("columns")?;
        let all = columns.len();
        let leading: Vec<String> = columns.into_iter().map_while(|c| c).collect();
        if row.try_get("primary")? {
            table.key = leading.clone();
        } else if row.try_get("unique")? && leading.len() == all {
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

fn foreign_keys(tables: &mut [Table], rows: &[PgRow]) -> Result<(), sqlx::Error> {
    for row in rows {
        let on_delete = match row.try_get::<String, _>("on_delete")?.as_str() {
            "c" => OnDelete::Cascade,
            "n" => OnDelete::SetNull,
            "d" => OnDelete::SetDefault,
            _ => OnDelete::Refuse,
        };
        let Some(table) = owner(tables, row)? else { continue };
        table.foreign_keys.push(ForeignKey {
            name: row.try_get("name")?,
            columns: row.try_get("columns")?,
            table: row.try_get("target")?,
            target_columns: row.try_get("target_columns")?,
            on_delete,
            deferrable: row.try_get("deferrable")?,
        });
    }
    Ok(())
}

fn triggers(tables: &mut [Table], rows: &[PgRow]) -> Result<(), sqlx::Error> {
    for row in rows {
        if let Some(table) = owner(tables, row)? {
            table.triggers.push(row.try_get("name")?);
        }
    }
    Ok(())
}

fn sequences(tables: &mut [Table], rows: &[PgRow]) -> Result<(), sqlx::Error> {
    for row in rows {
        if let Some(table) = owner(tables, row)? {
            table.sequences.push((row.try_get("schema")?, row.try_get("name")?));
        }
    }
    Ok(())
}
