//! Random cases: each compiles and is answered, and together they reach every rule.

use oracle::fired::Fired;
use oracle::generate::{Dialect, generate};
use oracle::{access, erase};

const SEEDS: u64 = 400;

#[test]
fn together_they_reach_every_rule() {
    let mut fired = Fired::default();
    for seed in 0..SEEDS {
        let case = generate(seed);
        fired.count("drafts rejected", case.rejected);
        match (access(&case.policy, &case.world, &case.question), erase(&case.policy, &case.world, &case.question)) {
            (Ok(answer), Ok(erasure)) => {
                fired.count("answered", 1);
                fired.access(&case.policy, &answer);
                fired.erasure(&case.policy, &erasure);
            }
            (Err(a), Err(b)) => {
                assert_eq!(a, b, "seed {seed}");
                fired.refusal(&a);
            }
            _ => panic!("seed {seed}: one right is refused and the other is not"),
        }
    }
    let silent: Vec<&&str> = RULES.iter().filter(|r| !fired.has(r)).collect();
    assert!(silent.is_empty(), "never reached: {silent:?}\n{fired}");
    eprintln!("{fired}");
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
