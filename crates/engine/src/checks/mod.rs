//! What a folder must fulfil beyond having names that resolve; one file for each rule or closely related group.

mod actions;
mod categories;
mod database;
mod files;
mod flow;
mod foreign_keys;
mod joins;
mod keep;
mod owners;
mod reach;
mod tables;
mod tenants;
mod text;
mod ties;
pub(crate) mod undecided;
mod unsaid;

use crate::diagnostic::Diagnostic;
use crate::policy::resolve::Draft;

/// A check looks at a draft and reports what it finds.
pub type Check = fn(&Draft<'_>) -> Vec<Diagnostic>;

/// All checks.
pub const CHECKS: &[Check] = &[
    actions::check,
    categories::check,
    database::check,
    files::check,
    foreign_keys::check,
    joins::check,
    keep::check,
    owners::check,
    reach::check,
    tables::check,
    tenants::check,
    text::check,
    ties::check,
    undecided::check,
    unsaid::check,
];
