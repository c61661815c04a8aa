//! The columns of a table: category, places in documents, and what an erasure does to each.

use super::super::super::edges::{Spot, TableIx};
use super::super::super::persons::matching;
use super::super::super::relate::is_personal;
use super::Writer;
use crate::discover::write::toml::{aside, key, string};

impl Writer<'_, '_> {
    pub(super) fn columns(&mut self, table: TableIx, name: &str) {
        let (mut lines, mut bare) = (Vec::new(), Vec::new());
        let spots = &self.world.spots[&table];
        for own in spots.iter().filter(|s| s.path.as_deref().is_none_or(|p| p == "$[*]" && !below_array(s))) {
            let inside: Vec<&Spot<'_>> =
                spots.iter().filter(|s| s.column == own.column && !std::ptr::eq(s.field, own.field)).collect();
            match self.column(own, &inside) {
                Some(line) => lines.push(line),
                None if own.field.primary || !own.field.references.is_empty() => {}
                None => bare.push(own.column),
            }
        }
        if !lines.is_empty() {
            self.line(&format!("\n[table.{}.columns]", key(name)));
            self.counts.columns += lines.len();
            lines.iter().for_each(|l| self.line(l));
        }
        if !bare.is_empty() {
            let about = format!("[table.{}.columns]", key(name));
            self.decide(&about, &format!("what these hold, for Fides gives them no category: {}", bare.join(", ")));
        }
    }

    /// The line of a column, where anything is known of it.
    fn column(&mut self, own: &Spot<'_>, inside: &[&Spot<'_>]) -> Option<String> {
        let mut places = Vec::new();
        for spot in inside {
            if let Some(category) = self.category(spot) {
                places.push(format!("{} = {}", string(spot.path.as_deref().unwrap_or_default()), string(&category)));
            } else if spot.field.fields.is_empty() && spot.field.references.is_empty() {
                self.notes.left(&spot.field.at, "Fides gives it no category, and a place in a document needs one");
            }
        }
        let identity = own.field.identity.as_deref().and_then(matching).map(|m| match m {
            "phone" => "user.contact.phone_number",
            _ => "user.contact.email",
        });
        let of_places = || (!places.is_empty()).then_some("user");
        let category = self.category(own).or_else(|| identity.or_else(of_places).map(str::to_owned))?;
        let secret = ["user.authorization.password", "user.authorization.credentials"].contains(&category.as_str());
        let mut parts = vec![format!("category = {}", string(&category))];
        if !places.is_empty() {
            parts.push(format!("codec = \"json\", json = {{ {} }}", places.join(", ")));
        }
        parts.extend(secret.then(|| "access = \"withhold\"".to_owned()));
        parts.extend(self.erase(own));
        self.used.categories.insert(category.clone());
        let said = if parts.len() == 1 { string(&category) } else { format!("{{ {} }}", parts.join(", ")) };
        let words = own.field.description.as_ref().map(|words| format!("    # {}", aside(words))).unwrap_or_default();
        Some(format!("{} = {said}{words}", key(own.column)))
    }

    /// The first personal category, or the first; the others are left out.
    fn category(&mut self, spot: &Spot<'_>) -> Option<String> {
        let all = &spot.field.categories;
        let chosen = all.iter().find(|c| is_personal(c)).or(all.first())?;
        let others: Vec<&str> = all.iter().filter(|c| *c != chosen).map(String::as_str).collect();
        if !others.is_empty() {
            let why = format!("a column has one category; `{chosen}` was taken, and not {}", others.join(", "));
            self.notes.left(&spot.field.at, why);
        }
        self.used.categories.insert(chosen.clone());
        Some(chosen.clone())
    }

    fn erase(&mut self, own: &Spot<'_>) -> Option<String> {
        let (strategy, value) = own.field.masking.as_ref()?;
        let action = match (strategy.as_str(), value) {
            ("null_rewrite", _) => "\"null\"".to_owned(),
            ("string_rewrite", Some(value)) => format!("{{ replace = {} }}", string(value)),
            ("hash" | "hmac", _) => "\"hash\"".to_owned(),
            ("random_string_rewrite", _) => "\"pseudonym\"".to_owned(),
            (other, _) => {
                self.notes.left(&own.field.at, format!("Upheld has no action like the masking strategy `{other}`"));
                return None;
            }
        };
        Some(format!("erase = {action}"))
    }
}

/// Is it an element of an array of documents, and not the column itself?
fn below_array(spot: &Spot<'_>) -> bool {
    !spot.field.array || spot.column != spot.field.name
}
