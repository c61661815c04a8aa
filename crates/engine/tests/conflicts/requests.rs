//! Rows of part B about requests and silence: what follows from the settings of the example that has them, and from others.

use engine::decide::due::{due, silent_until};
use engine::decide::request::{Claims, Wish, asks_again, erases, may_hold, takes};
use engine::policy::model::Said;
use jiff::civil::date;

use crate::folder::{clash, decides, policy};

/// Each right has its own ways; one that leads to people who do not handle requests is a finding. Whoever calls where a letter
/// is needed is told so, and the call is noted: that it then stands in a case is the desk's, which comes later.
#[test]
fn b08_ways_to_ask_by_right() {
    let desk = ("policy.toml", "[contact.desk]\nkind = \"phone\"\naddress = \"+47 1\"\nserves = [\"support\"]\n");
    let right = |contact| {
        format!(
            "[right.restriction]\nroutes = [\"letter\"]\ncontacts = [\"{contact}\"]\n\n[right.access]\nroutes = [\"phone\", \"letter\"]\n"
        )
    };
    let (wrong, own) = (right("desk"), right("privacy"));
    clash("U1111", "sends people to `desk`", &[desk, ("rights.toml", &wrong)], &[desk, ("rights.toml", &own)]);

    let said = crate::examples::said("device-manager");
    let limit = takes(&said, "limit-use", "phone");
    assert!(!limit.allowed && limit.because.contains("is noted, and the person is told the way"), "{limit:?}");
    assert!(takes(&said, "limit-use", "email").allowed, "limiting use is asked for in writing");
    for route in ["form", "email", "phone"] {
        assert!(takes(&said, "portability", route).allowed, "other rights by any of three: {route}");
    }
}

/// The removal itself within its period is a clock that runs, which comes later.
#[test]
fn b12_children_are_removed_without_being_asked_again() {
    let said = crate::examples::said("device-manager");
    let again = |online, age| asks_again(&said, Wish { online, age }).allowed;
    assert!(again(true, None) && again(true, Some(40)), "deletions that are asked for online are confirmed");
    assert!(!again(true, Some(12)), "a child's removal waits for nothing");
    assert!(!again(false, Some(40)), "only those online");
    let always = |age| {
        let text = "[children]\nmin_age = 16\n[erasure]\nconfirm = \"always\"\n";
        asks_again(&policy(&[("settings.toml", text)]).said, Wish { online: false, age }).allowed
    };
    assert!(always(None) && always(Some(16)) && !always(Some(15)));
    decides("children.removal_within", r#""P1D""#, r#""P7D""#);
}

/// That the erasure then happens is a run of the retention, which comes later.
#[test]
fn b20_inactivity_before_the_downgrade() {
    let said = crate::examples::said("helpdesk");
    let free = |said: &Said, last, downgraded| silent_until(said, "idle-free", last, downgraded).expect("a day");
    let (silent, downgraded) = (date(2026, 7, 2), date(2026, 11, 10));
    assert_eq!(
        free(&said, silent, Some(downgraded)),
        date(2027, 2, 10),
        "three months after the downgrade, not before"
    );
    assert_eq!(free(&said, silent, None), date(2026, 10, 2), "without one, from the last sign of life");
    assert_eq!(free(&said, date(2026, 12, 1), Some(downgraded)), date(2027, 3, 1), "a later sign of life counts");
    let rule = ("retention.toml", "[rule.idle-free]\nperiod = \"P3M\"\naction = \"delete\"\nfrom = \"use\"\n");
    let counts = |flag: &str| {
        let text = format!("[inactivity]\ncounts_before_downgrade = {flag}\n");
        free(&policy(&[rule, ("settings.toml", &text)]).said, silent, Some(downgraded))
    };
    assert_eq!((counts("false"), counts("true")), (date(2027, 2, 10), date(2026, 10, 2)));
    assert_eq!(
        free(&policy(&[rule]).said, silent, Some(downgraded)),
        date(2027, 2, 10),
        "unsaid, the holder is protected"
    );
    let ends = |month_end: &str, last| {
        let text = format!("[inactivity]\nmonth_end = \"{month_end}\"\n");
        free(&policy(&[rule, ("settings.toml", &text)]).said, last, None)
    };
    assert_eq!(
        (ends("clamp", date(2025, 11, 30)), ends("next_day", date(2025, 11, 30))),
        (date(2026, 2, 28), date(2026, 3, 1))
    );
    assert_eq!(ends("next_day", date(2024, 2, 29)), date(2024, 5, 29), "a day that the month has is that day");
    crate::examples::given("inactivity.counts_before_downgrade", "10000");
}

#[test]
fn b22_a_wish_to_be_deleted_beats_the_downgrade() {
    let said = crate::examples::said("helpdesk");
    let ended = Claims { downgraded: true, ..Claims::default() };
    let kept = erases(&said, ended).erased;
    assert!(!kept.allowed && kept.by == ["setting:account.downgrade"], "{kept:?}");
    let asked = erases(&said, Claims { requested: true, ..ended });
    assert!(asked.erased.allowed && asked.told.is_none(), "{asked:?}");
    let taxes = erases(&said, Claims { requested: true, law: Some("us-tax-records"), ..ended });
    assert!(!taxes.erased.allowed && taxes.told.is_some_and(|told| told.contains("Internal Revenue")));
    decides("account.downgrade", r#""keeps_data""#, r#""starts_clock""#);
    crate::examples::given("account.downgrade", "10000");
}

/// That a letter goes out is the desk's, which comes later; what it says is here.
#[test]
fn b28_a_customers_wish_to_keep() {
    let said = crate::examples::said("collaboration");
    let wish = Claims { requested: true, ..Claims::default() };
    let held = Claims { hold: Some("court case 17"), ..wish };
    let outcome = erases(&said, held);
    assert!(!outcome.erased.allowed, "a hold with a reason comes before the person's wish");
    assert!(outcome.told.is_some_and(|told| told.contains("court case 17")), "and the person is told");
    assert!(erases(&said, Claims { hold: Some("  "), ..wish }).erased.allowed, "without a reason it is no hold");
    assert!(erases(&said, wish).erased.allowed);
    let law = said.of("law").next().expect("a law").id.it.clone();
    let kept = erases(&said, Claims { law: Some(&law), ..held });
    assert!(!kept.erased.allowed && kept.erased.by == [format!("law:{law}")], "the law comes first: {kept:?}");
    assert!(!erases(&said, Claims { requested: false, ..held }).erased.allowed, "nobody wished anything");
    assert_eq!(erases(&said, Claims { requested: false, ..held }).told, None);

    let by_order = |order: &str| {
        let text = format!("[erasure]\nprecedence = {order}\n");
        erases(&policy(&[("settings.toml", &text)]).said, held).erased.allowed
    };
    assert!(!by_order(r#"["law", "tenant_hold", "request"]"#) && by_order(r#"["law", "request", "tenant_hold"]"#));
    assert!(by_order(r#"["law", "request"]"#), "a wish that stands nowhere counts for nothing");
    decides("administrator.powers.retain", r#""with_notice""#, r#""never""#);
    crate::examples::given("erasure.precedence", "00100");
}

/// The same as row A2.
#[test]
fn b31_a_parents_consent() {
    let said = crate::examples::said("it-services");
    assert!(may_hold(&said, 18, false).allowed && !may_hold(&said, 17, false).allowed);
    assert!(!may_hold(&said, 17, true).allowed, "nobody under 18, whatever a parent signed");
    let with = |allows: &str| {
        let text = format!("[children]\nmin_age = 18\nparental_consent_allows = {allows}\n");
        let said = policy(&[("settings.toml", &text)]).said;
        (may_hold(&said, 17, true).allowed, may_hold(&said, 17, false).allowed)
    };
    assert_eq!((with("true"), with("false")), ((true, false), (false, false)));
    crate::examples::given("children.parental_consent_allows", "00010");
}

/// Thirty days and one month end on different days, and which is earlier depends on the month. The clock that runs, its
/// extensions and days without work come later.
#[test]
fn b34_the_earlier_of_two_clocks() {
    let said = crate::examples::said("it-services");
    let day = |said: &Said, received| due(said, "access", "GB", received).expect("a day").day;
    assert_eq!(day(&said, date(2027, 1, 1)), date(2027, 1, 31), "thirty days end before 1 February");
    assert_eq!(day(&said, date(2027, 1, 30)), date(2027, 2, 28), "the month ends before 1 March");
    assert_eq!(day(&said, date(2028, 1, 30)), date(2028, 2, 29), "also in a leap year");
    assert_eq!(day(&said, date(2027, 4, 10)), date(2027, 5, 10), "the same day of both");
    let strictest = |flag: &str| {
        let law = "[regime.law]\ntitle = \"Law\"\nplaces = [\"GB\"]\nrights = [\"access\"]\nanswer_within = \"P1M\"\n";
        let text = format!("[clock]\naccess = \"P30D\"\nstrictest = {flag}\n");
        let said = policy(&[("policy.toml", law), ("settings.toml", &text)]).said;
        let found = due(&said, "access", "GB", date(2027, 1, 1)).expect("a day");
        (found.day, found.by)
    };
    assert_eq!(strictest("true"), (date(2027, 1, 31), vec!["setting:clock.access".to_owned()]));
    assert_eq!(strictest("false"), (date(2027, 2, 1), vec!["regime:law".to_owned()]));
    crate::examples::given("clock.strictest", "00010");
}
