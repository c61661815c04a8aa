//! The signed text behind a transfer, read from the policy folder, and the copy of it.

use std::path::{Component, Path, PathBuf};

use engine::notice::safeguards::{self, Copy};
use engine::policy::written::Declaration;

/// The copy of a transfer's safeguards that people may have, or why there is none; names no words of the text.
pub fn copy(folder: &Path, transfer: &Declaration) -> Result<Copy, String> {
    let text = text(folder, transfer)?;
    let name = transfer.text("document").unwrap_or_default();
    safeguards::copy(&text, &transfer.list("redact")).map_err(|refused| format!("{name}: {refused}"))
}

/// The signed text as it is, with what stays secret.
pub fn text(folder: &Path, transfer: &Declaration) -> Result<String, String> {
    let id = &transfer.id.it;
    if transfer.flag("copy_on_request") != Some(true) {
        return Err(format!("nobody gets a copy of transfer {id}: it does not say `copy_on_request = true`"));
    }
    let name = transfer.text("document").ok_or_else(|| format!("transfer {id} names no `document`"))?;
    let path = within(name)
        .ok_or_else(|| format!("`document` of transfer {id} is no Markdown or plain text in the folder"))?;
    let bytes = std::fs::read(folder.join(path))
        .map_err(|e| format!("cannot read {name}, the document of transfer {id}: {e}"))?;
    String::from_utf8(bytes).map_err(|_| format!("{name} is not UTF-8"))
}

/// A path that stays within a folder, to a text of which passages can be taken out for good; a picture of a page is none.
fn within(name: &str) -> Option<PathBuf> {
    let path = PathBuf::from(name);
    let inside = path.components().all(|part| matches!(part, Component::Normal(_)));
    let text = path.extension().is_some_and(|ending| ending == "md" || ending == "txt");
    (inside && text).then_some(path)
}
