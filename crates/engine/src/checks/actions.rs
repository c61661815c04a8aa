//! Column actions and values of `set_on_scrub` that the type or a constraint forbids (U0203).

use crate::actions::{Coarse, Token, address};
use crate::diagnostic::{Diagnostic, codes};
use crate::policy::model::{ColumnIx, TableId};
use crate::policy::resolve::{Draft, unwritable};
use crate::policy::written::{Erase, Literal, OnErase};
use crate::schema::Class;
use crate::source::{At, Span};
use crate::value::Value;

/// Characters of a keyed hash.
const HASH_CHARS: u32 = 64;

/// Looks at every `erase` of a column and every `{ action = [columns] }` of a link.
pub fn check(draft: &Draft<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for id in draft.policy.table_ids() {
        let origin = &draft.origins[id.0];
        for (name, column) in origin.written_columns() {
            let Some(ix) = draft.policy.table(id).column(&name.it) else { continue };
            for choice in &column.erase {
                found.extend(finding(draft, id, ix, &choice.action, choice.action.at));
            }
        }
        for (name, value) in origin.parts.iter().flat_map(|p| &p.set_on_scrub) {
            found.extend(draft.policy.table(id).column(&name.it).and_then(|ix| overwrites(draft, id, ix, value)));
        }
        for choice in origin.written_links().flat_map(|l| l.on_erase.iter().chain(&l.while_shared)) {
            let OnErase::Columns(parts) = &choice.action.it else { continue };
            for (erase, name) in parts.iter().flat_map(|(erase, names)| names.iter().map(move |n| (erase, n))) {
                if let Some(ix) = draft.policy.table(id).column(&name.it) {
                    found.extend(finding(draft, id, ix, erase, name.at));
                }
            }
        }
    }
    found
}

fn finding(draft: &Draft<'_>, id: TableId, ix: ColumnIx, erase: &At<Erase>, at: Span) -> Option<Diagnostic> {
    let reason = forbidden(draft, id, ix, &erase.it)?;
    let (table, word) = (draft.policy.table(id), word(&erase.it));
    let message =
        format!("column `{}` of table `{}` cannot be changed by `{word}`", table.columns[ix].name, table.name);
    let help =
        "choose an action that the column takes, such as `null`, `blank`, `redact`, `hash` or `{ replace = .. }`";
    Some(Diagnostic::error(codes::ACTION_FORBIDDEN, message, at, reason).help(help))
}

/// `set_on_scrub` where rows are told apart.
fn overwrites(draft: &Draft<'_>, id: TableId, ix: ColumnIx, value: &Literal) -> Option<Diagnostic> {
    let (table, origin) = (draft.policy.table(id), &draft.origins[id.0]);
    let differs = matches!(&value.it, Value::Null) || matches!(&value.it, Value::Text(s) if s.contains("{token:"));
    let why = if origin.in_primary_key(ix) || table.is_key(ix) {
        "it is part of the key"
    } else if origin.schema.unique.iter().any(|key| *key == [table.columns[ix].name.clone()]) && !differs {
        "it is unique, and every scrubbed row would have this value"
    } else {
        return None;
    };
    let message =
        format!("column `{}` of table `{}` cannot be written by `set_on_scrub`", table.columns[ix].name, table.name);
    let help = "name a column that says the state of the row, such as `deleted_at`";
    Some(Diagnostic::error(codes::ACTION_FORBIDDEN, message, value.at, why).help(help))
}

/// Why the database would refuse the action, or the action could not mean anything; `None` if it is possible.
fn forbidden(draft: &Draft<'_>, id: TableId, ix: ColumnIx, erase: &Erase) -> Option<String> {
    let column = &draft.policy.table(id).columns[ix];
    if matches!(erase, Erase::Keep(_)) {
        return None;
    }
    if column.generated {
        return Some(draft.policy.never_written(id).to_owned());
    }
    if draft.origins[id.0].in_primary_key(ix) {
        return Some("it is part of the primary key".to_owned());
    }
    let text = column.class == Class::Text;
    let not_text = || Some(format!("it is `{}`, not text", column.type_name));
    let is_unique = || Some("it is part of a unique key, where one value for all would stand twice".to_owned());
    match erase {
        Erase::Null if !column.nullable => Some("it takes no NULL".to_owned()),
        Erase::Blank | Erase::Hash if !text => not_text(),
        Erase::Redact if !text && !matches!(column.class, Class::Json | Class::Bytes) => not_text(),
        Erase::Blank | Erase::Replace(_) if column.unique => is_unique(),
        Erase::Hash => column
            .max_chars
            .filter(|max| *max < HASH_CHARS)
            .map(|max| format!("a hash has {HASH_CHARS} characters, the column takes {max}")),
        Erase::Pseudonym if Token::of(column).is_none() => Some(match column.class {
            Class::Text => "it is too short for a token that tells values apart".to_owned(),
            _ => format!("it is `{}`, neither text nor uuid", column.type_name),
        }),
        Erase::TruncateIp if !address::may_hold(column) => {
            Some(format!("it is `{}`, which holds no addresses", column.type_name))
        }
        Erase::Generalise if Coarse::of(column).is_none() => {
            Some("nothing says what a coarser value is: neither its type nor its category".to_owned())
        }
        Erase::Replace(value) => unwritable(&value.it, column),
        _ => None,
    }
}

fn word(erase: &Erase) -> &'static str {
    match erase {
        Erase::Null => "null",
        Erase::Blank => "blank",
        Erase::Hash => "hash",
        Erase::Pseudonym => "pseudonym",
        Erase::TruncateIp => "truncate_ip",
        Erase::Generalise => "generalise",
        Erase::Redact => "redact",
        Erase::Shred => "shred",
        Erase::Replace(_) => "replace",
        Erase::Keep(_) => "keep",
    }
}
