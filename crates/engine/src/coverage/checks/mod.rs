//! The checks by which promises are verified: each asks the folder what it would do, with the values that the promise names.
//!
//! A check never asks whether a declaration is there; it asks a question whose answer would be another without it.

mod authority;
mod boundary;
mod category;
mod change;
mod claim;
mod collection;
mod contact;
mod edition;
mod lint;
mod lookback;
mod notice;
mod payment;
mod purpose;
mod recipient;
mod right;
mod role;
mod safeguard;
mod scope;
mod source;
mod transfer;

use super::{Kept, World};
use crate::policy::model::Table;
use crate::policy::written::Declaration;

/// What a check found: nothing, or why the promise does not hold.
pub type Found = Result<(), String>;

/// A named check of capabilities, for mechanisms of some families.
#[derive(Debug)]
pub struct Check {
    /// Its name.
    pub name: &'static str,
    /// What kind of check it is, in a few words.
    pub kind: &'static str,
    /// The capabilities it shows.
    pub capabilities: &'static [&'static str],
    /// The families of mechanisms it looks at.
    pub families: &'static [&'static str],
    /// Runs it.
    pub run: fn(&World<'_>, Kept<'_>) -> Found,
}

/// All checks.
#[rustfmt::skip]
pub static CHECKS: &[Check] = &[
    Check { name: "scope", kind: "hosts and people asked of the inventory", capabilities: &["POL-01"], families: &["property", "population", "entity"], run: scope::check },
    Check { name: "role", kind: "decision for each kind of data and person", capabilities: &["POL-02"], families: &["role"], run: role::check },
    Check { name: "category", kind: "categories compared with columns and fields", capabilities: &["POL-03"], families: &["category", "term"], run: category::check },
    Check { name: "smallest-group", kind: "groups counted", capabilities: &["POL-03", "PUR-07"], families: &["aggregate"], run: category::group },
    Check { name: "tenant-category", kind: "what two customers defined and hold, compared", capabilities: &["COL-11"], families: &["category"], run: category::set_by_customer },
    Check { name: "notice-head", kind: "notice built and read", capabilities: &["POL-04"], families: &["notice"], run: notice::head },
    Check { name: "review", kind: "clock moved", capabilities: &["POL-04"], families: &["change", "setting"], run: notice::review },
    Check { name: "change-class", kind: "rules of two versions compared", capabilities: &["POL-05", "POL-06", "POL-07"], families: &["change", "setting"], run: change::check },
    Check { name: "boundary", kind: "sentence looked for in the built notice", capabilities: &["POL-08", "POL-07"], families: &["boundary"], run: boundary::check },
    Check { name: "lint", kind: "lint of the words", capabilities: &["POL-09"], families: &["lint"], run: lint::check },
    Check { name: "field-contract", kind: "every field alone, all together, one missing, one more", capabilities: &["COL-01"], families: &["point"], run: collection::point },
    Check { name: "source", kind: "categories and rows without a source", capabilities: &["COL-02", "COL-06"], families: &["source"], run: source::check },
    Check { name: "import", kind: "made-up imports", capabilities: &["COL-06"], families: &["point"], run: collection::point },
    Check { name: "recorder", kind: "made-up events", capabilities: &["COL-04"], families: &["telemetry", "tracker"], run: collection::recorder },
    Check { name: "replay", kind: "events of the sample replayed", capabilities: &["COL-04"], families: &["telemetry", "tracker"], run: collection::replayed },
    Check { name: "device", kind: "attributes compared with columns", capabilities: &["COL-05"], families: &["telemetry"], run: collection::device },
    Check { name: "payment-fields", kind: "fields of all collection points", capabilities: &["COL-10"], families: &["point"], run: payment::point },
    Check { name: "card-scan", kind: "every column of every store read", capabilities: &["COL-10"], families: &["setting"], run: payment::vault },
    Check { name: "payment-recipient", kind: "decision for each recipient", capabilities: &["COL-10"], families: &["recipient"], run: payment::recipient },
    Check { name: "edition", kind: "made-up traffic", capabilities: &["COL-12"], families: &["edition"], run: edition::check },
    Check { name: "egress", kind: "captured traffic of a sealed network", capabilities: &["COL-12"], families: &["edition"], run: edition::captured },
    Check { name: "edition-default", kind: "captured traffic before anybody decided", capabilities: &["COL-12"], families: &["setting"], run: edition::setting },
    Check { name: "purpose", kind: "decision for each category", capabilities: &["PUR-01"], families: &["purpose"], run: purpose::limited },
    Check { name: "basis", kind: "completeness of grounds", capabilities: &["PUR-02"], families: &["purpose"], run: purpose::founded },
    Check { name: "assessment", kind: "completeness of the document", capabilities: &["PUR-03"], families: &["assessment", "purpose"], run: purpose::assessed },
    Check { name: "disclosure", kind: "decision for each category and purpose", capabilities: &["DIS-01"], families: &["recipient"], run: recipient::gate },
    Check { name: "processor-terms", kind: "completeness of contracts", capabilities: &["DIS-02"], families: &["recipient"], run: recipient::terms },
    Check { name: "projection", kind: "what it would be sent, read and compared", capabilities: &["DIS-02"], families: &["recipient"], run: recipient::projection },
    Check { name: "sub-processors", kind: "list compared with flows", capabilities: &["DIS-03"], families: &["recipient", "claim"], run: recipient::listed },
    Check { name: "claim", kind: "statement computed anew", capabilities: &["DIS-07", "SEC-03"], families: &["claim"], run: claim::check },
    Check { name: "consideration", kind: "flow classified", capabilities: &["DIS-07"], families: &["recipient"], run: claim::recipient },
    Check { name: "lookback", kind: "tables made with a moving window", capabilities: &["DIS-08"], families: &["category", "recipient", "claim"], run: lookback::check },
    Check { name: "transfer-map", kind: "map computed from places", capabilities: &["TRF-01"], families: &["transfer"], run: transfer::map },
    Check { name: "mechanism", kind: "validity on days", capabilities: &["TRF-02"], families: &["transfer"], run: transfer::valid },
    Check { name: "safeguards-copy", kind: "copy made of the signed text, and read", capabilities: &["TRF-03"], families: &["transfer"], run: transfer::copy },
    Check { name: "safeguard", kind: "age of the evidence", capabilities: &["SEC-01"], families: &["safeguard"], run: safeguard::current },
    Check { name: "certification", kind: "claim compared with the register", capabilities: &["SEC-03", "TRF-02"], families: &["certification"], run: safeguard::certification },
    Check { name: "contact", kind: "a way for each matter", capabilities: &["GOV-01"], families: &["contact", "officer"], run: contact::check },
    Check { name: "authority", kind: "authority by residence", capabilities: &["GOV-03"], families: &["authority"], run: authority::check },
    Check { name: "direct-marketing-list", kind: "list for a residence", capabilities: &["RTS-22"], families: &["recipient", "contact"], run: contact::direct_marketing },
    Check { name: "right-on-sample", kind: "right carried out for people of the sample", capabilities: &["RTS-06", "RTS-07", "RTS-08", "RTS-09", "RTS-10", "RTS-12", "RTS-19", "RET-04", "RET-05"], families: &["right"], run: right::tried },
    Check { name: "decided", kind: "setting compared with the promise", capabilities: &["RTS-10", "RTS-12", "RET-04", "RET-05"], families: &["setting"], run: change::setting },
    Check { name: "kept-on-sample", kind: "erasure of people of the sample, with what the law keeps", capabilities: &["RET-02"], families: &["law", "retention"], run: right::kept },
    Check { name: "regime", kind: "decision by place", capabilities: &["RTS-20"], families: &["regime"], run: right::regime },
];

/// The declaration that a check asks about, for questions that begin with it.
fn subject<'a>(world: &World<'a>, kept: Kept<'_>) -> Result<&'a Declaration, String> {
    let (family, id) = kept.parts();
    world.said.find(family, id).ok_or_else(|| format!("no {family} answers to {id}"))
}

/// The table of the map in which a column lies, given as `system:table.column`.
fn stored<'a>(world: &World<'a>, column: &str) -> Result<&'a Table, String> {
    let found = column.split_once(':').and_then(|(system, rest)| {
        let (table, name) = rest.split_once('.')?;
        let table = world.policy.table_named(world.policy.system_named(system)?, table)?;
        Some(world.policy.table(table)).filter(|table| table.column(name).is_some())
    });
    found.ok_or_else(|| format!("the map has no column {column}"))
}
