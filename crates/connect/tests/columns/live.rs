//! A live database with a map, and an erasure of one person in it.

use connect::testing::Scene;
use engine::plan::Plan;
use engine::policy::model::{Right, SystemKind};

/// One system, `desk`, of [`crate::PEOPLE`] and more.
pub struct Desk(Scene);

const LAW: &str = "[[law]]\nid = \"books\"\ntitle = \"Books\"\n";

impl Desk {
    pub async fn of(kind: SystemKind, sql: &str, map: &str) -> Desk {
        let scene = Scene::try_set(kind, &[("desk", sql, map)], LAW).await;
        Desk(scene.unwrap_or_else(|findings| panic!("the map does not compile: {findings:#?}")))
    }

    /// A plan of the person with that address.
    pub async fn plan(&self, right: Right, email: &str) -> Plan {
        let plan = self.0.plan(self.0.ask(right, "user", &[("email", email)])).await;
        plan.unwrap_or_else(|refusal| panic!("{refusal}"))
    }

    /// Erases the person, and finds nothing left.
    pub async fn erase(&self, email: &str) {
        let plan = self.plan(Right::Erasure, email).await;
        let read: Plan = serde_json::from_str(&serde_json::to_string(&plan).unwrap()).unwrap();
        assert_eq!(read, plan, "a plan survives its file");
        self.0.run(&plan).await.unwrap_or_else(|halt| panic!("{halt:?}"));
        assert_eq!(self.0.left(&plan).await, []);
    }

    /// Rows of a table by id: columns, or expressions, as text.
    pub async fn rows(&self, table: &str, columns: &str) -> Vec<Vec<String>> {
        let texts: Vec<String> = columns.split(", ").map(|c| format!("coalesce(cast({c} as text), 'NULL')")).collect();
        let found = self.0.place("desk").rows(&format!("SELECT {} FROM {table} ORDER BY id", texts.join(", "))).await;
        found.into_iter().map(|row| row.into_iter().flatten().collect()).collect()
    }
}

/// The first column of rows.
pub fn cells(rows: &[Vec<String>]) -> Vec<&str> {
    rows.iter().map(|row| row[0].as_str()).collect()
}
