//! What else a manifest may hold.

use super::Said;
use super::dataset::{UNKNOWN, named};
use super::read::{Fields, Notes};

/// Who answers to the persons.
#[derive(Debug, Default)]
pub struct Organization {
    pub name: Option<String>,
    pub address: Option<String>,
    pub contact: Option<String>,
    pub dpo: Option<String>,
}

/// Reads organization, taxonomy and policies.
pub fn rest(fields: &mut Fields<'_>, said: &mut Said, notes: &mut Notes) {
    for (nth, node) in fields.several("organization").into_iter().enumerate() {
        let Some(one) = named(node, "organization", "fides_key", nth, notes) else { continue };
        if said.organization.name.is_some() {
            let place = notes.place(node.line, one.path.clone());
            notes.left(&place, "a folder is of one company; the first organization was taken");
        } else {
            said.organization = organization(one, notes);
        }
    }
    for (nth, node) in fields.several("data_category").into_iter().enumerate() {
        let Some(mut one) = named(node, "data_category", "fides_key", nth, notes) else { continue };
        let key = one.text("fides_key").unwrap_or_default();
        let words = one.text("description").or_else(|| one.text("name")).unwrap_or_else(|| key.clone());
        said.categories.push((key, words));
        done(one, notes, &["name", "parent_key"], "it is found by its key alone");
    }
    for (nth, node) in fields.several("data_subject").into_iter().enumerate() {
        let Some(mut one) = named(node, "data_subject", "fides_key", nth, notes) else { continue };
        let key = one.text("fides_key").unwrap_or_default();
        said.subjects.push((key, one.text("name"), one.text("description")));
        done(one, notes, &[], "rights are said of regimes in policy.toml, where a law gives them");
    }
    for (nth, node) in fields.several("data_use").into_iter().enumerate() {
        let Some(one) = named(node, "data_use", "fides_key", nth, notes) else { continue };
        let place = notes.place(node.line, one.path.clone());
        notes.left(&place, "Upheld has purposes and no taxonomy of uses; each purpose names its use in a comment");
    }
    for (nth, node) in fields.several("policy").into_iter().enumerate() {
        let Some(one) = named(node, "policy", "fides_key", nth, notes) else { continue };
        let place = notes.place(node.line, one.path.clone());
        let why = "what may be used for what is said by purposes (`categories`, `closed_to`); what an erasure does, by the maps";
        notes.left(&place, why);
    }
}

fn organization(mut one: Fields<'_>, notes: &mut Notes) -> Organization {
    let mut read = Organization { name: one.text("name").or_else(|| one.text("fides_key")), ..Organization::default() };
    if let Some(mut controller) = one.below(["controller"; 2]) {
        read.address = controller.text("address").filter(|t| !t.is_empty());
        read.contact = controller.text("email").filter(|t| !t.is_empty());
        controller.finish(notes, |_| "ways to reach the company are said as [contact.ID] in policy.toml");
    }
    if let Some(mut officer) = one.below(["data_protection_officer"; 2]) {
        let known = [officer.text("name"), officer.text("email")];
        let known: Vec<String> = known.into_iter().flatten().filter(|t| !t.is_empty()).collect();
        read.dpo = (!known.is_empty()).then(|| known.join(", "));
        officer.finish(notes, |_| "people with a duty are said as [officer.ID] in policy.toml");
    }
    done(one, notes, &["fides_key"], UNKNOWN);
    read
}

fn done(mut fields: Fields<'_>, notes: &mut Notes, also: &[&'static str], why: &'static str) {
    let known = ["description", "organization_fides_key", "is_default", "version_added"];
    for key in known.iter().chain(also) {
        fields.get(key);
    }
    fields.finish(notes, |_| why);
}
