//! Categories that neither the taxonomy nor the folder has (U0101).

use std::collections::BTreeSet;
use std::sync::OnceLock;

use super::named::texts;
use crate::diagnostic::{Diagnostic, codes};
use crate::policy::keys::Takes;
use crate::policy::resolve::Draft;
use crate::policy::written::Name;

/// The built-in taxonomy.
const FIDES: &str = include_str!("../../../../rules/taxonomy/fides.toml");

/// Looks at the category of every column, purpose, hold and declaration.
pub fn check(draft: &Draft<'_>) -> Vec<Diagnostic> {
    let own = draft.folder.company.taxonomy.iter().map(|(name, _)| name.it.as_str());
    let known: BTreeSet<&str> = built_in().iter().map(String::as_str).chain(own).collect();
    let systems = draft.folder.systems.iter();
    let tables = systems.flat_map(|s| s.tables.iter().map(|(_, t)| t).chain(s.each.iter().map(|e| &e.adds)));
    let columns =
        tables.flat_map(|t| &t.columns).flat_map(|(_, c)| c.category.iter().chain(c.json.iter().map(|j| &j.1)));
    let held = draft.folder.holds.list.iter().flat_map(|hold| &hold.categories);
    let used = columns.chain(draft.folder.purposes.iter().flat_map(|p| &p.categories)).chain(held).cloned();
    let said = texts(draft.folder).into_iter().filter(|(takes, _)| matches!(takes, Takes::Taxonomy));
    let used = used.chain(said.map(|(_, name)| name));
    used.filter(|name| !known.contains(name.it.as_str())).map(|name| unknown(&name, &known)).collect()
}

fn unknown(name: &Name, known: &BTreeSet<&str>) -> Diagnostic {
    let message = format!("`{}` is no category", name.it);
    let label = "neither in the taxonomy nor in `[taxonomy]` of `policy.toml`";
    let finding =
        Diagnostic::error(codes::UNKNOWN_CATEGORY, message, name.at, label).suggest(&name.it, known.iter().copied());
    match finding.help {
        Some(_) => finding,
        None => {
            finding.help("categories begin with `user.` or `system.`; own ones are added under `[taxonomy] extend`")
        }
    }
}

/// Keys of the built-in taxonomy.
pub(crate) fn built_in() -> &'static BTreeSet<String> {
    static KEYS: OnceLock<BTreeSet<String>> = OnceLock::new();
    KEYS.get_or_init(|| {
        let file: toml::Table = FIDES.parse().expect("the built-in taxonomy is TOML");
        let categories = file["categories"].as_table().expect("the built-in taxonomy has categories");
        categories.keys().cloned().collect()
    })
}
