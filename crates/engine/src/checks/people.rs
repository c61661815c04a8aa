//! Systems in which people do the work, and nobody told them what (U0411).

use crate::diagnostic::{Diagnostic, codes};
use crate::policy::model::{Right, SystemKind};
use crate::policy::resolve::Draft;

/// Looks at every `manual` system.
pub fn check(draft: &Draft<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for system in draft.folder.systems.iter().filter(|s| !s.broken) {
        let Some(kind) = system.kind.as_ref().filter(|k| k.it == SystemKind::Manual) else { continue };
        for right in [Right::Access, Right::Erasure] {
            if system.tasks.iter().any(|(r, _)| r.it == right) {
                continue;
            }
            let word = right.word();
            let message = format!("nobody is told what to do in system `{}` when the right is {word}", system.name);
            let label = "people do the work here";
            let finding = Diagnostic::error(codes::TASK_MISSING, message, kind.at, label).warning();
            found.push(finding.help(format!("add `[task.{word}]` with a `text` that says what to do")));
        }
    }
    found
}
