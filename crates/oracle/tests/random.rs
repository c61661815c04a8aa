//! Random cases: each compiles and is answered, and together they reach every rule.

use oracle::fired::Fired;
use oracle::generate::{Dialect, generate, generate_swept, has};
use oracle::{access, erase, erase_after, stopped};

const SEEDS: u64 = 1800;

/// Each rule is to be reached so often.
const LEAST: usize = 50;

#[test]
fn together_they_reach_every_rule() {
    let mut fired = Fired::default();
    for seed in 0..SEEDS {
        let case = generate(seed);
        fired.count("drafts rejected", case.rejected);
        match (access(&case.policy, &case.world, &case.question), erase(&case.policy, &case.world, &case.question)) {
            (Ok(answer), Ok(erasure)) => {
                fired.count("answered", 1);
                fired.count("shared address leads nowhere", stopped(&case.policy, &case.world, &case.question));
                fired.access(&case.policy, &answer);
                fired.erasure(&case.policy, &erasure);
                fired.keyless(&case.policy, &case.world, &erasure);
                fired.held(&case.policy, &case.world, &erasure);
            }
            (Err(a), Err(b)) => {
                assert_eq!(a, b, "seed {seed}");
                fired.refusal(&a);
            }
            _ => panic!("seed {seed}: one right is refused and the other is not"),
        }
    }
    eprintln!("{fired}");
    let later = LATER.iter().filter(|(feature, _)| has(feature)).flat_map(|(_, rules)| *rules);
    let rules = RULES.iter().chain(ON_TOP).chain(later);
    let seldom: Vec<String> =
        rules.filter(|r| fired.times(r) < LEAST).map(|r| format!("{r}: {}", fired.times(r))).collect();
    assert!(seldom.is_empty(), "reached fewer than {LEAST} times in {SEEDS} cases: {seldom:#?}");
}

#[test]
fn what_is_written_meanwhile_reaches_every_rule() {
    let mut fired = Fired::default();
    for seed in 0..SEEDS / 5 {
        let case = generate_swept(seed);
        if let Ok((_, erasure)) = erase_after(&case.policy, &case.world, &case.meanwhile, &case.question) {
            fired.meanwhile(&case.policy, &case.meanwhile, &erasure);
        }
    }
    eprintln!("{fired}");
    let seldom: Vec<_> = MEANWHILE.iter().map(|rule| (rule, fired.times(rule))).filter(|(_, n)| *n < LEAST).collect();
    assert!(seldom.is_empty(), "reached fewer than {LEAST} times: {seldom:?}");
}

#[test]
fn a_seed_is_a_case() {
    let (one, two) = (generate(7), generate(7));
    assert_eq!(one.world, two.world);
    assert_eq!(one.ddl("desk", Dialect::Postgres), two.ddl("desk", Dialect::Postgres));
    assert_eq!(one.inserts("desk", Dialect::Sqlite), two.inserts("desk", Dialect::Sqlite));
}

/// What must have happened.
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
    "claim under a condition",
    "columns hidden",
    "delete became scrub",
    "identity beside the record",
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

/// What is drawn on top of the first generator.
const ON_TOP: &[&str] = &[
    "array element dropped",
    "cell document",
    "cell generalised",
    "cell pseudonym",
    "cell shredded",
    "cell truncated",
    "cell within a text",
    "copy erased as its source",
    "document emptied at a path",
    "document masked",
    "document refers to somebody else",
    "equal rows share a fate",
    "claim Author gives Viewer",
    "claim Owner gives CoOwner",
    "claim Owner gives Viewer",
    "hint beside a record",
    "part of a held row without claim",
    "refused: two people",
    "row stays for a held one without claim",
    "row without a key goes",
    "row without a key is changed",
    "shared address leads nowhere",
    "stand-in of a row or combination",
];

/// The same, where a plan carries out that part of the language.
const LATER: &[(&str, &[&str])] = &[
    (
        "co_owner",
        &["claim CoOwner gives CoOwner", "claim Part gives CoOwner", "row of the last co-owner", "shared row scrubbed"],
    ),
    ("viewer", &["claim CoOwner gives Viewer", "claim Part gives Viewer", "claim Viewer gives Viewer"]),
    ("while_shared", &["shared row as while_shared says"]),
    ("last", &["part with last goes", "part with last stays"]),
    ("to_when", &["claim under a condition on the other row"]),
];

/// What becomes of rows that are written while an erasure is carried out.
const MEANWHILE: &[&str] = &[
    "row written meanwhile goes",
    "row written meanwhile is changed",
    "row written meanwhile is kept",
    "row written meanwhile is nobody's",
    "row written meanwhile loses a tie",
];
