//! Plans, carried out.

use std::future::Future;
use std::pin::Pin;

use connect::Systems;
use engine::ask::Row;
use engine::plan::{Action, Plan, Step};
use engine::run::{Event, Journal, Run, Sink};

/// What a run returned: table, columns and rows of each step. Without columns, rows are told by their keys alone.
#[derive(Default)]
pub struct Exported(pub Vec<(String, Vec<String>, Vec<Row>)>);

/// Carries a plan out, all its bounds approved.
pub async fn carry(plan: &Plan, systems: &Systems) -> Result<Exported, String> {
    let approved: Vec<String> = plan.breaches.iter().map(|b| b.bound.clone()).collect();
    let run = Run::new(plan, &plan.policy, plan.made_at, &approved, &[]);
    let mut exported = Exported::default();
    let ran = connect::run(plan, run, systems, &mut Forgetful, &mut exported).await;
    ran.map(|_| exported).map_err(|halt| format!("the run halts: {halt}"))
}

/// Nothing is resumed here.
struct Forgetful;

impl Journal for Forgetful {
    fn append<'a>(&'a mut self, _: &'a Event) -> Pin<Box<dyn Future<Output = Result<(), String>> + Send + 'a>> {
        Box::pin(async { Ok(()) })
    }
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
