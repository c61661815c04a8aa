//! Who a question is about: the options that `plan` and `fulfil` share.

use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use engine::policy::model::Right;
use engine::text::Words;
use jiff::SignedDuration;

use crate::casework::{Ask, Identity};
use crate::config;
use crate::terminal::Misuse;

#[derive(clap::Args)]
pub struct Who {
    /// Subject kind, such as customer.
    #[arg(long, value_name = "KIND")]
    subject: String,
    /// Tenant, where the kind has tenants.
    #[arg(long, value_name = "TENANT")]
    pub tenant: Option<String>,
    /// Plan for each tenant in which the identity is found.
    #[arg(long, conflicts_with = "tenant")]
    pub all_tenants: bool,
    /// Verified e-mail address.
    #[arg(long, value_name = "ADDRESS")]
    email: Option<String>,
    /// Verified phone number.
    #[arg(long, value_name = "NUMBER")]
    phone: Option<String>,
    /// Any other verified identity.
    #[arg(long = "identity", value_name = "NAME=VALUE")]
    identities: Vec<String>,
    /// A record by its key; parts of a composite key are separated by commas.
    #[arg(long = "id", value_name = "SYSTEM:KEY")]
    records: Vec<String>,
    /// A record that a plan lists for review and that is the person's; parts of a composite key are separated by commas.
    #[arg(long = "confirm", value_name = "SYSTEM.TABLE:KEY")]
    confirmed: Vec<String>,
    /// Identities from a file, one NAME=VALUE on each line; `-` reads standard input. Keeps them out of process lists.
    #[arg(long, value_name = "FILE")]
    subject_file: Option<PathBuf>,
    /// Plan under this profile of the policy folder (`systems/NAME.PROFILE.toml`).
    #[arg(long, value_name = "PROFILE")]
    profile: Option<String>,
    /// What else the person is called, such as a former name: masked in texts, finds nobody. May be given several times.
    #[arg(long = "also", value_name = "WORDS")]
    also: Vec<String>,
    /// Search every row of columns that say `text = "all"`: one pass over each of their tables. The plan says what it read.
    #[arg(long)]
    sweep: bool,
    /// Who asks; whoever approves the plan must be somebody else.
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    /// Hours until the plan expires, at most a year.
    #[arg(long, value_name = "HOURS", default_value_t = 72, value_parser = clap::value_parser!(i64).range(1..=8784))]
    valid: i64,
}

impl Who {
    /// The question.
    pub fn ask(&self, right: Right) -> Result<Ask> {
        let (mut identities, mut confirmed) = (Vec::new(), Vec::new());
        identities.extend(self.email.clone().map(|v| Identity::Named("email".into(), v)));
        identities.extend(self.phone.clone().map(|v| Identity::Named("phone".into(), v)));
        for pair in &self.identities {
            identities.push(named(pair)?);
        }
        for record in &self.records {
            let (system, key) = record.split_once(':').ok_or_else(|| Misuse("--id is written SYSTEM:KEY".into()))?;
            identities.push(Identity::Record(system.into(), key.into()));
        }
        for record in &self.confirmed {
            let parts = record.split_once(':').and_then(|(place, key)| Some((place.split_once('.')?, key)));
            let ((system, table), key) = parts.ok_or_else(|| Misuse("--confirm is written SYSTEM.TABLE:KEY".into()))?;
            confirmed.push(Identity::Confirmed(system.into(), table.into(), key.into()));
        }
        for line in identities_in(self.subject_file.as_deref())?.lines().filter(|l| !l.trim().is_empty()) {
            identities.push(named(line)?);
        }
        if identities.is_empty() {
            return Err(Misuse(
                "say who: --email, --phone, --identity NAME=VALUE, --id SYSTEM:KEY or --subject-file".into(),
            )
            .into());
        }
        identities.append(&mut confirmed);
        let by = self.by.clone().unwrap_or_else(config::user);
        let valid = SignedDuration::from_hours(self.valid);
        let also = self.also.iter().map(|words| words.trim()).filter(|words| !words.is_empty());
        let words = also.map(|words| Words(words.to_owned())).collect();
        let (kind, tenant, profile) = (self.subject.clone(), self.tenant.clone(), self.profile.clone());
        Ok(Ask {
            right,
            kind,
            tenant,
            profile,
            identities,
            corrections: Vec::new(),
            sweep: self.sweep,
            words,
            by,
            valid,
        })
    }
}

/// What stands in a file of identities, or on standard input.
pub(super) fn identities_in(path: Option<&Path>) -> Result<String> {
    let Some(path) = path else { return Ok(String::new()) };
    let mut text = String::new();
    if path.as_os_str() == "-" {
        std::io::stdin().read_to_string(&mut text).context("cannot read standard input")?;
    } else {
        text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    }
    Ok(text)
}

/// An identity as the command line and files have it.
pub(super) fn named(pair: &str) -> Result<Identity> {
    let (name, value) = pair.split_once('=').ok_or_else(|| Misuse("an identity is written NAME=VALUE".into()))?;
    Ok(Identity::Named(name.trim().into(), value.trim().into()))
}
