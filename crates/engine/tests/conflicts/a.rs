//! What notices do differently: the setting that decides it, and the example folders whose notice speaks of it.
//!
//! The marks are those folders, in the order of [`FOLDERS`](crate::examples::FOLDERS).

use crate::examples::given;
use crate::folder::decides;

#[test]
fn a01_age_limit() {
    decides("children.min_age", "13", "18");
    given("children.min_age", "01011");
    decides("children.sale_min_age", "0", "16");
    given("children.sale_min_age", "01000");
}

#[test]
fn a02_parental_consent() {
    // What follows from each value: row B31.
    decides("children.parental_consent_allows", "false", "true");
    given("children.parental_consent_allows", "01011");
}

#[test]
fn a03_do_not_track() {
    decides("signals.dnt", r#""ignore""#, r#""honour""#);
    given("signals.dnt", "01001");
}

#[test]
fn a04_global_privacy_control() {
    decides("signals.gpc", r#""browser""#, r#""person""#);
    given("signals.gpc", "01100");
}

#[test]
fn a05_fee_for_access() {
    decides("fees.access", r#""zero""#, r#""lawful_grounds""#);
    given("fees", "01010");
}

#[test]
fn a06_answer_time() {
    decides("clock.access", r#""P30D""#, r#""P1M""#);
    given("clock", "11010");
}

#[test]
fn a07_identity_check() {
    decides("verify.method", r#""account""#, r#""fields""#);
    given("verify.method", "11101");
    given("verify.required_fields", "01000");
}

#[test]
fn a08_agents() {
    decides("agents.allowed", "false", "true");
    given("agents.allowed", "01000");
}

#[test]
fn a09_second_confirmation() {
    decides("erasure.confirm", r#""never""#, r#""online""#);
    given("erasure.confirm", "01000");
}

#[test]
fn a10_who_gets_rights() {
    decides("rights.no_law_place", r#""discretion""#, r#""grant""#);
    given("rights.no_law_place", "11110");
    given("regime:", "11110");
}

#[test]
fn a11_users_of_a_customer() {
    decides("route.tenant_user", r#""handle""#, r#""administrator_first""#);
    given("route.tenant_user", "11101");
}

#[test]
fn a12_role() {
    given("role:", "11111");
}

#[test]
fn a13_retention_end() {
    decides("retention.as_long_as_necessary.contact", r#""P3M""#, r#""P2Y""#);
    given("retention.as_long_as_necessary", "11111");
    given("retention:", "11111");
}

#[test]
fn a14_end_action() {
    decides("retention.end_action", r#""delete""#, r#""deidentify""#);
    given("retention.end_action", "10111");
}

#[test]
fn a15_deactivation() {
    decides("account.deactivate_by", r#"["person"]"#, r#"["administrator", "support"]"#);
    given("account.deactivate_by", "11101");
}

#[test]
fn a16_marketing_default() {
    decides("marketing.model.EEA", r#""opt_in""#, r#""opt_out""#);
    given("marketing.model", "11111");
}

#[test]
fn a17_service_messages() {
    decides("messages.service_optout.digest", "false", "true");
    given("messages.service_optout", "11101");
}

#[test]
fn a18_marketing_of_others() {
    decides("share.third_party_marketing", r#""never""#, r#""opt_in""#);
    given("share.third_party_marketing", "11101");
}

#[test]
fn a19_sale() {
    decides("sale.definition.US-CA", r#""money""#, r#""money_or_other_value""#);
    given("sale.definition", "11101");
}

#[test]
fn a20_change_of_policy() {
    decides("change.less_restrictive_needs_consent", "true", "false");
    given("change.less_restrictive_needs_consent", "11011");
    given("change:", "11011");
}

#[test]
fn a21_continued_use() {
    decides("acceptance.deemed", r#""never""#, r#""minor""#);
    given("acceptance.deemed", "11101");
}

#[test]
fn a22_change_of_ownership() {
    decides("transaction.notice", r#""none""#, r#""either""#);
    given("transaction.notice", "11101");
}

#[test]
fn a23_breach() {
    decides("breach.recipients", r#"["administrators"]"#, r#"["persons", "authority"]"#);
    given("breach.recipients", "10000");
}

#[test]
fn a24_payment_data() {
    decides("payment.vault", r#""forbidden""#, r#""declared""#);
    given("payment.vault", "11111");
}

#[test]
fn a25_cookies() {
    decides("cookies.mode.EEA", r#""opt_in""#, r#""notice""#);
    given("cookies.mode", "11111");
}

#[test]
fn a26_email_tracking() {
    decides("tracking.email.marketing", r#"["opens", "clicks"]"#, "[]");
    given("tracking.email", "10100");
}

#[test]
fn a27_transfer_mechanism() {
    decides("transfer.order", r#"["adequacy"]"#, r#"["consent", "adequacy"]"#);
    given("transfer.order", "11101");
    given("transfer:", "11101");
}

#[test]
fn a28_complaint_path() {
    decides("complaint.ladder", r#"["the officer"]"#, r#"["the company", "an arbitrator"]"#);
    given("complaint.ladder", "11110");
}

#[test]
fn a29_penalty_free_rights() {
    decides("rights.non_discrimination", r#""all""#, r#""by_law""#);
    given("rights.non_discrimination", "11111");
}

#[test]
fn a30_automated_decisions() {
    decides("adm.default", r#""off""#, r#""opt_out""#);
    given("adm.default", "01110");
}

#[test]
fn a31_portability() {
    decides("portability.select", r#""provided""#, r#""account""#);
    given("portability.select", "11111");
}

#[test]
fn a32_restriction_grounds() {
    decides("restriction.grounds", r#"["any"]"#, r#"["accuracy", "unlawful"]"#);
    given("restriction.grounds", "11111");
}

#[test]
fn a33_mail_domain() {
    decides("domain.claim", r#""notify""#, r#""managed""#);
    given("domain.claim", "01101");
}

#[test]
fn a34_authorities() {
    decides("legal.reasons", r#"["law"]"#, r#"["law", "rights"]"#);
    given("legal.reasons", "11110");
}

#[test]
fn a35_affiliates() {
    decides("affiliates.allowed_purposes", "[]", r#"["support"]"#);
    given("affiliates.allowed_purposes", "01111");
}

#[test]
fn a36_generative_ai() {
    decides("ai.categories", "[]", r#"["feedback"]"#);
    given("ai.categories", "01000");
}

#[test]
fn a37_self_run_edition() {
    decides("edition.telemetry", r#""off""#, r#""on""#);
    given("edition.telemetry", "00110");
    // What clients run is theirs to decide about, also where it is hosted for them.
    given("edition:", "00110");
    given("role:", "00010");
}

#[test]
fn a38_words() {
    decides("personal.test", r#""linkable""#, r#""label""#);
    given("personal.test", "11011");
}
