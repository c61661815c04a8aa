//! Questions whose answer was yes where nothing said so.

use engine::decide::claim::holds;
use engine::decide::disclose::{Class, Disclosure, classes, may_disclose};
use engine::decide::purpose::{Use, may_use};
use engine::decide::rights::has;
use engine::decide::transfer::{lawful, uncovered};
use engine::policy::compile::compile;
use engine::policy::model::Said;

use crate::folder::{DAY, found, policy, source};

const PURPOSES: &str = "[purpose.repair]\ntitle = \"Repair\"\nbasis = \"contract\"\ncategories = [\"user.device\"]\n\n\
    [purpose.support]\ntitle = \"Support\"\nbasis = \"contract\"\ncategories = [\"user\"]\nclosed_to = [\"notes\"]\n";
const CATEGORIES: &str = "[category.machine]\ntitle = \"Machine\"\ncovers = [\"user.device\", \"user.unique_id\"]\n\n\
    [category.contact]\ntitle = \"Contact\"\ncovers = [\"user.contact\"]\n\n\
    [category.notes]\ntitle = \"Notes\"\ncovers = [\"user.content\"]\n";

fn said(recipients: &str) -> Said {
    let europe = "[regime.europe]\ntitle = \"Law of Europe\"\nplaces = [\"EEA\"]\n";
    let files = [
        ("policy.toml", europe),
        ("purposes.toml", PURPOSES),
        ("collection.toml", CATEGORIES),
        ("recipients.toml", recipients),
    ];
    policy(&files).said
}

fn host(transfers: &str) -> String {
    format!(
        "[recipient.host]\nname = \"Host\"\nrole = \"processor\"\ncountry = \"US\"\npurposes = [\"repair\", \"support\"]\n\
         categories = [\"contact\", \"machine\"]\n\n{transfers}"
    )
}

fn transfer(name: &str, from: &str, mechanism: &str, rest: &str) -> String {
    format!("[transfer.{name}]\nfrom = [\"{from}\"]\nto = \"US\"\nmechanism = \"{mechanism}\"\n{rest}\n")
}

fn to_host(said: &Said, category: &str, purpose: &str, place: Option<&str>, given: &[&str]) -> bool {
    let what = Disclosure { category, purpose, population: None, place, given, day: DAY };
    may_disclose(said, "host", what).allowed
}

#[test]
fn a_recipient_gets_nothing_that_its_purpose_may_not_use() {
    let said = said(&host(&transfer("clauses", "EEA", "standard_contractual_clauses", "")));
    assert!(to_host(&said, "user.device", "repair", None, &[]));
    assert!(!to_host(&said, "user.contact.email", "repair", None, &[]));
}

#[test]
fn a_category_is_used_whole_or_not() {
    let said = said("");
    let used = |purpose, category| may_use(&said, purpose, Use { category, ..Use::default() }).allowed;
    assert!(used("repair", "user.device") && !used("repair", "machine"));
    // What contains something closed is closed too.
    assert!(!used("support", "user.content") && !used("support", "user") && used("support", "user.contact"));
}

#[test]
fn names_that_the_folder_does_not_have_open_nothing() {
    let said = said("");
    let of = |data| may_use(&said, "repair", data).allowed;
    let device = Use { category: "user.device", ..Use::default() };
    assert!(of(device));
    assert!(!of(Use { point: Some("nowhere"), ..device }));
    assert!(!of(Use { source: Some("nobody"), ..device }));
    assert!(!of(Use { population: Some("martian"), ..device }));
}

#[test]
fn nothing_goes_abroad_without_a_way_for_these_people() {
    let over = "until = \"2024-01-01\"";
    let to = |transfers: &str, place, given: &[&str]| {
        to_host(&said(&host(transfers)), "user.device", "repair", place, given)
    };
    let clauses = |rest| transfer("clauses", "EEA", "standard_contractual_clauses", rest);
    assert!(to(&clauses(""), None, &[]));
    assert!(!to("", None, &[]) && !to(&clauses(over), None, &[]));
    // A way for others is none for them; of people whose law asks for nothing, nothing is asked.
    let canada = transfer("canada", "CA", "none_needed", "");
    assert!(!to(&canada, None, &[]) && to(&canada, Some("CA"), &[]));
    let consent = transfer("chosen", "EEA", "consent", "");
    assert!(!to(&consent, None, &[]) && to(&consent, None, &["consent"]));
}

#[test]
fn people_from_anywhere_are_also_those_with_a_law() {
    let allowed = |mechanism| {
        let said = said(&host(&transfer("any", "*", mechanism, "")));
        lawful(&said, said.find("transfer", "any").expect("it is declared"), DAY).allowed
    };
    assert!(!allowed("none_needed") && !allowed("adequacy") && !allowed("privacy_shield"));
    assert!(allowed("standard_contractual_clauses"));
    // One that is lawful for some leaves the others uncovered.
    let places = "[regime.both]\ntitle = \"Both\"\nplaces = [\"EEA\", \"CH\"]\n";
    let home = "[recipient.host]\nname = \"Host\"\nrole = \"processor\"\ncountry = \"IE\"\ncategories = [\"contact\"]\n\n\
        [transfer.home]\nfrom = [\"*\"]\nto = \"IE\"\nmechanism = \"none_needed\"\n";
    let files = [("policy.toml", places), ("collection.toml", CATEGORIES), ("recipients.toml", home)];
    let folder = policy(&files);
    let open: Vec<String> = uncovered(&folder, &folder.said, DAY).into_iter().map(|flow| flow.from).collect();
    assert_eq!(open, ["CH"]);
}

#[test]
fn who_receives_nothing_any_more_needs_no_transfer() {
    let host = |until| host("").replace("country", &format!("until = \"{until}\"\ncountry"));
    let open = |text: &str| {
        let europe = ("policy.toml", "[regime.europe]\ntitle = \"Law of Europe\"\nplaces = [\"EEA\"]\n");
        let folder =
            policy(&[europe, ("purposes.toml", PURPOSES), ("collection.toml", CATEGORIES), ("recipients.toml", text)]);
        uncovered(&folder, &folder.said, DAY).len()
    };
    assert_eq!((open(&host("2020-01-01")), open(&host("2030-01-01"))), (0, 1));
}

#[test]
fn data_can_be_sold_and_shared_at_once() {
    let text = host("").replace("country", "consideration = \"money\"\nbehavioural_advertising = true\ncountry");
    let said = said(&text);
    let host = said.find("recipient", "host").expect("it is declared");
    assert_eq!(classes(&said, host), [Class::Sale, Class::Share]);
}

fn claims(says: &str, files: &[(&str, &str)]) -> bool {
    let text = format!("[claim.it]\nsays = \"{says}\"\n");
    let said = policy(&[files, &[("policy.toml", &text)]].concat()).said;
    holds(&said, said.find("claim", "it").expect("it is declared"), DAY, Some(0)).is_ok()
}

#[test]
fn clauses_are_no_adequate_country() {
    let only = |mechanism| {
        let text = host(&transfer("t", "EEA", mechanism, ""));
        let files = [("purposes.toml", PURPOSES), ("collection.toml", CATEGORIES), ("recipients.toml", text.as_str())];
        (claims("only_adequate_countries", &files), claims("transfer_safeguarded", &files))
    };
    assert_eq!(only("standard_contractual_clauses"), (false, true));
}

#[test]
fn sensitive_data_in_marketing_is_seen_by_its_key() {
    let health = "[category.health]\ntitle = \"Health\"\ncovers = [\"user.health\"]\nsensitive = true\n";
    let purpose = |key| {
        format!(
            "[purpose.news]\ntitle = \"News\"\nbasis = \"consent\"\nconsent = \"opt_in\"\nmarketing = true\ncategories = [\"{key}\"]\n"
        )
    };
    let other = "[recipient.none]\nname = \"N\"\nrole = \"processor\"\n";
    let limited = |key| {
        let text = purpose(key);
        claims(
            "sensitive_not_beyond_limits",
            &[("collection.toml", health), ("purposes.toml", text.as_str()), ("recipients.toml", other)],
        )
    };
    assert!(limited("user.contact.email") && !limited("user.health") && !limited("user"));
}

#[test]
fn the_regime_for_all_others_is_not_for_those_who_have_one() {
    let rest =
        "[regime.rest]\ntitle = \"Elsewhere\"\nplaces = [\"*\"]\nrequests = \"grant\"\nrights = [\"portability\"]\n";
    let europe = "[regime.europe]\ntitle = \"Law of Europe\"\nplaces = [\"EEA\"]\nrequests = \"refuse\"\n";
    for text in [format!("{rest}\n{europe}"), format!("{europe}\n{rest}")] {
        let said = policy(&[("policy.toml", &text)]).said;
        assert!(!has(&said, "portability", "DE", None).allowed);
        assert!(has(&said, "portability", "JP", None).allowed);
    }
}

#[test]
fn places_and_keys_of_the_taxonomy_are_known_ones() {
    let codes = |files: &[(&str, &str)]| {
        let findings = compile(&source(files), None).diagnostics;
        findings.iter().map(|d| d.code.0).collect::<Vec<_>>()
    };
    let regime = "[regime.typo]\ntitle = \"Law\"\nplaces = [\"EAA\"]\n";
    assert_eq!(codes(&[("policy.toml", regime)]), ["U0009"]);
    let category = "[category.card]\ntitle = \"Card\"\ncovers = [\"user.financal\"]\n";
    assert_eq!(codes(&[("collection.toml", category)]), ["U0101"]);
    let tracker = "[tracker.pixel]\ntitle = \"Pixel\"\nkind = \"pixel\"\nsetter = \"adds\"\npurposes = []\n";
    assert_eq!(codes(&[("collection.toml", tracker)]), ["U1001"]);
}

#[test]
fn a_contract_that_is_over_is_told_while_data_still_goes() {
    let of = |until| {
        format!(
            "[recipient.host]\nname = \"Host\"\nrole = \"processor\"\nagreement_until = \"2025-12-31\"\nuntil = \"{until}\"\n"
        )
    };
    assert_eq!(found("U1108", &[("recipients.toml", &of("2027-01-01"))]).len(), 1);
    assert!(found("U1108", &[("recipients.toml", &of("2025-12-31"))]).is_empty());
}
