//! `IMPORT.md`: what to decide, and what is not there.

use super::super::Counts;
use super::super::read::Notes;
use crate::discover::write::toml::aside;

pub(super) fn report(notes: &Notes, counts: &Counts) -> String {
    let mut out = String::from("# Import from Fides\n\n");
    let c = counts;
    out.push_str(&format!(
        "Carried over: systems {}, kinds of persons {}, tables {}, columns {}, links {}, purposes {}, recipients {}.\n\n",
        c.systems, c.kinds, c.tables, c.columns, c.links, c.purposes, c.recipients
    ));
    out.push_str(
        "Fides datasets do not hold the full schema of a database. Until `upheld map lock FOLDER` has read it, or a check runs with\n\
         `upheld check FOLDER --live`, nothing can say whether the maps are complete, and `upheld check` reports U0405.\n\
         Types of fields (`data_type`) and descriptions of places in documents are not carried over: types are read from the database.\n\n\
         Fides masks single fields on erasure. Upheld decides about rows first: what is a person's alone is deleted. Read each link.\n",
    );
    out.push_str("\n## To be decided\n");
    let mut file = "";
    for d in &notes.decisions {
        if d.file != file {
            file = &d.file;
            out.push_str(&format!("\n{}\n\n", code(file)));
        }
        out.push_str(&format!("- [ ] {}: {}\n", code(&d.about), plain(&d.question)));
    }
    if notes.decisions.is_empty() {
        out.push_str("\nNothing.\n");
    }
    out.push_str("\n## Not carried over\n");
    let mut file = "";
    for l in &notes.left_out {
        if l.file != file {
            file = &l.file;
            out.push_str(&format!("\n{}\n\n", code(file)));
        }
        out.push_str(&format!("- line {}, {}: {}\n", l.line, code(&l.path), plain(&l.why)));
    }
    if notes.left_out.is_empty() {
        out.push_str("\nNothing.\n");
    }
    out
}

/// Names that others chose, as code on one line.
fn code(text: &str) -> String {
    format!("`{}`", aside(text).replace('`', "'"))
}

/// A sentence that may hold such names: nothing of it is markup.
fn plain(text: &str) -> String {
    aside(text).replace('<', "&lt;").replace("](", "] (")
}
