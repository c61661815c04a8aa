//! Tables whose whole row is to be the key, and cannot be (U0415).

use crate::diagnostic::{Diagnostic, codes};
use crate::policy::model::{Erase, OnErase, Table, TableId};
use crate::policy::resolve::{Draft, TableOrigin};
use crate::policy::written::Key;
use crate::schema::Class;
use crate::source::Span;

/// Looks at each `key = "all"`.
pub fn check(draft: &Draft<'_>) -> Vec<Diagnostic> {
    let tables = draft.policy.table_ids().zip(&draft.origins);
    let said = tables.filter_map(|(id, origin)| match origin.written_key()? {
        Key::All(at) => Some((id, origin, *at)),
        Key::Columns(_) => None,
    });
    said.flat_map(|(id, origin, at)| of_table(draft, id, origin, at)).collect()
}

fn of_table(draft: &Draft<'_>, id: TableId, origin: &TableOrigin<'_>, at: Span) -> Vec<Diagnostic> {
    let table = draft.policy.table(id);
    let finding = |label: String, help: &str| {
        let message = format!("the whole row cannot be the key of table `{}`", table.name);
        Diagnostic::error(codes::NO_WHOLE_ROW, message, at, label).help(help.to_owned())
    };
    if !origin.schema.key.is_empty() {
        let label = format!("it has a primary key: {}", origin.schema.key.join(", "));
        return vec![finding(label, "leave `key` out: the primary key is taken")];
    }
    let mut found = Vec::new();
    if draft.policy.kinds.iter().flat_map(|k| &k.populations).any(|p| p.table == id) {
        let help = "name columns that are unique together: two persons may not share a record";
        found.push(finding("its rows are persons".to_owned(), help));
    }
    if let Some(column) = table.columns.iter().find(|c| !is_exact(c.class)) {
        let label =
            format!("`{}` is `{}`, whose values no comparison tells apart exactly", column.name, column.type_name);
        found.push(finding(
            label,
            "name columns that are unique together, as `key = [\"a\", \"b\"]`, or give the table a key",
        ));
    }
    if let Some(column) = table.columns.iter().find(|c| c.file.is_some()) {
        let help = "name columns that are unique together: an answer says of each file which row names it";
        found.push(finding(format!("`{}` names files", column.name), help));
    }
    if let Some(column) = kept(draft, id, table) {
        let help =
            "name columns that are unique together: a row that keeps a part has to be found again when that ends";
        found.push(finding(format!("`{column}` is kept for a time while the rest of the row changes"), help));
    }
    found
}

/// Does a database find a value again by the form in which it gave it?
fn is_exact(class: Class) -> bool {
    !matches!(class, Class::Real | Class::Json | Class::Other)
}

/// A column that stays while others of its row change.
fn kept<'d>(draft: &'d Draft<'_>, id: TableId, table: &'d Table) -> Option<&'d str> {
    let own = table.columns.iter().find(|c| c.erase.iter().any(|(_, erase)| matches!(erase, Erase::Keep(_))));
    let links = draft.policy.tables.iter().flat_map(|t| &t.links);
    let vetoes = links.flat_map(|l| l.on_erase.iter().chain(&l.while_shared)).filter_map(|(_, what)| match what {
        OnErase::Keep(keep) => Some(&keep.with),
        _ => None,
    });
    let columns = draft.policy.tables.iter().flat_map(|t| &t.columns).flat_map(|c| &c.erase);
    let laws = columns.filter_map(|(_, erase)| if let Erase::Keep(keep) = erase { Some(&keep.with) } else { None });
    let holds = draft.policy.holds.iter().map(|hold| &hold.with);
    let mut with = vetoes.chain(laws).chain(holds).flatten();
    let named = with.find(|(of, _)| *of == id).map(|(_, column)| table.columns[*column].name.as_str());
    own.map(|column| column.name.as_str()).or(named)
}
