//! What notices leave open: each has a setting that takes the number or the words, and the example folders of those
//! notices give it.

use crate::examples::given;
use crate::folder::decides;

#[test]
fn c01_reasonable_period_after_closing() {
    decides("retention.after_closing", r#""P30D""#, r#""P60D""#);
    given("retention.after_closing", "00100");
}

#[test]
fn c02_period_of_marketing_data() {
    decides("retention.marketing_after", r#""P18M""#, r#""P2Y""#);
    given("retention.marketing_after", "00100");
}

#[test]
fn c03_period_of_tracker_data() {
    decides("retention.trackers_after", r#""P6M""#, r#""P13M""#);
    given("retention.trackers_after", "00100");
}

#[test]
fn c04_as_long_as_necessary() {
    decides("retention.as_long_as_necessary.contact", r#""P3M""#, r#""P2Y""#);
    given("retention.as_long_as_necessary", "11111");
}

#[test]
fn c05_what_counts_as_activity() {
    decides("inactivity.counts", r#"["a sign-in"]"#, r#"["a sign-in", "a reply"]"#);
    given("inactivity.counts", "10000");
}

#[test]
fn c06_months_of_inactivity() {
    decides("inactivity.month_end", r#""clamp""#, r#""next_day""#);
    given("inactivity.month_end", "10000");
}

#[test]
fn c07_smallest_group() {
    decides("anonymity.smallest_group", "5", "10");
    given("anonymity.smallest_group", "10101");
}

#[test]
fn c08_timely_acknowledgement() {
    decides("clock.acknowledge", r#""P3D""#, r#""P10D""#);
    given("clock.acknowledge", "01000");
}

#[test]
fn c09_undue_delay() {
    decides("clock.undue_delay", r#""P14D""#, r#""P1M""#);
    given("clock.undue_delay", "00010");
}

#[test]
fn c10_validity_of_a_confirmation() {
    decides("erasure.confirm_within", r#""P7D""#, r#""P14D""#);
    given("erasure.confirm_within", "01000");
}

#[test]
fn c11_waiting_after_a_choice() {
    decides("share.wait_after_choice", r#""P14D""#, r#""P30D""#);
    given("share.wait_after_choice", "01000");
}

#[test]
fn c12_major_changes() {
    decides("change.major", r#"["a new purpose"]"#, r#"["a new purpose", "a new recipient"]"#);
    given("change.major", "10001");
}

#[test]
fn c13_closed_lists() {
    decides("collection.closed_lists", "true", "false");
    given("collection.closed_lists", "01110");
}

#[test]
fn c14_declinable_service_messages() {
    decides("messages.service_optout.digest", "false", "true");
    given("messages.service_optout", "00101");
}

#[test]
fn c15_powers_of_administrators() {
    decides("administrator.powers.read-content", r#""never""#, r#""with_notice""#);
    given("administrator.powers", "00100");
}

#[test]
fn c16_location_precision() {
    decides("location.precision", r#""city""#, r#""exact""#);
    given("location.precision", "00001");
}

#[test]
fn c17_introductions() {
    decides("referral.introductions", "1", "2");
    given("referral.introductions", "00001");
}

#[test]
fn c18_review_interval() {
    decides("change.review_every", r#""P1Y""#, r#""P6M""#);
    given("change.review_every", "00011");
}

#[test]
fn c19_fee_grounds() {
    decides("fees.tariff", r#""5 euros for a second copy""#, r#""10 euros for a second copy""#);
    given("fees.tariff", "00010");
}

#[test]
fn c20_breach_clock() {
    decides("breach.within", r#""PT72H""#, r#""P3D""#);
    given("breach.within", "11111");
}

#[test]
fn c21_silent_tenant() {
    decides("route.silent_tenant_after", r#""P14D""#, r#""P30D""#);
    given("route.silent_tenant_after", "01101");
}

#[test]
fn c22_properly_made_requests() {
    decides("legal.properly_made", r#"["a signature"]"#, r#"["a court order"]"#);
    given("legal.properly_made", "00010");
}

#[test]
fn c23_arbitration() {
    decides("complaint.arbitration_when", r#""all else was tried""#, r#""never""#);
    given("complaint.arbitration_when", "01000");
}
