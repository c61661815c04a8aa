//! What is owed: to each population its own, and never less than the old version promised.

use engine::notice::versions::{Class, Needed, diff, duties, owed};
use jiff::civil::date;

use crate::folder::{Edit, named, version};
use crate::pair::{fresh, from_to};

const HELD: &str = "GDPR Art. 13(2)(a)";

#[test]
fn several_changes_and_each_population_hears_its_own() {
    let (old, new) = (
        version(&[]),
        version(&[
            ("retention.toml", "P6M", "P1Y"),
            ("purposes.toml", "closed_to   = [\"content\"]", ""),
            ("policy.toml", "M. Daly", "R. Byrne"),
        ]),
    );
    let found = diff(&old, &new);
    let theirs = |who| {
        let found = found.concerning(who);
        (found.class, found.changes.iter().map(|c| c.what.clone()).collect::<Vec<_>>())
    };
    let own = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>();
    assert_eq!(theirs(Some("user")), (Class::FreshConsent, own(&["purpose:improve", "officer:dpo"])));
    assert_eq!(theirs(Some("applicant")), (Class::Notice, own(&["retention:applications", "officer:dpo"])));
    assert_eq!(theirs(Some("guest")), (Class::Editorial, own(&["officer:dpo"])));
    assert_eq!(theirs(None).1.len(), 3);
    let each: Vec<_> = duties(&new, &found).into_iter().map(|d| (d.class, d.populations)).collect();
    let expected =
        [(Class::FreshConsent, own(&["user"])), (Class::Notice, own(&["applicant"])), (Class::Editorial, Vec::new())];
    assert_eq!(each, expected);
}

#[test]
fn a_company_that_promised_to_ask_must_ask() {
    let strict = ("settings.toml", "", "[change]\nless_restrictive_needs_consent = true");
    let because = "data is held longer; the old version promises that such a change waits for consent";
    from_to(
        &[strict],
        &[strict, ("retention.toml", "P90D", "P1Y")],
        &[fresh("retention:logs", Some("period"), because, HELD).of(&["user"])],
    );
    let dropped = "changes that allow more no longer wait for consent; the old version promises that such a change waits for consent";
    from_to(
        &[strict],
        &[("retention.toml", "P90D", "P1Y")],
        &[
            fresh("retention:logs", Some("period"), because, HELD).of(&["user"]),
            fresh("setting:change.less_restrictive_needs_consent", Some("value"), dropped, "GDPR Art. 5(1)(a)"),
        ],
    );
}

#[test]
fn a_new_version_cannot_loosen_how_it_is_told() {
    let old = version(&[]);
    let new = version(&[(
        "policy.toml",
        "channels  = [\"page\", \"email\"]\nagreement = \"deemed\"\nbefore    = \"P14D\"",
        "channels  = [\"site_notice\"]\nagreement = \"none\"",
    )]);
    let found = diff(&old, &new);
    assert_eq!(found.class, Class::Notice);
    let duty = owed(&new, &found);
    assert_eq!(duty.channels, ["page", "email", "site_notice"]);
    assert_eq!((duty.agreement, duty.before.as_deref()), (Needed::Deemed, Some("P14D")));
}

#[test]
fn where_going_on_never_counts_an_answer_is_needed() {
    let never = ("settings.toml", "", "[acceptance]\ndeemed = \"never\"");
    let (old, new) = (version(&[never]), version(&[never, ("retention.toml", "P90D", "P1Y")]));
    assert_eq!(owed(&new, &diff(&old, &new)).agreement, Needed::Explicit);
}

#[test]
fn nobody_is_asked_later_than_was_promised() {
    let old = version(&[]);
    // Sensitive data for a new purpose: fresh consent, 30 days before. A longer period: notice, 14 days before.
    let asked = [("purposes.toml", "closed_to   = [\"content\"]", "")];
    let told = [("retention.toml", "P6M", "P1Y")];
    let published = date(2026, 3, 1);
    let next = |edits: &[Edit], effective| named("next", effective, edits).follows(Some(&old), published);
    let early = next(&asked, date(2026, 3, 30)).expect_err("29 days are not 30");
    assert!(early.contains("people are promised P30D before a change of class fresh consent"), "{early}");
    assert!(early.contains("it can hold from 2026-03-31"), "{early}");
    assert_eq!(next(&asked, date(2026, 3, 31)), Ok(()));
    assert!(next(&told, date(2026, 3, 14)).is_err() && next(&told, date(2026, 3, 15)).is_ok());
    // What the old one promised binds, also where the new one promises less.
    let less = [told[0], ("policy.toml", "before    = \"P14D\"", "before    = \"P1D\"")];
    assert!(next(&less, date(2026, 3, 14)).is_err());
    assert_eq!(next(&[("policy.toml", "M. Daly", "R. Byrne")], published), Ok(()), "nothing is promised for this");
}
