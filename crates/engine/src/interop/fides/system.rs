//! Systems: what they use data for, and who receives it.

use super::super::yaml::Node;
use super::dataset::{UNKNOWN, named};
use super::read::{Fields, Notes, Place, joined};

/// A system.
#[derive(Debug)]
pub struct System {
    pub key: String,
    pub name: Option<String>,
    pub description: Option<String>,
    /// What Fides calls its type, in small letters.
    pub kind: String,
    /// Somebody else's: it receives data.
    pub outside: bool,
    /// `processor`, `controller` or `sub_processor`, where it is said.
    pub role: Option<&'static str>,
    pub declarations: Vec<Declaration>,
    /// Where it sends data, and whether that is another system.
    pub egress: Vec<(String, bool, Place)>,
}

/// What a system uses data for.
#[derive(Debug)]
pub struct Declaration {
    pub name: Option<String>,
    pub data_use: Option<String>,
    pub categories: Vec<String>,
    pub subjects: Vec<String>,
    pub datasets: Vec<String>,
    /// In the words of our folder.
    pub basis: Option<&'static str>,
    pub third_parties: Option<String>,
    /// It is shared, and nothing says with whom.
    pub shared: bool,
    pub egress: Vec<String>,
    /// As it is written, and as a period where it is one.
    pub retention: Option<(String, Option<String>)>,
    pub at: Place,
}

/// Reads a system.
pub fn system(node: &Node, nth: usize, notes: &mut Notes) -> Option<System> {
    let mut fields = named(node, "system", "fides_key", nth, notes)?;
    let kind = fields.text("system_type").unwrap_or_default().to_lowercase();
    let role = role(&mut fields, notes);
    let several = fields.several("privacy_declarations");
    let path = fields.path.clone();
    let declarations = several.iter().enumerate().filter_map(|(n, d)| declaration(d, n, &path, notes)).collect();
    let egress = fields.several("egress").into_iter().enumerate().filter_map(|(n, f)| flow(f, n, &path, notes));
    let egress = egress.collect();
    let key = fields.text("fides_key").unwrap_or_default();
    let name = fields.text("legal_name").or_else(|| fields.text("name"));
    let description = fields.text("description");
    fields.get("name");
    fields.is_of_the_default_organization();
    let outside = kind.contains("third") || fields.text("vendor_id").is_some();
    fields.finish(notes, |key| match key {
        "ingress" => "where data comes from is said as [source.ID] in collection.toml",
        "dataset_references" => "purposes name categories of data, not datasets",
        "third_country_transfers" | "does_international_transfers" | "legal_basis_for_transfers" => {
            "transfers are said of each recipient: `country` and `mechanism` in recipients.toml"
        }
        "organization_fides_key" => "a folder is of one company",
        "joint_controller" | "joint_controller_info" => {
            "who decides about which data is said under [role] in policy.toml"
        }
        "uses_cookies" | "cookie_max_age_seconds" | "cookie_refresh" | "uses_non_cookie_access" => {
            "cookies and trackers are said as [tracker.ID] in collection.toml"
        }
        "data_security_practices" => {
            "safeguards are said as [safeguard.ID] in security.toml, each so that it can be checked"
        }
        "dpo" | "administrating_department" => "people with a duty are said as [officer.ID] in policy.toml",
        "uses_profiling" | "legal_basis_for_profiling" => "say it as a purpose of its own, with its legal basis",
        "data_protection_impact_assessment"
        | "requires_data_protection_assessments"
        | "dpa_location"
        | "dpa_progress" => "Upheld keeps no impact assessments",
        _ => UNKNOWN,
    });
    Some(System { key, name, description, kind, outside, role, declarations, egress })
}

fn role(fields: &mut Fields<'_>, notes: &mut Notes) -> Option<&'static str> {
    let mut said = fields.texts("responsibility");
    said.extend(fields.text("data_responsibility_title"));
    if said.len() > 1 {
        notes.left(&fields.at("responsibility", notes), "a recipient has one role; the first was taken");
    }
    match said.first()?.as_str() {
        "Controller" => Some("controller"),
        "Processor" => Some("processor"),
        "Sub-Processor" => Some("sub_processor"),
        other => {
            let key =
                if fields.texts("responsibility").is_empty() { "data_responsibility_title" } else { "responsibility" };
            notes.left(&fields.at(key, notes), format!("`{other}` is no role that a recipient can have"));
            None
        }
    }
}

fn flow(node: &Node, nth: usize, above: &str, notes: &mut Notes) -> Option<(String, bool, Place)> {
    let path = format!("{above}.egress[{nth}]");
    let at = notes.place(node.line, path.clone());
    let read = Fields::of(node, &path).and_then(|mut fields| {
        let read = (fields.text("fides_key"), fields.text("type"));
        fields.finish(notes, |key| match key {
            "data_categories" => "what a recipient receives is named by [category.ID] of collection.toml",
            _ => UNKNOWN,
        });
        Some((read.0?, read.1.as_deref() == Some("system"), at.clone()))
    });
    if read.is_none() {
        notes.left(&at, "it has no `fides_key`");
    }
    read
}

fn declaration(node: &Node, nth: usize, above: &str, notes: &mut Notes) -> Option<Declaration> {
    let path = joined(above, &format!("privacy_declarations[{nth}]"));
    let at = notes.place(node.line, path.clone());
    let Some(mut fields) = Fields::of(node, &path) else {
        notes.left(&at, "it has no keys");
        return None;
    };
    let basis = fields.text("legal_basis_for_processing").map(|said| (basis(&said), said));
    if let Some((None, said)) = &basis {
        notes.left(
            &fields.at("legal_basis_for_processing", notes),
            format!("`{said}` is no legal basis that Upheld knows"),
        );
    }
    let retention = fields.text("retention_period").map(|said| (said.clone(), period(&said)));
    let declaration = Declaration {
        name: fields.text("name"),
        data_use: fields.text("data_use"),
        categories: fields.texts("data_categories"),
        subjects: fields.texts("data_subjects"),
        datasets: fields.texts("dataset_references"),
        basis: basis.and_then(|(known, _)| known),
        third_parties: fields.text("third_parties").filter(|t| !t.trim().is_empty()),
        shared: fields.flag("data_shared_with_third_parties"),
        egress: fields.texts("egress"),
        retention,
        at,
    };
    // The default of Fides.
    if fields.text("flexible_legal_basis_for_processing").is_some_and(|f| f.eq_ignore_ascii_case("true")) {
        notes.left(&fields.at("flexible_legal_basis_for_processing", notes), "a purpose has one legal basis");
    }
    fields.finish(notes, |key| match key {
        "shared_categories" => "what a recipient receives is named by [category.ID] of collection.toml",
        "ingress" => "where data comes from is said as [source.ID] in collection.toml",
        "features" => "Upheld means by `features` what stops when a purpose may not run",
        "impact_assessment_location" => "why interests outweigh is written as [assessment.ID] in purposes.toml",
        "processes_special_category_data" | "special_category_legal_basis" => {
            "what allows special categories has no key of its own: say it in the notice"
        }
        "data_qualifier" => "Upheld does not tell degrees of identification apart",
        "cookies" => "cookies and trackers are said as [tracker.ID] in collection.toml",
        _ => UNKNOWN,
    });
    Some(declaration)
}

fn basis(said: &str) -> Option<&'static str> {
    Some(match said.to_lowercase().as_str() {
        "consent" => "consent",
        "contract" => "contract",
        "legal obligation" | "legal obligations" => "legal_obligation",
        "vital interest" | "vital interests" => "vital_interests",
        "public interest" => "public_task",
        "legitimate interest" | "legitimate interests" => "legitimate_interests",
        _ => return None,
    })
}

/// `3 years` as `P3Y`; what is a period already stays.
fn period(said: &str) -> Option<String> {
    let words: Vec<&str> = said.split_whitespace().collect();
    let (count, unit) = match words.as_slice() {
        [one] if one.len() < 12 && one.starts_with('P') && one.parse::<jiff::Span>().is_ok() => {
            return Some((*one).to_owned());
        }
        [count, unit] => (count.parse::<u16>().ok().filter(|c| (1..=999).contains(c))?, unit.to_lowercase()),
        _ => return None,
    };
    let letter = match unit.trim_end_matches('s') {
        "day" => 'D',
        "week" => 'W',
        "month" => 'M',
        "year" => 'Y',
        _ => return None,
    };
    Some(format!("P{count}{letter}"))
}
