//! A version answers what it says: its facts as declarations again, for the questions of [`crate::decide`].

use serde_json::Value;

use super::Version;
use crate::policy::keys::{COMPANY, Family};
use crate::policy::model::Said;
use crate::policy::written::{Declaration, Given, Name};
use crate::source::{At, FileId, Span};

/// Facts have no place in any file.
const NOWHERE: Span = Span { file: FileId(u32::MAX), start: 0, end: 0 };

impl Version {
    /// What it says, without words and promises. So a product can ask whether it may use data that was gathered under it.
    ///
    /// An error in words where it says what this program does not know: another one wrote it, and leaving that out could allow
    /// what it forbids.
    pub fn said(&self) -> Result<Said, String> {
        let mut said = Said::default();
        for (name, values) in &self.facts {
            let (family, id) = name.split_once(':').ok_or_else(|| format!("{name} is no declaration"))?;
            if family == "company" {
                said.company = COMPANY
                    .keys
                    .iter()
                    .filter_map(|key| Some((key.name, self.text(name, key.name)?.to_owned())))
                    .collect();
                continue;
            }
            let family = Family::named(family)
                .ok_or_else(|| format!("version {} says {name}, of which this program knows nothing", self.version))?;
            let values = values.iter().map(|(key, value)| Ok((here(key.clone()), here(given(value)?))));
            let values = values.collect::<Result<Vec<(Name, At<Given>)>, String>>()?;
            said.all.push(Declaration { family, id: here(id.to_owned()), at: NOWHERE, values });
        }
        Ok(said)
    }
}

fn here<T>(it: T) -> At<T> {
    At::new(it, NOWHERE)
}

fn given(value: &Value) -> Result<Given, String> {
    Ok(match value {
        Value::String(text) => Given::Text(text.clone()),
        Value::Bool(flag) => Given::Flag(*flag),
        Value::Number(n) => Given::Whole(n.as_u64().ok_or("a number of a version is whole and not below 0")?),
        Value::Array(all) => Given::List(all.iter().map(|each| given(each).map(here)).collect::<Result<_, _>>()?),
        Value::Object(all) => {
            let entry = |(name, each): (&String, &Value)| Ok::<_, String>((here(name.clone()), here(given(each)?)));
            Given::Table(all.iter().map(entry).collect::<Result<_, _>>()?)
        }
        Value::Null => return Err("a version has no empty values".to_owned()),
    })
}
