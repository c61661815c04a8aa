//! Files as a stranger sees them: a folder walked with the standard library.

use std::path::Path;

use super::database::Row;

/// Every file below a folder as a row of its path and its content, sorted.
pub fn dump(folder: &Path) -> Vec<Row> {
    let mut rows = Vec::new();
    walk(folder, folder, &mut rows);
    rows.sort();
    rows
}

fn walk(root: &Path, folder: &Path, rows: &mut Vec<Row>) {
    for entry in std::fs::read_dir(folder).expect("a folder of files") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            walk(root, &path, rows);
        } else {
            let name = path.strip_prefix(root).expect("below it").display().to_string();
            let content = String::from_utf8_lossy(&std::fs::read(&path).expect("a file")).into_owned();
            rows.push([("path".to_owned(), Some(name)), ("content".to_owned(), Some(content))].into());
        }
    }
}
