//! What may come in: fields of a form, attributes of a recorder, and what an edition that customers run may send.

use super::Decision;
use super::names::{ending, hint};
use crate::policy::category::covers;
use crate::policy::model::Said;
use crate::policy::written::Declaration;

/// The fields of a collection point with the category of each, those that must be filled in first.
pub fn fields_of(point: &Declaration) -> Vec<(&str, &str)> {
    [point.texts("required"), point.texts("permitted")].concat()
}

/// May a collection point take a submission with these fields? All required ones must be there, and none that is not named.
pub fn accepts(said: &Said, point: &str, fields: &[&str]) -> Decision {
    let Some(declared) = said.find("point", point) else {
        return Decision::no(format!("there is no collection point {point}{}", hint(said, "point", point)), &[]);
    };
    let required = declared.texts("required");
    let all = fields_of(declared);
    let named = |field: &str| all.iter().any(|(name, _)| *name == field);
    if let Some(missing) = required.iter().find(|(name, _)| !fields.contains(name)) {
        return Decision::no(format!("the field {} is missing", missing.0), &[declared]);
    }
    match fields.iter().find(|field| !named(field)) {
        Some(strange) => Decision::no(format!("the field {strange} is not in the contract"), &[declared]),
        None => Decision::yes("every field is in the contract", &[declared]),
    }
}

/// May a recorder (telemetry or a tracker, by `FAMILY:NAME`) take an event with these attributes?
pub fn records(said: &Said, recorder: &str, event: Option<&str>, attributes: &[&str]) -> Decision {
    let Some(declared) = said.named(recorder).filter(|d| matches!(d.family.name, "telemetry" | "tracker")) else {
        let recorders = || said.of("telemetry").chain(said.of("tracker")).map(Declaration::name);
        let names: Vec<String> = recorders().collect();
        let hint = ending(recorder, names.iter().map(String::as_str));
        return Decision::no(format!("nothing is declared as {recorder}{hint}"), &[]);
    };
    let allowed = attributes_of(declared);
    if let Some(strange) = attributes.iter().find(|a| !allowed.contains(a)) {
        return Decision::no(format!("{strange} is not recorded here"), &[declared]);
    }
    let events = declared.list("events");
    match event.filter(|e| !events.contains(e)) {
        Some(event) => Decision::no(format!("{event} is no event of this"), &[declared]),
        None => Decision::yes("only what is declared", &[declared]),
    }
}

/// What a recorder takes.
pub fn attributes_of(recorder: &Declaration) -> Vec<&str> {
    match recorder.family.name {
        "telemetry" => recorder.texts("attributes").into_iter().map(|(name, _)| name).collect(),
        _ => recorder.list("attributes"),
    }
}

/// May an edition send data of a recorder or collection point to a host? `switched`: what its administrator decided, if anything.
pub fn sends(said: &Said, edition: &str, item: &str, host: Option<&str>, switched: Option<bool>) -> Decision {
    let Some(declared) = said.find("edition", edition) else {
        return Decision::no(format!("there is no edition {edition}{}", hint(said, "edition", edition)), &[]);
    };
    let listed = declared.list("sends");
    if !listed.contains(&item) {
        return Decision::no(format!("{item} is none of what this edition sends"), &[declared]);
    }
    if let Some(host) = host.filter(|h| !declared.list("hosts").contains(h)) {
        return Decision::no(format!("{host} is none of the hosts to which this edition sends"), &[declared]);
    }
    let switchable = declared.text("switch").is_some_and(|who| who != "none");
    let on = switched.filter(|_| switchable).unwrap_or(declared.text("default") == Some("on"));
    if on { Decision::yes("sending is on", &[declared]) } else { Decision::no("sending is off", &[declared]) }
}

/// The sources from which data of a category comes; the category by its id, or a key of the taxonomy that one covers.
pub fn sources<'a>(said: &'a Said, category: &str) -> Vec<&'a Declaration> {
    let covering: Vec<&str> = categories(said, category).into_iter().map(|d| d.id.it.as_str()).collect();
    said.of("source").filter(|s| s.list("categories").iter().any(|c| covering.contains(c))).collect()
}

/// The categories of the notice that are meant by an id, or that cover a key of the taxonomy.
pub fn categories<'a>(said: &'a Said, category: &str) -> Vec<&'a Declaration> {
    let is_it = |d: &&Declaration| d.id.it == category || d.list("covers").iter().any(|key| covers(key, category));
    said.of("category").filter(is_it).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::{accepts, records};
    use crate::policy::compile::compile;
    use crate::policy::model::Said;
    use crate::source::Source;

    /// A folder with one point and one recorder.
    fn said(required: &BTreeSet<&str>, permitted: &BTreeSet<&str>, events: &BTreeSet<&str>) -> Said {
        let fields =
            |names: &BTreeSet<&str>| names.iter().map(|n| format!("{n:?} = \"user.name\"\n")).collect::<String>();
        let events: Vec<&&str> = events.iter().collect();
        let collection = format!(
            "[point.form]\ntitle = \"F\"\nkind = \"form\"\n[point.form.required]\n{}[point.form.permitted]\n{}\
             [telemetry.log]\ntitle = \"L\"\nevents = {events:?}\n[telemetry.log.attributes]\n{}",
            fields(required),
            fields(permitted),
            fields(permitted)
        );
        let mut source = Source::default();
        source.add("policy.toml", "[company]\nname = \"Acme\"\n");
        source.add("collection.toml", collection);
        let compiled = compile(&source, None);
        compiled.policy.unwrap_or_else(|| panic!("it compiles: {:?}", compiled.diagnostics)).said
    }

    /// Names that are alike, and some that nobody declares.
    const NAMES: [&str; 6] = ["email", "Email", "name", "e_mail", "age", "phone"];
    const STRANGE: [&str; 9] = ["email", "Email", "name", "e_mail", "age", "phone", "email ", "email[]", ""];

    fn some(of: &'static [&'static str]) -> impl Strategy<Value = BTreeSet<&'static str>> {
        prop::collection::btree_set(prop::sample::select(of), 0..=of.len())
    }

    proptest! {
        #[test]
        fn submissions_and_events_are_taken_as_a_plain_reading_of_the_contract_says(
            required in some(&NAMES), permitted in some(&NAMES), events in some(&NAMES),
            fields in prop::collection::vec(prop::sample::select(&STRANGE[..]), 0..8),
            event in prop::option::of(prop::sample::select(&STRANGE[..])),
        ) {
            let permitted: BTreeSet<&str> = permitted.difference(&required).copied().collect();
            let said = said(&required, &permitted, &events);
            let given: BTreeSet<&str> = fields.iter().copied().collect();
            let all: BTreeSet<&str> = required.union(&permitted).copied().collect();
            let expected = required.is_subset(&given) && given.is_subset(&all);
            prop_assert_eq!(accepts(&said, "form", &fields).allowed, expected, "{:?}", fields);

            let expected = given.is_subset(&permitted) && event.is_none_or(|e| events.contains(e));
            prop_assert_eq!(records(&said, "telemetry:log", event, &fields).allowed, expected, "{:?} {:?}", event, fields);
            prop_assert!(!accepts(&said, "other", &fields).allowed && !records(&said, "telemetry:other", event, &fields).allowed);
        }
    }
}
