//! What a folder must fulfil beyond having names that resolve; one file for each rule or closely related group.

mod actions;
pub(crate) mod categories;
mod conditions;
mod copies;
mod database;
mod doubles;
mod effects;
mod entries;
mod files;
mod flow;
mod foreign_keys;
mod http;
mod identities;
mod joins;
mod keep;
mod keyless;
mod logic;
mod named;
mod nobodys;
mod owners;
mod people;
mod placeholders;
mod profiles;
mod promises;
mod reach;
mod rebuilt;
mod sides;
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
    conditions::check,
    copies::check,
    database::check,
    doubles::check,
    effects::check,
    entries::check,
    files::check,
    foreign_keys::check,
    http::check,
    identities::check,
    joins::check,
    keep::check,
    keyless::check,
    named::check,
    nobodys::check,
    owners::check,
    people::check,
    placeholders::check,
    profiles::check,
    promises::check,
    reach::check,
    rebuilt::check,
    sides::check,
    tables::check,
    tenants::check,
    text::check,
    ties::check,
    undecided::check,
    unsaid::check,
];
