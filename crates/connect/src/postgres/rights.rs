//! What a role may do, as the server itself answers: directly, through other roles, as owner or as everybody.

use engine::ask::Failure;
use engine::grants::Held;
use sqlx::Row as _;
use sqlx::postgres::{PgConnection, PgRow};

use super::failure;

const ROLE: &str = "
select current_user::text as role, r.rolsuper as superuser, has_schema_privilege(n.oid, 'USAGE') as usage,
       has_schema_privilege(n.oid, 'CREATE') as creates
from pg_roles r, pg_namespace n where r.rolname = current_user and n.nspname = $1";

/// Partitions are tables of their own here: a right to one is a right around the table that the map names.
const TABLES: &str = "
select c.relname::text as name, has_table_privilege(c.oid, 'DELETE') as deletes,
       has_table_privilege(c.oid, 'TRUNCATE') as truncates, pg_has_role(c.relowner, 'USAGE') as owns, a.*
from pg_class c
cross join lateral (
    select coalesce(array_agg(attname::text) filter (where has_column_privilege(c.oid, attnum, 'SELECT')), '{}') as selects,
           coalesce(array_agg(attname::text) filter (where has_column_privilege(c.oid, attnum, 'INSERT')), '{}') as inserts,
           coalesce(array_agg(attname::text) filter (where has_column_privilege(c.oid, attnum, 'UPDATE')), '{}') as updates
    from pg_attribute where attrelid = c.oid and attnum > 0 and not attisdropped) a
where c.relnamespace = (select oid from pg_namespace where nspname = $1) and c.relkind in ('r', 'p', 'v', 'm', 'f')";

/// Conditions are looked at in any order, and the question about another kind of object is an error.
const SEQUENCES: &str = "
select n.nspname::text, s.relname::text from pg_class s join pg_namespace n on n.oid = s.relnamespace
where case when s.relkind = 'S' then has_sequence_privilege(s.oid, 'USAGE') else false end";

/// Reads what the role of this connection may do in a schema.
pub(super) async fn read(c: &mut PgConnection, schema: &str) -> Result<Held, Failure> {
    let failed = |e: sqlx::Error| failure::of(&e, "the catalogue", None);
    let missing = || Failure::Missing { object: format!("schema {schema}") };
    let role = sqlx::query(ROLE).bind(schema).fetch_optional(&mut *c).await.map_err(failed)?.ok_or_else(missing)?;
    let mut held = of_role(&role).map_err(failed)?;
    for row in sqlx::query(TABLES).bind(schema).fetch_all(&mut *c).await.map_err(failed)? {
        of_table(&mut held, &row).map_err(failed)?;
    }
    let sequences: Vec<(String, String)> = sqlx::query_as(SEQUENCES).fetch_all(&mut *c).await.map_err(failed)?;
    held.sequences.extend(sequences);
    Ok(held)
}

fn of_role(row: &PgRow) -> Result<Held, sqlx::Error> {
    Ok(Held {
        role: row.try_get("role")?,
        superuser: row.try_get("superuser")?,
        usage: row.try_get("usage")?,
        creates: row.try_get("creates")?,
        ..Held::default()
    })
}

fn of_table(held: &mut Held, row: &PgRow) -> Result<(), sqlx::Error> {
    let name: String = row.try_get("name")?;
    let columns = |of: &str| row.try_get::<Vec<String>, _>(of).map(|list| list.into_iter().collect());
    let rights = held.tables.entry(name.clone()).or_default();
    rights.select = columns("selects")?;
    rights.insert = columns("inserts")?;
    rights.update = columns("updates")?;
    rights.delete = row.try_get("deletes")?;
    if row.try_get("truncates")? {
        held.truncate.insert(name.clone());
    }
    if row.try_get("owns")? {
        held.owns.insert(name);
    }
    Ok(())
}
