//! A case from its plan to its certificate: what command line and, later, the desk have in common.

mod applied;
mod carry;
mod certificate;
mod claim;
mod halted;
mod journal;
mod plan_file;
mod question;
mod rest;
mod restriction;
mod reversal;
mod summary;
mod verify;

pub use carry::{Carried, Ending, carry_out, handed_over, resume, settle};
pub use claim::register;
pub use journal::Unseen;
pub use plan_file::{read_plan, write_plan};
pub use question::{Ask, Identity, confirmed_key, kind_named, make, record_key, tenants_of};
pub use rest::{due, plan_rest};
pub use restriction::restricted_since;
pub use reversal::{end_due, end_of, seals_of, take_back};
pub use summary::{Line, lines};

/// Name of the run of a plan: one case may have several.
pub fn run_id(plan: &engine::plan::Plan) -> String {
    format!("run-{}", &plan.hash()[..16])
}
