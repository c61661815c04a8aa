//! What contradicts itself inside one notice: a small folder that does, and the finding, the decision or the setting that
//! settles it. Rows about requests stand in `requests.rs`.

use engine::decide::disclose::{Disclosure, may_disclose};
use engine::decide::purpose::{Use, may_use};
use engine::decide::transfer::{covering, lawful};
use engine::decide::{collect, rights};
use engine::notice::lookback::{lookback, year};
use engine::notice::versions::{Agreement, Needed, satisfies};
use engine::policy::compile::compile;

use crate::folder::{DAY, clash, decides, found, policy, source};

const CONTRADICTION: &str = "U1106";

/// A purpose that is marketing, and one that is not.
const PURPOSES: &str = r#"
[purpose.support]
title = "Answer"
basis = "contract"
categories = ["user.name"]

[purpose.news]
title = "Tell of new things"
basis = "consent"
consent = "opt_in"
marketing = true
categories = ["user.contact.email"]
"#;

const CATEGORIES: &str = r#"
[category.contact]
title = "Contact details"
covers = ["user.contact"]

[category.usage]
title = "Usage"
covers = ["user.behavior"]
"#;

/// Settings that clash with the rest of a folder, and do not.
fn setting(words: &str, wrong: &str, right: &str, rest: &[(&str, &str)]) {
    let with = |text| [rest, &[("settings.toml", text)]].concat();
    clash(CONTRADICTION, words, &with(wrong), &with(right));
}

#[test]
fn b01_certification_is_one_fact() {
    let held = "[certification.a]\nscheme = \"Data Privacy Framework\"\nstatus = \"held\"\n";
    let both = format!("{held}\n[certification.b]\nscheme = \"Data Privacy Framework\"\nstatus = \"not_taken_part\"\n");
    clash(CONTRADICTION, "two ways", &[("security.toml", &both)], &[("security.toml", held)]);
    // Without it the framework allows nothing; clauses do.
    let transfer = |mechanism: &str| {
        let text = format!(
            "[transfer.mail]\nfrom = [\"EEA\"]\nto = \"US\"\nmechanism = \"{mechanism}\"\ncertification = \"b\"\n"
        );
        let said = policy(&[("recipients.toml", &text), ("security.toml", &both)]).said;
        lawful(&said, said.find("transfer", "mail").expect("it is declared"), DAY).allowed
    };
    assert!(!transfer("data_privacy_framework") && transfer("standard_contractual_clauses"));
}

#[test]
fn b02_nothing_shared_against_an_advertising_partner() {
    let claim = ("policy.toml", "[claim.none]\nsays = \"not_shared_for_advertising\"\n");
    let partner = |flag| {
        format!(
            "[recipient.ads]\nname = \"Ads\"\nrole = \"controller\"\nkind = \"advertising\"\nbehavioural_advertising = {flag}\n"
        )
    };
    let (shares, works) = (partner(true), partner(false));
    clash("U1103", "goes to ads", &[claim, ("recipients.toml", &shares)], &[claim, ("recipients.toml", &works)]);
}

#[test]
fn b03_a_category_that_stands_for_nothing() {
    let category = |covers| format!("[category.financial]\ntitle = \"Financial\"\ncovers = {covers}\n");
    let (empty, said) = (category("[]"), category("[\"user.financial\"]"));
    clash("U1102", "financial", &[("collection.toml", &empty)], &[("collection.toml", &said)]);
}

/// The table is computed, so it has a row for each category that is gathered, and a recipient nowhere it is not.
#[test]
fn b04_the_table_of_disclosures_is_whole() {
    let mail =
        "[recipient.mail]\nname = \"Mail\"\nrole = \"processor\"\nkind = \"email\"\ncategories = [\"contact\"]\n";
    let said = policy(&[("collection.toml", CATEGORIES), ("recipients.toml", mail)]).said;
    let table = lookback(&said, DAY, year());
    let rows: Vec<(&str, usize)> = table.rows.iter().map(|r| (r.category.as_str(), r.disclosed.len())).collect();
    assert_eq!(rows, [("contact", 1), ("usage", 0)]);
}

#[test]
fn b05_effective_before_it_was_published() {
    let head = |effective| {
        format!(
            "+++\ntitle = \"P\"\nversion = \"1\"\neffective = \"{effective}\"\npublished = \"2026-04-01\"\n+++\nWords.\n"
        )
    };
    let (early, same) = (head("2026-03-01"), head("2026-04-01"));
    clash("U1108", "before it was published", &[("notice.md", &early)], &[("notice.md", &same)]);
}

#[test]
fn b06_rights_of_people_outside_the_scope() {
    let people = ("policy.toml", "[subjects.employee]\nlabel = \"Employee\"\nheld = false\n");
    let right = ("rights.toml", "[right.access]\npopulations = [\"employee\"]\n");
    let point = "[point.hr]\ntitle = \"Staff file\"\nkind = \"form\"\npopulations = [\"employee\"]\n";
    clash("U1105", "`employee`", &[people, right], &[people, right, ("collection.toml", point)]);
}

#[test]
fn b07_fields_for_every_request_against_a_click() {
    let message = "[message.news]\ntitle = \"News\"\nclass = \"marketing\"\nchannels = [\"email\"]\ndeclined_by = [\"footer_link\"]\n";
    let fields = "[verify]\nrequired_fields = [\"name\", \"phone\"]\n";
    let exempt = format!("{fields}exempt = [\"objection\"]\n");
    setting("needs fields", fields, &exempt, &[("messages.toml", message), ("purposes.toml", PURPOSES)]);
}

#[test]
fn b09_payment_data_for_marketing() {
    let purpose = |category| {
        format!(
            "[purpose.news]\ntitle = \"News\"\nbasis = \"consent\"\nconsent = \"opt_in\"\nmarketing = true\ncategories = [\"{category}\"]\n"
        )
    };
    let (paid, mail) = (purpose("user.financial"), purpose("user.contact.email"));
    clash(CONTRADICTION, "payments", &[("purposes.toml", &paid)], &[("purposes.toml", &mail)]);
}

#[test]
fn b10_deemed_acceptance_is_no_choice() {
    assert!(
        !satisfies(Needed::Explicit, Some(Agreement::Deemed)) && satisfies(Needed::Explicit, Some(Agreement::Explicit))
    );
    setting("deemed", "[acceptance]\nsatisfies_choice = true\n", "[acceptance]\nsatisfies_choice = false\n", &[]);
}

fn link(target: &str) -> String {
    format!("+++\ntitle = \"P\"\nversion = \"1\"\neffective = \"2026-03-01\"\n+++\n# Rights\n\nRead [on](#{target}).\n")
}

#[test]
fn b11_a_section_that_is_not_there() {
    clash("U1101", "#your-choices", &[("notice.md", &link("your-choices"))], &[("notice.md", &link("rights"))]);
}

#[test]
fn b13_linked_usage_for_a_purpose_that_is_closed_to_it() {
    let collection = |linked| {
        format!(
            "{CATEGORIES}\n[telemetry.visits]\ntitle = \"Visits\"\nattributes = {{ page = \"user.behavior.browsing_history\" }}\npurposes = [\"ads\"]\nlinked = {linked}\n"
        )
    };
    let purpose = "[purpose.ads]\ntitle = \"Ads\"\nbasis = \"consent\"\nconsent = \"opt_in\"\nmarketing = true\ncategories = [\"user.contact\"]\nclosed_to = [\"usage\"]\n";
    let (person, group) = (collection(true), collection(false));
    let with = |text| [("collection.toml", text), ("purposes.toml", purpose)];
    clash(CONTRADICTION, "known people", &with(&person), &with(&group));
    let said = policy(&with(&group)).said;
    assert!(!may_use(&said, "ads", Use { category: "usage", ..Use::default() }).allowed);
}

/// A purpose has one basis, and going on is none: consent is asked for.
#[test]
fn b14_deemed_consent_is_no_ground() {
    let purpose = |consent| {
        format!(
            "[purpose.news]\ntitle = \"News\"\nbasis = \"consent\"\nconsent = \"{consent}\"\ncategories = [\"user.name\"]\n"
        )
    };
    let (implied, asked) = (purpose("none"), purpose("opt_in"));
    clash("U1110", "`news`", &[("purposes.toml", &implied)], &[("purposes.toml", &asked)]);
    let two = asked.replace("\"consent\"\nconsent", "[\"consent\", \"contract\"]\nconsent");
    assert!(compile(&source(&[("purposes.toml", &two)]), None).policy.is_none());
}

#[test]
fn b15_one_topic_in_service_and_marketing() {
    let messages = |topic| {
        format!(
            "[message.alerts]\ntitle = \"Alerts\"\nclass = \"service\"\nchannels = [\"email\"]\ndeclined_by = []\ntopics = [\"new features\"]\n\n\
             [message.news]\ntitle = \"News\"\nclass = \"marketing\"\nchannels = [\"email\"]\ndeclined_by = [\"footer_link\"]\ntopics = [\"{topic}\"]\n"
        )
    };
    let (same, other) = (messages("new features"), messages("new products"));
    let with = |text| [("messages.toml", text), ("purposes.toml", PURPOSES)];
    clash(CONTRADICTION, "about the same", &with(&same), &with(&other));
}

#[test]
fn b16_a_cookie_that_holds_the_password() {
    let boundary =
        ("policy.toml", "[boundary.password]\nabout = \"credentials\"\nsays = \"Keep your password to yourself.\"\n");
    let tracker = |attribute| {
        format!(
            "[tracker.session]\ntitle = \"sid\"\nkind = \"cookie\"\nsetter = \"us\"\npurposes = [\"support\"]\nattributes = [\"{attribute}\"]\n"
        )
    };
    let (secret, id) = (tracker("password"), tracker("session_id"));
    let with = |text| [boundary, ("collection.toml", text), ("purposes.toml", PURPOSES)];
    clash(CONTRADICTION, "holds a password", &with(&secret), &with(&id));
}

#[test]
fn b17_letters_to_persons_who_are_not_told() {
    let breach = |who| format!("[breach]\nrecipients = {who}\nletter = \"by_law_free\"\n");
    setting("are not told", &breach("[\"administrators\"]"), &breach("[\"administrators\", \"persons\"]"), &[]);
}

#[test]
fn b18_letters_without_an_address() {
    let breach =
        |asked| format!("[breach]\nrecipients = [\"persons\"]\nchannels = [\"post\"]\nask_for_address = {asked}\n");
    setting("postal address", &breach(false), &breach(true), &[]);
}

/// What the folder itself grants is everybody's, whatever is done where no law gives it.
#[test]
fn b19_the_broader_promise_wins() {
    let regime = "[regime.elsewhere]\ntitle = \"Elsewhere\"\nplaces = [\"*\"]\nrequests = \"discretion\"\n";
    let has = |files: &[(&str, &str)]| rights::has(&policy(files).said, "erasure", "JP", None).allowed;
    assert!(!has(&[("policy.toml", regime)]));
    assert!(has(&[("policy.toml", regime), ("rights.toml", "[right.erasure]\nfee = \"none\"\n")]));
    decides("rights.broader_promise_wins", "true", "false");
}

#[test]
fn b21_marketing_for_the_company_and_for_their_own_ends() {
    let claim = ("policy.toml", "[claim.none]\nsays = \"no_own_marketing_of_others\"\n");
    let agency = |own| {
        format!(
            "[recipient.agency]\nname = \"Agency\"\nrole = \"processor\"\nkind = \"marketer\"\ndirect_marketing = {own}\n"
        )
    };
    let (own, ours) = (agency(true), agency(false));
    clash("U1103", "agency uses data", &[claim, ("recipients.toml", &own)], &[claim, ("recipients.toml", &ours)]);
}

fn edition(default: &str, sends: &str) -> String {
    format!(
        "[edition.own]\ntitle = \"Self-run\"\nrun_by = \"customer\"\ndefault = \"{default}\"\nswitch = \"administrator\"\nsends = [{sends}]\n\n\
         [telemetry.counts]\ntitle = \"Counts\"\nedition = \"own\"\nattributes = {{ clicks = \"user.behavior\" }}\n"
    )
}

#[test]
fn b23_an_edition_sends_before_anybody_decided() {
    let (on, off) = (edition("on", "\"counts\""), edition("off", "\"counts\""));
    let telemetry = ("settings.toml", "[edition]\ntelemetry = \"off\"\n");
    let with = |text| [telemetry, ("collection.toml", text)];
    clash(CONTRADICTION, "before anybody decided", &with(&on), &with(&off));
}

#[test]
fn b24_the_closed_list_of_an_edition() {
    let (open, listed) = (edition("off", ""), edition("off", "\"counts\""));
    clash(CONTRADICTION, "does not send it", &[("collection.toml", &open)], &[("collection.toml", &listed)]);
    let said = policy(&[("collection.toml", &listed)]).said;
    let sends = |item, switched| collect::sends(&said, "own", item, None, switched).allowed;
    assert!(sends("counts", Some(true)) && !sends("counts", None) && !sends("names", Some(true)));
}

#[test]
fn b25_no_sale_for_money_is_less_than_no_sale() {
    let partner =
        ("recipients.toml", "[recipient.p]\nname = \"P\"\nrole = \"controller\"\nconsideration = \"other_value\"\n");
    let claim = |says| format!("[claim.it]\nsays = \"{says}\"\n");
    let (all, money) = (claim("not_sold"), claim("not_sold_for_money"));
    clash("U1103", "data is sold", &[partner, ("policy.toml", &all)], &[partner, ("policy.toml", &money)]);
}

#[test]
fn b26_two_periods_for_the_same_data() {
    let rules = "[rule.one]\nperiod = \"P1Y\"\ncategories = [\"contact\"]\nfrom = \"closing\"\n\n[rule.two]\nperiod = \"P2Y\"\ncategories = [\"contact\"]\nfrom = \"closing\"\n";
    let rest = [("collection.toml", CATEGORIES), ("retention.toml", rules)];
    setting(
        "different periods",
        "[retention]\nend_action = \"delete\"\n",
        "[retention]\nstricter_wins = true\n",
        &rest,
    );
}

#[test]
fn b27_no_contact_no_day_no_rule_of_change() {
    let silent = |words: &str| found("U1107", &[]).iter().any(|d| d.message.contains(words));
    assert!(silent("what happens when the notice changes"));
    let contact =
        "+++\ntitle = \"P\"\nversion = \"1\"\neffective = \"2026-03-01\"\n+++\nWrite to {{ contact:legal.address }}.\n";
    clash("U1101", "contact:legal", &[("notice.md", contact)], &[("notice.md", &contact.replace("legal", "privacy"))]);
    let undated = "+++\ntitle = \"P\"\nversion = \"1\"\n+++\nWords.\n";
    assert!(compile(&source(&[("notice.md", undated)]), None).policy.is_none());
}

#[test]
fn b29_an_objection_holds_in_the_group() {
    let sister =
        "[recipient.sister]\nname = \"Sister\"\nrole = \"controller\"\nkind = \"affiliate\"\npurposes = [\"news\"]\n";
    let rest = [("recipients.toml", sister), ("purposes.toml", &named("sister"))];
    setting("goes on with it", "[affiliates]\nsuppression = false\n", "[affiliates]\nsuppression = true\n", &rest);
}

/// The marketing purpose with a recipient.
fn named(recipient: &str) -> String {
    format!("{PURPOSES}recipients = [\"{recipient}\"]\n")
}

#[test]
fn b30_text_messages_never_reach_others_for_marketing() {
    let partner = "[recipient.partner]\nname = \"Partner\"\nrole = \"controller\"\npurposes = [\"news\"]\ndirect_marketing = true\nneeds = \"opt_in\"\n";
    let message = "[message.texts]\ntitle = \"Texts\"\nclass = \"marketing\"\nchannels = [\"sms\"]\npurpose = \"news\"\ndeclined_by = [\"stop\"]\n";
    let purposes = named("partner");
    let rest = [("recipients.toml", partner), ("messages.toml", message), ("purposes.toml", &purposes)];
    setting("text messages", "[taint]\nsms = \"never\"\n", "[taint]\nsms = \"opt_in\"\n", &rest);
}

/// One activity on two grounds is two purposes, each with its own people; a use is of one of them.
#[test]
fn b32_which_ground_a_case_uses() {
    let grounds = "[purpose.by-consent]\ntitle = \"Calls\"\nbasis = \"consent\"\nconsent = \"explicit\"\ncategories = [\"user.name\"]\n\n\
        [purpose.by-contract]\ntitle = \"Calls\"\nbasis = \"contract\"\ncategories = [\"user.name\"]\n";
    let said = policy(&[("purposes.toml", grounds)]).said;
    let used = |purpose| may_use(&said, purpose, Use { category: "user.name", ..Use::default() }).allowed;
    assert!(used("by-consent") && used("by-contract") && !used("calls"));
    assert!(found("U1110", &[("purposes.toml", grounds)]).is_empty());
}

#[test]
fn b33_claims_of_the_company_alone() {
    let of = |whose| format!("[restriction]\nclaims_of = \"{whose}\"\n");
    setting("claims of the company", &of("company"), &of("both"), &[]);
}

#[test]
fn b35_marketing_without_a_purpose() {
    let message = (
        "messages.toml",
        "[message.news]\ntitle = \"News\"\nclass = \"marketing\"\nchannels = [\"email\"]\ndeclined_by = [\"footer_link\"]\n",
    );
    let support = PURPOSES.split("[purpose.news]").next().unwrap_or_default();
    clash(CONTRADICTION, "no purpose", &[message, ("purposes.toml", support)], &[message, ("purposes.toml", PURPOSES)]);
    let said = policy(&[("purposes.toml", support)]).said;
    assert!(!may_use(&said, "news", Use { category: "user.contact.email", ..Use::default() }).allowed);
}

const EUROPE: &str = "[regime.europe]\ntitle = \"Law of Europe\"\nplaces = [\"EEA\"]\n";

fn abroad(transfer: &str) -> String {
    format!(
        "[recipient.host]\nname = \"Host\"\nrole = \"processor\"\ncountry = \"US\"\ncategories = [\"contact\"]\n\n{transfer}"
    )
}

fn by(mechanism: &str) -> String {
    abroad(&format!(
        "[transfer.host]\nfrom = [\"EEA\"]\nto = \"US\"\nmechanism = \"{mechanism}\"\nrecipients = [\"host\"]\n"
    ))
}

#[test]
fn b36_servers_abroad_without_a_mechanism() {
    let (none, clauses) = (abroad(""), by("standard_contractual_clauses"));
    let with = |text| [("policy.toml", EUROPE), ("collection.toml", CATEGORIES), ("recipients.toml", text)];
    clash("U1104", "to be in US (host)", &with(&none), &with(&clauses));
}

#[test]
fn b37_no_day_and_no_version() {
    let undated = "+++\ntitle = \"Privacy\"\n+++\nWords.\n";
    let compiled = compile(&source(&[("notice.md", undated)]), None);
    let needs = |key: &str| compiled.diagnostics.iter().any(|d| d.message.contains(key));
    assert!(compiled.policy.is_none() && needs("`version`") && needs("`effective`"));
}

#[test]
fn b38_applied_for_is_not_held() {
    let claim = ("policy.toml", "[claim.iso]\nsays = \"certified\"\nscheme = \"ISO/IEC 27001\"\n");
    let register = |status| format!("[certification.iso]\nscheme = \"ISO/IEC 27001\"\nstatus = \"{status}\"\n");
    let (applied, held) = (register("applied_for"), register("held"));
    clash("U1103", "certified", &[claim, ("security.toml", &applied)], &[claim, ("security.toml", &held)]);
}

#[test]
fn b39_a_recipient_outside_the_list() {
    let mail = |purpose| {
        format!(
            "[recipient.mail]\nname = \"Mail\"\nrole = \"processor\"\npurposes = [\"{purpose}\"]\ncategories = [\"contact\"]\n"
        )
    };
    let (other, own) = (mail("support"), mail("news"));
    let purposes = named("mail");
    let with =
        |text| [("collection.toml", CATEGORIES), ("purposes.toml", purposes.as_str()), ("recipients.toml", text)];
    clash(CONTRADICTION, "and does not", &with(&other), &with(&own));
    let said = policy(&with(&own)).said;
    let what = Disclosure {
        category: "user.contact.email",
        purpose: "news",
        population: None,
        place: None,
        given: &[],
        day: DAY,
    };
    assert!(may_disclose(&said, "mail", what).allowed && !may_disclose(&said, "apps", what).allowed);
}

#[test]
fn b40_a_group_that_appears_later() {
    let people = "[subjects.viewer]\nlabel = \"Viewer\"\nheld = false\n\n[subjects.member]\nlabel = \"Member\"\nheld = false\n\n\
        [property.site]\ntitle = \"Site\"\nkind = \"site\"\npopulations = [\"viewer\"]\n";
    let purpose = |who| {
        format!("[purpose.site]\ntitle = \"Show the site\"\nbasis = \"contract\"\ncategories = [\"user.name\"]\n{who}")
    };
    let (nobody, viewers) = (purpose("populations = [\"member\"]\n"), purpose("populations = [\"viewer\"]\n"));
    let with = |text| [("policy.toml", people), ("purposes.toml", text)];
    clash("U1105", "data of `viewer`", &with(&nobody), &with(&viewers));
}

#[test]
fn b41_agreement_first_and_opting_out() {
    let message = |consent| {
        format!(
            "[message.news]\ntitle = \"News\"\nclass = \"marketing\"\nchannels = [\"email\"]\ndeclined_by = [\"footer_link\"]\nconsent = \"{consent}\"\n"
        )
    };
    let settings = ("settings.toml", "[marketing]\nstricter_wins = true\n[marketing.model]\n\"*\" = \"opt_in\"\n");
    let (out, first) = (message("opt_out"), message("opt_in"));
    let with = |text| [settings, ("messages.toml", text), ("purposes.toml", PURPOSES)];
    clash(CONTRADICTION, "without agreement", &with(&out), &with(&first));
}

#[test]
fn b42_implied_consent_is_not_explicit() {
    let partner = "[recipient.partner]\nname = \"Partner\"\nrole = \"controller\"\npurposes = [\"news\"]\ncategories = [\"contact\"]\nneeds = \"explicit_consent\"\n";
    let said =
        policy(&[("collection.toml", CATEGORIES), ("purposes.toml", &named("partner")), ("recipients.toml", partner)])
            .said;
    let may = |given: &[&str]| {
        may_disclose(
            &said,
            "partner",
            Disclosure {
                category: "user.contact.email",
                purpose: "news",
                population: None,
                place: None,
                given,
                day: DAY,
            },
        )
        .allowed
    };
    assert!(!may(&[]) && !may(&["consent"]) && may(&["explicit_consent"]));
}

/// Several mechanisms of one corridor are alternatives in their order.
#[test]
fn b43_mechanisms_in_order() {
    let transfer = |name, mechanism, order| {
        format!("[transfer.{name}]\nfrom = [\"EEA\"]\nto = \"US\"\nmechanism = \"{mechanism}\"\norder = {order}\n\n")
    };
    let both = transfer("clauses", "standard_contractual_clauses", 2) + &transfer("adequate", "adequacy", 1);
    let said = policy(&[("recipients.toml", &both)]).said;
    let tried = covering(&said, "DE", "US", None);
    let answers: Vec<(&str, bool)> = tried.iter().map(|t| (t.id.it.as_str(), lawful(&said, t, DAY).allowed)).collect();
    assert_eq!(answers, [("adequate", false), ("clauses", true)]);
    decides("transfer.order", r#"["adequacy", "standard_contractual_clauses"]"#, r#"["consent"]"#);
}

#[test]
fn b44_the_shield_ended_in_july_2020() {
    let (shield, clauses) = (by("privacy_shield"), by("standard_contractual_clauses"));
    let with = |text| [("collection.toml", CATEGORIES), ("recipients.toml", text)];
    clash("U1104", "2020-07-16", &with(&shield), &with(&clauses));
}

#[test]
fn b45_whose_interest_is_weighed() {
    let weighed = |whose| {
        format!(
            "[assessment.safety]\ninterest = \"Safety\"\nnecessity = \"None less\"\nbalance = \"Little\"\ndate = \"2026-01-10\"\nwhose = \"{whose}\"\n"
        )
    };
    let (person, company) = (weighed("person"), weighed("company"));
    clash("U1110", "interest of the person", &[("purposes.toml", &person)], &[("purposes.toml", &company)]);
}

#[test]
fn b46_data_about_nobody_that_is_linked() {
    let of = |linked| {
        format!(
            "[category.figures]\ntitle = \"Figures\"\ncovers = [\"user.behavior\"]\npersonal = false\n\n[telemetry.use]\ntitle = \"Use\"\nattributes = {{ page = \"user.behavior.browsing_history\" }}\nlinked = {linked}\n"
        )
    };
    let (linked, loose) = (of(true), of(false));
    clash(CONTRADICTION, "about nobody", &[("collection.toml", &linked)], &[("collection.toml", &loose)]);
}

#[test]
fn b47_closing_an_account_oneself() {
    let right = [("rights.toml", "[right.deactivation]\nself_service = \"Account page\"\n")];
    let may = |who| format!("[account]\ndeactivate_by = [{who}]\n");
    setting("close their accounts", &may("\"administrator\", \"support\""), &may("\"person\", \"support\""), &right);
}

#[test]
fn b48_contents_that_lead_nowhere() {
    clash("U1101", "#contents", &[("notice.md", &link("contents"))], &[("notice.md", &link("rights"))]);
    let lost = link("rights").replace("# Rights", "# Rights\n\n{{ table partners }}");
    clash(
        "U1101",
        "table partners",
        &[("notice.md", &lost)],
        &[("notice.md", &lost.replace("partners", "recipients"))],
    );
}

#[test]
fn b49_card_numbers_and_no_word_on_storage() {
    let point = (
        "collection.toml",
        "[point.order]\ntitle = \"Order by phone\"\nkind = \"phone\"\nrequired = { card = \"user.financial.credit_card\" }\n",
    );
    let vault = |value| format!("[payment]\nvault = \"{value}\"\n");
    let (token, declared) = (vault("token"), vault("declared"));
    clash("U1107", "card numbers", &[point], &[point, ("settings.toml", &declared)]);
    setting("is no checkout", &token, &declared, &[point]);
}
