//! Column actions and vetoes.

use super::Draft;
use crate::diagnostic::{Diagnostic, codes};
use crate::policy::model::{Cond, Erase, Keep, TableId, Until};
use crate::policy::written;

impl<'a> Draft<'a> {
    /// A column action; none if it does not resolve.
    pub(super) fn erase(&mut self, table: TableId, written: &'a written::Erase) -> Option<Erase> {
        Some(match written {
            written::Erase::Null => Erase::Null,
            written::Erase::Blank => Erase::Blank,
            written::Erase::Hash => Erase::Hash,
            written::Erase::Redact => Erase::Redact,
            written::Erase::Replace(literal) => Erase::Replace(literal.it.clone()),
            written::Erase::Keep(keep) => Erase::Keep(self.keep(table, keep)?),
            written::Erase::Pseudonym => Erase::Pseudonym,
            written::Erase::TruncateIp => Erase::TruncateIp,
            written::Erase::Generalise => Erase::Generalise,
            written::Erase::Shred => Erase::Shred,
        })
    }

    /// A list of column actions, first match.
    pub(super) fn erase_choices(
        &mut self,
        table: TableId,
        choices: &'a [written::Choice<written::Erase>],
    ) -> Vec<(Cond, Erase)> {
        let mut list = Vec::new();
        for choice in choices {
            let when = self.condition(table, &choice.when);
            list.extend(self.erase(table, &choice.action.it).map(|erase| (when, erase)));
        }
        list
    }

    /// A veto; its law, end and columns are each resolved, whatever becomes of the others.
    pub(super) fn keep(&mut self, table: TableId, written: &'a written::Keep) -> Option<Keep> {
        let system = self.policy.table(table).system;
        let with: Vec<_> = written.with.iter().filter_map(|r| self.reference(system, r)).collect();
        let until = written.until.as_ref().map(|u| match u {
            written::Until::Date(date) => Some(Until::Date(date.it.clone())),
            written::Until::After { column, period } => {
                self.column(table, column).map(|c| Until::After(c, period.it.clone()))
            }
        });
        let law = self.law(written)?;
        let until = match until {
            Some(resolved) => Some(resolved?),
            None => None,
        };
        Some(Keep { law, until, with })
    }

    fn law(&mut self, keep: &written::Keep) -> Option<String> {
        let name = &keep.law;
        if name.it.trim().is_empty() {
            self.findings.push(
                Diagnostic::error(
                    codes::KEEP_WITHOUT_LAW,
                    "`keep` without a law",
                    name.at,
                    "no law and no retention rule",
                )
                .help("name a `[[law]]` of `policy.toml` or a rule of `retention.toml`"),
            );
            return None;
        }
        if self.policy.laws.iter().any(|l| l.id == name.it) {
            return Some(name.it.clone());
        }
        let known = self.policy.laws.iter().map(|l| l.id.as_str());
        let finding = Diagnostic::error(
            codes::UNKNOWN_LAW,
            format!("the folder has no law and no retention rule `{}`", name.it),
            name.at,
            "not in `policy.toml` and not in `retention.toml`",
        );
        let finding = finding.suggest(&name.it, known);
        self.findings.push(finding);
        None
    }
}
