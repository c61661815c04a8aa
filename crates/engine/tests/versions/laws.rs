//! What holds for all versions, whatever changed between them.

use std::collections::BTreeSet;

use engine::notice::versions::{Agreement, Class, Diff, Version, diff, governing, owed, satisfies};
use jiff::ToSpan;
use jiff::civil::date;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::folder::version;

/// A change of the facts themselves, so that also what no folder would say is compared.
#[derive(Clone, Debug)]
enum Step {
    Remove(usize),
    Forget(usize, usize),
    Say(usize, usize, Value),
    Add(&'static str, Value),
    Words(u8),
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!("P1Y")),
        Just(json!("P30D")),
        Just(json!("consent")),
        Just(json!("opt_out")),
        Just(json!(true)),
        Just(json!(false)),
        (0u64..20).prop_map(Value::from),
        Just(json!([])),
        Just(json!(["user"])),
        Just(json!(["usage", "content"])),
        Just(json!(["US", "EEA"])),
        Just(json!({ "version": "user.device" })),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let families = prop_oneof![
        Just("purpose:new"),
        Just("recipient:new"),
        Just("claim:new"),
        Just("setting:adm.default"),
        Just("category:new"),
        Just("moonlight:new")
    ];
    prop_oneof![
        any::<usize>().prop_map(Step::Remove),
        (any::<usize>(), any::<usize>()).prop_map(|(at, key)| Step::Forget(at, key)),
        (any::<usize>(), any::<usize>(), value()).prop_map(|(at, key, value)| Step::Say(at, key, value)),
        (families, value()).prop_map(|(name, value)| Step::Add(name, value)),
        any::<u8>().prop_map(Step::Words),
    ]
}

fn apply(version: &mut Version, step: &Step) {
    let name_at = |at: usize, version: &Version| version.facts.keys().nth(at % version.facts.len()).cloned();
    match step {
        Step::Remove(at) => {
            let name = name_at(*at, version).expect("a declaration");
            version.facts.remove(&name);
        }
        Step::Forget(at, key) | Step::Say(at, key, _) => {
            let name = name_at(*at, version).expect("a declaration");
            let values = version.facts.get_mut(&name).expect("it is there");
            let Some(key) = values.keys().nth(key % values.len().max(1)).cloned() else { return };
            match step {
                Step::Say(_, _, value) => values.insert(key, value.clone()),
                _ => values.remove(&key),
            };
        }
        Step::Add(name, value) => {
            version.facts.insert((*name).to_owned(), [("basis".to_owned(), value.clone())].into());
        }
        Step::Words(n) => version.words.push_str(&format!(" {n}")),
    }
}

fn steps(most: usize) -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(step(), 0..most)
}

fn after(from: &Version, steps: &[Step]) -> Version {
    let mut version = from.clone();
    steps.iter().for_each(|step| apply(&mut version, step));
    version
}

fn touched(diff: &Diff) -> BTreeSet<(String, Option<String>)> {
    diff.changes.iter().map(|change| (change.what.clone(), change.key.clone())).collect()
}

/// Versions a month apart, each with further steps.
fn line(each: &[Vec<Step>]) -> Vec<Version> {
    let mut versions = vec![version(&[])];
    for steps in each {
        let last = versions.last().expect("one");
        let effective = last.effective.saturating_add(1.month());
        let mut next = Version { effective, version: format!("{}", versions.len() + 1), ..after(last, steps) };
        next.words.push_str(" more");
        versions.push(next);
    }
    versions
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_version_does_not_differ_from_itself(steps in steps(6)) {
        let one = after(&version(&[]), &steps);
        let found = diff(&one, &one.clone());
        prop_assert!(found.changes.is_empty());
        prop_assert_eq!(found.class, Class::Editorial);
    }

    #[test]
    fn both_ways_touch_the_same(first in steps(6), second in steps(6)) {
        let (one, two) = (after(&version(&[]), &first), after(&version(&[]), &second));
        prop_assert_eq!(touched(&diff(&one, &two)), touched(&diff(&two, &one)));
    }

    #[test]
    fn the_whole_is_as_grave_as_its_gravest_part(steps in steps(8)) {
        let base = version(&[]);
        let found = diff(&base, &after(&base, &steps));
        let gravest = found.changes.iter().map(|change| change.class).max().unwrap_or(Class::Editorial);
        prop_assert_eq!(found.class, gravest);
        for who in ["user", "applicant", "guest"] {
            prop_assert!(found.concerning(Some(who)).class <= found.class);
        }
        let told: Vec<Class> = ["user", "applicant", "guest"].iter().map(|who| found.concerning(Some(who)).class).collect();
        let named = found.changes.iter().filter(|c| c.class == gravest).flat_map(|c| &c.populations);
        let ours = named.filter(|p| ["user", "applicant", "guest"].contains(&p.as_str())).count();
        let everybody = found.changes.iter().any(|c| c.class == gravest && c.populations.is_empty());
        prop_assert!((ours == 0 && !everybody) || told.contains(&gravest), "nobody is told of the gravest");
    }

    #[test]
    fn changes_of_different_declarations_add_up(at in any::<(usize, usize)>(), key in any::<(usize, usize)>(), values in (value(), value())) {
        let base = version(&[]);
        let (first, second) = (Step::Say(at.0, key.0, values.0), Step::Say(at.1, key.1, values.1));
        prop_assume!(at.0 % base.facts.len() != at.1 % base.facts.len());
        let found = |steps: &[Step]| diff(&base, &after(&base, steps));
        let (one, two) = (found(std::slice::from_ref(&first)), found(std::slice::from_ref(&second)));
        let both = found(&[first, second]);
        prop_assert_eq!(both.class, one.class.max(two.class));
        prop_assert_eq!(touched(&both), touched(&one).union(&touched(&two)).cloned().collect());
    }

    #[test]
    fn fresh_consent_holds_nobody_who_did_not_agree(each in prop::collection::vec(steps(3), 1..4), deemed in any::<bool>()) {
        let versions = line(&each);
        let given = if deemed { Agreement::Deemed } else { Agreement::Acknowledged };
        let held = governing(&versions, versions[0].effective, date(2030, 1, 1), &|_| Some(given)).expect("a version");
        // What holds differs from the first only by steps that needed no answer.
        let mut at = &versions[0];
        for next in versions[1..].iter().take_while(|next| next.effective <= held.effective) {
            let found = diff(at, next);
            if found.class < Class::FreshConsent && satisfies(owed(next, &found).agreement, Some(given)) {
                at = next;
            }
        }
        prop_assert_eq!(&held.version, &at.version);
    }

    #[test]
    fn editorial_steps_lead_to_the_newest(words in prop::collection::vec(any::<u8>(), 1..6)) {
        let each: Vec<Vec<Step>> = words.into_iter().map(|n| vec![Step::Words(n)]).collect();
        let versions = line(&each);
        let held = governing(&versions, versions[0].effective, date(2030, 1, 1), &|_| None).expect("a version");
        prop_assert_eq!(&held.version, &versions.last().expect("one").version);
    }

    #[test]
    fn who_agrees_to_everything_is_at_the_newest(each in prop::collection::vec(steps(4), 1..4)) {
        let versions = line(&each);
        let held = governing(&versions, versions[0].effective, date(2030, 1, 1), &|_| Some(Agreement::Explicit)).expect("a version");
        prop_assert_eq!(&held.version, &versions.last().expect("one").version);
    }
}
