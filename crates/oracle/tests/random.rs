//! Random cases: each compiles and is answered, and together they reach every rule.

use std::collections::BTreeMap;

use engine::policy::model::{Access, OnErase, Role, Untie};
use oracle::generate::{Case, Dialect, generate};
use oracle::{Accessed, Change, Claims, Erasure, Refusal, Via, access, erase};

const SEEDS: u64 = 400;

type Fired = BTreeMap<String, u32>;

#[test]
fn together_they_reach_every_rule() {
    let mut fired = Fired::new();
    for seed in 0..SEEDS {
        let case = generate(seed);
        count(&mut fired, "drafts rejected", case.rejected as u32);
        match (access(&case.policy, &case.world, &case.question), erase(&case.policy, &case.world, &case.question)) {
            (Ok(answer), Ok(erasure)) => {
                count(&mut fired, "answered", 1);
                claims(&mut fired, &case, &answer.claims);
                answers(&mut fired, &case, &answer);
                erasures(&mut fired, &case, &erasure);
            }
            (Err(a), Err(b)) => {
                assert_eq!(a, b, "seed {seed}");
                count(&mut fired, refusal(&a), 1);
            }
            _ => panic!("seed {seed}: one right is refused and the other is not"),
        }
    }
    let report: String = fired.iter().map(|(rule, n)| format!("{n:7}  {rule}\n")).collect();
    let silent: Vec<&&str> = RULES.iter().filter(|r| !fired.contains_key(**r)).collect();
    assert!(silent.is_empty(), "never reached: {silent:?}\n{report}");
    eprintln!("{report}");
}

#[test]
fn a_seed_is_a_case() {
    let (one, two) = (generate(7), generate(7));
    assert_eq!(one.world, two.world);
    assert_eq!(one.ddl("desk", Dialect::Postgres), two.ddl("desk", Dialect::Postgres));
    assert_eq!(one.inserts("desk", Dialect::Sqlite), two.inserts("desk", Dialect::Sqlite));
}

/// What must have happened at least once.
const RULES: &[&str] = &[
    "access Fact",
    "access Row",
    "access Shared",
    "access withheld",
    "answered",
    "association row goes with its tie",
    "cell blank",
    "cell hash",
    "cell nobody",
    "cell null",
    "cell placeholder",
    "cell redacted",
    "cell replaced",
    "cell token",
    "claim across systems",
    "claim by an identity",
    "claim by a row that points here",
    "claim Author gives Author",
    "claim Mention gives Mention",
    "claim Owner gives Owner",
    "claim Part gives Author",
    "claim Part gives Owner",
    "columns hidden",
    "delete became scrub",
    "listed columns",
    "refused: not found",
    "refused: second record",
    "refused: tenants",
    "refused: unusable",
    "row deleted",
    "text hit for review",
    "text hit in a thread",
    "tie of a row without claim",
    "veto",
    "veto on a part",
    "veto with columns",
];

fn count(fired: &mut Fired, rule: impl Into<String>, by: u32) {
    if by > 0 {
        *fired.entry(rule.into()).or_default() += by;
    }
}

fn refusal(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::Unusable => "refused: unusable",
        Refusal::NotFound => "refused: not found",
        Refusal::Tenants(_) => "refused: tenants",
        Refusal::SecondRecord(_) => "refused: second record",
    }
}

fn claims(fired: &mut Fired, case: &Case, claims: &Claims) {
    count(fired, "text hit for review", claims.review.len() as u32);
    for (id, held) in &claims.of {
        let table = case.policy.table(id.0);
        for claim in held {
            match claim.via {
                Via::Own => count(fired, "claim self", 1),
                Via::Text(_) => count(fired, "text hit in a thread", 1),
                Via::Link(l) => {
                    let link = &table.links[l];
                    count(fired, format!("claim {:?} gives {:?}", link.role, claim.role), 1);
                    count(fired, "claim by a row that points here", u32::from(link.by));
                    match link.target {
                        engine::policy::model::Target::Identity { .. } => count(fired, "claim by an identity", 1),
                        engine::policy::model::Target::Row { table: t, .. } => {
                            let far = case.policy.table(t).system != table.system;
                            count(fired, "claim across systems", u32::from(far));
                        }
                    }
                }
            }
        }
    }
}

fn answers(fired: &mut Fired, case: &Case, answer: &Accessed) {
    count(fired, "access withheld", answer.withheld.len() as u32);
    for (id, returned) in &answer.rows {
        count(fired, format!("access {:?}", returned.level), 1);
        let whole = case.policy.table(id.0).columns.iter().filter(|c| !c.withhold).count();
        count(fired, "columns hidden", u32::from(returned.level == Access::Row && returned.columns.len() < whole));
    }
}

fn erasures(fired: &mut Fired, case: &Case, erasure: &Erasure) {
    let fates = &erasure.fates;
    count(fired, "row deleted", fates.going.len() as u32);
    count(fired, "delete became scrub", fates.fallen.len() as u32);
    count(fired, "veto", fates.vetoes.len() as u32);
    count(fired, "stand-in records", erasure.placeholders.values().sum::<usize>() as u32);
    for (id, keeps) in &fates.vetoes {
        let with = keeps.iter().any(|k| !k.with.is_empty());
        count(fired, "veto with columns", u32::from(with));
        let own = erasure.claims.links(id).any(|l| {
            case.policy.table(id.0).links[l].on_erase.iter().any(|(_, what)| matches!(what, OnErase::Keep(_)))
        });
        count(fired, "veto on a part", u32::from(!own));
    }
    for id in &fates.going {
        let by_fate = fates.of.get(id) == Some(&engine::policy::model::Fate::Delete);
        count(fired, "association row goes with its tie", u32::from(!by_fate));
        let ties = case.policy.table(id.0).links.iter().filter(|l| l.untie == Some(Untie::Delete)).count();
        count(fired, "row with untie delete goes", u32::from(ties > 0));
    }
    for (id, cells) in &erasure.changes {
        count(fired, "tie of a row without claim", u32::from(!fates.of.contains_key(id)));
        let listed = erasure.claims.links(id).any(|l| {
            let link = &case.policy.table(id.0).links[l];
            link.role != Role::Part && link.on_erase.iter().any(|(_, what)| matches!(what, OnErase::Columns(_)))
        });
        count(fired, "listed columns", u32::from(listed));
        for change in cells.values() {
            let rule = match change {
                Change::Null => "cell null",
                Change::Blank => "cell blank",
                Change::Replace(_) => "cell replaced",
                Change::Hash => "cell hash",
                Change::Redacted(_) => "cell redacted",
                Change::Placeholder(..) => "cell placeholder",
                Change::Nobody(_) => "cell nobody",
                Change::Pseudonym => "cell token",
                Change::Filled(_) => "cell filled",
            };
            count(fired, rule, 1);
        }
    }
}
