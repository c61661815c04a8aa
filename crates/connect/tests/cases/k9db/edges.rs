//! Along which references rights flow, and how.

use std::collections::BTreeSet;

use super::sql::{Reference, Table, Way};

/// A reference along which rights flow.
pub struct Edge<'a> {
    /// The table that has the column.
    pub table: &'a Table,
    pub reference: &'a Reference,
    /// Who owns one owns the other; or else: who owns or sees one sees the other.
    pub owning: bool,
    /// From the row that is referred to, to the row that refers; or else the other way.
    pub forward: bool,
    /// A plain foreign key that owns because its table says nothing else.
    pub implied: bool,
}

impl Edge<'_> {
    /// As rules call it: the column, or `table(column)` where another table's column leads here.
    pub fn name(&self) -> String {
        let column = &self.reference.column;
        if self.forward { column.clone() } else { format!("{}({column})", self.table.name) }
    }

    /// The table whose rows it reaches.
    pub fn reaches(&self) -> &str {
        if self.forward { &self.table.name } else { &self.reference.table }
    }
}

/// All of a schema, in the order of its tables: a plain foreign key owns where its table says nothing of rights and what
/// it leads to is owned by then.
pub fn edges(tables: &[Table]) -> Vec<Edge<'_>> {
    let mut owned: BTreeSet<&str> = BTreeSet::new();
    let mut edges = Vec::new();
    for table in tables {
        if table.data_subject {
            owned.insert(&table.name);
        }
        let silent = table.references.iter().all(|r| matches!(r.way, Way::Plain | Way::Only));
        for reference in &table.references {
            let implied = reference.way == Way::Plain && silent && owned.contains(reference.table.as_str());
            let (owning, forward) = match reference.way {
                Way::OwnedBy => (true, true),
                Way::AccessedBy => (false, true),
                Way::Owns => (true, false),
                Way::Accesses => (false, false),
                Way::Plain if implied => (true, true),
                Way::Plain | Way::Only => continue,
            };
            edges.push(Edge { table, reference, owning, forward, implied });
        }
        for edge in edges.iter().filter(|e| e.owning && e.table.name == table.name) {
            owned.insert(if edge.forward { &table.name } else { &edge.reference.table });
        }
    }
    edges
}
