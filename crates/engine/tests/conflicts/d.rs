//! Silences: a notice that leaves a topic out is told so, and one that decides it is not.

use crate::folder::{clash, found};

/// Silent without the file, and not with it.
fn silent(topic: &str, path: &str, text: &str) {
    clash("U1107", &format!("silent on {topic}"), &[], &[(path, text)]);
}

#[test]
fn d01_breach_notification() {
    silent("breach", "settings.toml", "[breach]\nrecipients = [\"persons\"]\n");
}

#[test]
fn d02_children() {
    silent("children", "settings.toml", "[children]\nmin_age = 16\n");
}

#[test]
fn d03_agents() {
    silent("agents", "settings.toml", "[agents]\nallowed = true\n");
}

/// A notice without a day does not compile at all.
#[test]
fn d04_date_or_version() {
    let head = "+++\ntitle = \"Privacy\"\n+++\n# Privacy\n";
    let compiled = engine::policy::compile::compile(&crate::folder::source(&[("notice.md", head)]), None);
    let said: Vec<&str> = compiled.diagnostics.iter().map(|d| d.message.as_str()).collect();
    assert!(compiled.policy.is_none());
    assert!(["version", "effective"].iter().all(|key| said.iter().any(|m| m.contains(key))), "{said:?}");
}

#[test]
fn d05_change_procedure() {
    let rule = "[change.notice]\nchannels = [\"page\"]\nagreement = \"none\"\n";
    silent("what happens when the notice changes", "policy.toml", rule);
}

#[test]
fn d06_contact_point() {
    let company = "[company]\nname = \"Acme\"\n";
    let source = {
        let mut source = engine::source::Source::default();
        source.add("policy.toml", company);
        source.add("notice.md", "+++\ntitle = \"P\"\nversion = \"1\"\neffective = \"2026-03-01\"\n+++\nWords.\n");
        source
    };
    let policy = engine::policy::compile::compile(&source, None).policy.expect("the folder compiles");
    let all = engine::lint::findings(&policy, crate::folder::DAY);
    let silent = |words: &str| all.iter().any(|d| d.message.contains(words));
    assert!(silent("silent on how to reach the company") && silent("whom to write about rights"));
    assert!(found("U1111", &[]).is_empty());
}

#[test]
fn d07_legal_grounds() {
    let purpose = "[purpose.support]\ntitle = \"Answer\"\nbasis = \"contract\"\ncategories = [\"user.name\"]\n";
    silent("why data is used", "purposes.toml", purpose);
    let baseless = purpose.replace("contract", "consent");
    clash("U1110", "support", &[("purposes.toml", &baseless)], &[("purposes.toml", purpose)]);
}

#[test]
fn d08_supervisory_authority() {
    let authority = "[authority.home]\nname = \"The authority\"\nplaces = [\"*\"]\nmatters = [\"complaints\"]\n";
    silent("who hears complaints", "policy.toml", authority);
}

#[test]
fn d09_transfer_mechanism() {
    let regime = "[regime.europe]\ntitle = \"Law of Europe\"\nplaces = [\"EEA\"]\n";
    let mail =
        "[recipient.mail]\nname = \"Mail\"\nrole = \"processor\"\ncountry = \"US\"\ncategories = [\"contact\"]\n";
    let category = "[category.contact]\ntitle = \"Contact\"\ncovers = [\"user.contact\"]\n";
    let transfer = "[transfer.mail]\nfrom = [\"EEA\"]\nto = \"US\"\nmechanism = \"standard_contractual_clauses\"\n";
    let covered = format!("{mail}\n{transfer}");
    let rest = [("policy.toml", regime), ("collection.toml", category)];
    let with = |recipients| [rest[0], rest[1], ("recipients.toml", recipients)];
    clash("U1104", "(mail)", &with(mail), &with(&covered));
}

#[test]
fn d10_list_of_sub_processors() {
    silent("sub-processors", "settings.toml", "[sub_processors]\npublished = true\n");
}

#[test]
fn d11_backups() {
    silent("backups", "settings.toml", "[backup]\nmode = \"expire\"\n");
}

#[test]
fn d12_sensitive_data() {
    silent("sensitive data", "settings.toml", "[sensitive]\ndefault = \"deny\"\n");
}

#[test]
fn d13_deadline_for_requests() {
    silent("deadline", "settings.toml", "[clock]\naccess = \"P1M\"\n");
}

#[test]
fn d14_retention_period_as_a_number() {
    silent("retention", "settings.toml", "[retention.as_long_as_necessary]\ncontact = \"P2Y\"\n");
}
