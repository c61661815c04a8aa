//! Schemas of deletion as DELF writes them: a subset of YAML in which each key stands on a line of its own.

/// A kind of object: a table, and how its rows may go.
#[derive(Debug, Default)]
pub struct Object {
    pub name: String,
    pub deletion: String,
    pub id: String,
    pub edges: Vec<Edge>,
}

/// What the deletion of an object means for others.
#[derive(Debug, Default)]
pub struct Edge {
    pub name: String,
    /// The kind of the others.
    pub to: String,
    /// The column that refers to this object: of the others, or of the table between.
    pub field: String,
    /// The table between, whose rows join objects of both kinds.
    pub mapping: Option<String>,
    pub deletion: String,
    /// The edge that leads back over the same table.
    pub inverse: Option<String>,
}

/// The kinds of objects in a text.
pub fn objects(text: &str) -> Result<Vec<Object>, String> {
    let mut objects: Vec<Object> = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && *line != "---") {
        if line == "object_type:" {
            objects.push(Object::default());
            continue;
        }
        let object = objects.last_mut().ok_or_else(|| format!("what belongs to no object: {line}"))?;
        object.take(line)?;
    }
    Ok(objects)
}

impl Object {
    fn take(&mut self, line: &str) -> Result<(), String> {
        let (is_item, line) = line.strip_prefix("- ").map_or((false, line), |rest| (true, rest));
        let Some((key, value)) = line.split_once(':') else {
            // The edges by which an object may go are those that lead to it.
            return if is_item { Ok(()) } else { Err(format!("a line that is not read here: {line}")) };
        };
        let value = value.trim().to_owned();
        if is_item {
            self.edges.push(Edge { name: value, ..Edge::default() });
            return Ok(());
        }
        match (key, self.edges.last_mut()) {
            ("to" | "x" | "edge_types" | "storage" | "id_type" | "from_id_type" | "time_field", _) => {}
            ("object_type", Some(edge)) => edge.to = value,
            ("field", Some(edge)) => edge.field = value,
            ("mapping_table", Some(edge)) => edge.mapping = Some(value),
            ("inverse", Some(edge)) => edge.inverse = Some(value),
            ("deletion", Some(edge)) => edge.deletion = value,
            ("name", None) => self.name = value,
            ("deletion", None) => self.deletion = value,
            ("id", None) => self.id = value,
            _ => return Err(format!("a line that is not read here: {line}")),
        }
        Ok(())
    }
}
