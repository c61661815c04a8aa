//! Purposes without a lawful ground (U1110).

use jiff::civil::Date;

use super::at;
use crate::decide::purpose::unfounded;
use crate::diagnostic::{Diagnostic, codes};
use crate::policy::model::{Policy, Said};

/// Each purpose has a ground with what it needs; an interest that is weighed is the company's.
pub fn run(_: &Policy, said: &Said, _: Date) -> Vec<Diagnostic> {
    let purposes = said.of("purpose").filter_map(|p| Some((p, unfounded(said, p)?)));
    let grounds = purposes.map(|(p, why)| {
        let message = format!("`{}` has no ground that holds: {why}", p.id.it);
        at(codes::NOTICE_GROUND, p, "basis", message, "not lawful as it stands")
    });
    let own = said.of("assessment").filter(|a| a.text("whose") == Some("person")).map(|a| {
        let message = format!("`{}` weighs an interest of the person", a.id.it);
        at(codes::NOTICE_GROUND, a, "whose", message, "the law means the company's")
    });
    grounds.chain(own).collect()
}
