//! Medians, as a table for people and as JSON.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::Duration;

use engine::policy::model::Right;
use serde_json::{Value, json};

use crate::parts::Cost;
use crate::trial::Cold;
use crate::world::Engine;

/// One request, again and again.
pub struct Series {
    /// The right.
    pub right: Right,
    /// The database.
    pub engine: Engine,
    /// By hand: time and statements of each subject.
    pub hand: Vec<(Duration, u64)>,
    /// By Upheld: rows of the plan and cost of each subject.
    pub upheld: Vec<(usize, Cost)>,
    /// Each in a process of its own.
    pub cold: Vec<Cold>,
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// The middle one.
fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    match values.len() {
        0 => 0.0,
        n if n % 2 == 1 => values[n / 2],
        n => (values[n / 2 - 1] + values[n / 2]) / 2.0,
    }
}

fn of(costs: &[(usize, Cost)], value: impl Fn(&Cost) -> f64) -> f64 {
    median(costs.iter().map(|(_, cost)| value(cost)))
}

/// Medians by part, largest first; a part that a request lacks counts as nothing.
fn by_part<K: Ord + Clone>(parts: Vec<BTreeMap<K, f64>>) -> Vec<(K, f64)> {
    let names: std::collections::BTreeSet<K> = parts.iter().flat_map(|p| p.keys().cloned()).collect();
    let middle = |name: &K| median(parts.iter().map(|p| p.get(name).copied().unwrap_or(0.0)));
    let mut found: Vec<(K, f64)> = names.iter().map(|name| (name.clone(), middle(name))).collect();
    found.sort_by(|a, b| b.1.total_cmp(&a.1));
    found
}

impl Series {
    fn hand_ms(&self) -> f64 {
        median(self.hand.iter().map(|(time, _)| ms(*time)))
    }

    fn ratio(&self) -> f64 {
        median(self.upheld.iter().zip(&self.hand).map(|((_, cost), (hand, _))| ms(cost.in_databases()) / ms(*hand)))
    }

    /// Stage of the work: calls and milliseconds.
    fn stages(&self) -> Vec<(&'static str, u64, f64)> {
        let calls = |cost: &Cost, time: bool| {
            let mut by: BTreeMap<&'static str, f64> = BTreeMap::new();
            for ((stage, _), spent) in &cost.databases {
                *by.entry(stage).or_default() += if time { ms(spent.time) } else { spent.calls as f64 };
            }
            by
        };
        let times = by_part(self.upheld.iter().map(|(_, c)| calls(c, true)).collect());
        let counts: BTreeMap<_, _> =
            by_part(self.upheld.iter().map(|(_, c)| calls(c, false)).collect()).into_iter().collect();
        times.into_iter().map(|(stage, time)| (stage, counts[stage] as u64, time)).collect()
    }

    /// Calls of one kind: their mean number in a request, and their milliseconds.
    fn statements(&self) -> Vec<(String, f64, f64)> {
        let mut all: BTreeMap<String, (f64, f64)> = BTreeMap::new();
        for ((stage, what), spent) in self.upheld.iter().flat_map(|(_, cost)| &cost.databases) {
            let sum = all.entry(format!("{stage}: {what}")).or_default();
            *sum = (sum.0 + spent.calls as f64, sum.1 + ms(spent.time));
        }
        let requests = self.upheld.len().max(1) as f64;
        let mut all: Vec<_> = all.into_iter().map(|(k, (n, t))| (k, n / requests, t / requests)).collect();
        all.sort_by(|a, b| b.2.total_cmp(&a.2));
        all
    }

    fn outside(&self) -> Vec<(&'static str, f64)> {
        by_part(self.upheld.iter().map(|(_, c)| c.outside.iter().map(|(k, t)| (*k, ms(*t))).collect()).collect())
    }

    fn cold_parts(&self) -> Vec<(String, f64)> {
        by_part(self.cold.clone())
    }
}

fn list<K: std::fmt::Display>(parts: &[(K, f64)]) -> String {
    parts.iter().map(|(name, time)| format!("{name} {time:.2}")).collect::<Vec<_>>().join(", ")
}

/// The table, with its parts below; `statements` adds the dearest statements.
pub fn markdown(all: &[Series], statements: usize) -> String {
    let mut out = String::from(
        "| what | rows | hand-written ms | in target databases ms | ratio | outside ms | statements by hand / Upheld |\n\
         |---|---:|---:|---:|---:|---:|---:|\n",
    );
    for s in all {
        let _ = writeln!(
            out,
            "| {} of one person, {} | {:.0} | {:.2} | {:.2} | {:.2} | {:.2} | {:.0} / {:.0} |",
            s.right.word(),
            s.engine.name(),
            median(s.upheld.iter().map(|(rows, _)| *rows as f64)),
            s.hand_ms(),
            of(&s.upheld, |c| ms(c.in_databases())),
            s.ratio(),
            of(&s.upheld, |c| ms(c.outside())),
            median(s.hand.iter().map(|(_, n)| *n as f64)),
            of(&s.upheld, |c| c.calls() as f64),
        );
    }
    out.push_str("\nIn the target databases, by stage: statements and ms.\n\n| what | stages |\n|---|---|\n");
    for s in all {
        let stages = s.stages().iter().map(|(n, calls, t)| format!("{n} {calls}: {t:.2}")).collect::<Vec<_>>();
        let _ = writeln!(out, "| {}, {} | {} |", s.right.word(), s.engine.name(), stages.join(", "));
    }
    out.push_str("\nOutside them, warm, in ms.\n\n| what | parts |\n|---|---|\n");
    for s in all {
        let _ = writeln!(out, "| {}, {} | {} |", s.right.word(), s.engine.name(), list(&s.outside()));
    }
    out.push_str("\nCold, in a process of its own, in ms.\n\n| what | parts |\n|---|---|\n");
    for s in all.iter().filter(|s| !s.cold.is_empty()) {
        let _ = writeln!(out, "| {}, {} | {} |", s.right.word(), s.engine.name(), list(&s.cold_parts()));
    }
    for s in all.iter().filter(|_| statements > 0) {
        let _ = writeln!(out, "\n{}, {}: the dearest statements, a request\n", s.right.word(), s.engine.name());
        for (what, calls, time) in s.statements().iter().take(statements) {
            let _ = writeln!(out, "    {time:8.3} ms  {calls:5.1} x  {what}");
        }
    }
    out
}

/// The same for programs.
pub fn json(all: &[Series]) -> Value {
    let series = all.iter().map(|s| {
        let stages = s.stages().into_iter().map(|(n, calls, t)| (n, json!({ "statements": calls, "ms": t })));
        json!({
            "right": s.right.word(),
            "engine": s.engine.name(),
            "subjects": s.upheld.len(),
            "hand_ms": s.hand_ms(),
            "hand_statements": median(s.hand.iter().map(|(_, n)| *n as f64)),
            "databases_ms": of(&s.upheld, |c| ms(c.in_databases())),
            "ratio": s.ratio(),
            "outside_ms": of(&s.upheld, |c| ms(c.outside())),
            "statements": of(&s.upheld, |c| c.calls() as f64),
            "stages": stages.collect::<BTreeMap<_, _>>(),
            "outside": s.outside().into_iter().collect::<BTreeMap<_, _>>(),
            "cold": s.cold_parts().into_iter().collect::<BTreeMap<_, _>>(),
        })
    });
    series.collect()
}
