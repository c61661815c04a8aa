//! Plans, carried out.

use connect::Systems;
use connect::testing::{Written, carry_out};
use engine::ask::Row;
use engine::plan::{Action, Plan, Step};
use engine::run::Sink;

/// What a run returned: table, columns and rows of each step. Without columns, rows are told by their keys alone.
#[derive(Default)]
pub struct Exported(pub Vec<(String, Vec<String>, Vec<Row>)>);

/// Carries a plan out, all its bounds approved.
pub async fn carry(plan: &Plan, systems: &Systems) -> Result<Exported, String> {
    let mut exported = Exported::default();
    let ran = carry_out(plan, systems, &mut Written::default(), &mut exported).await;
    ran.map(|_| exported).map_err(|halt| format!("the run halts: {halt}"))
}

impl Sink for Exported {
    fn begin(&mut self, _: &str, step: &Step) -> Result<(), String> {
        let columns = match &step.action {
            Action::Export { columns, .. } => columns.clone(),
            _ => Vec::new(),
        };
        self.0.push((step.table.clone(), columns, Vec::new()));
        Ok(())
    }

    fn row(&mut self, row: Row) -> Result<(), String> {
        self.0.last_mut().ok_or("no step")?.2.push(row);
        Ok(())
    }
}
