//! Captured traffic that lies in the sample: `egress.toml` says of which edition, and what was decided then. Events that products
//! send lie in `events.jsonl`.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;
use engine::coverage::Capture;
use serde::Deserialize;

use engine::decide::replay::Event;

use crate::capture;
use crate::events;
use crate::terminal::Misuse;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Captures {
    capture: Vec<Described>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Described {
    /// The archive, in `sample`.
    file: String,
    /// The edition.
    edition: String,
    /// Hosts of the installation itself.
    inside: Vec<String>,
    /// What was switched on or off, by item.
    #[serde(default)]
    switched: BTreeMap<String, bool>,
}

/// The captures of a folder's sample; none without `egress.toml`.
pub fn captured(folder: &Path) -> Result<Vec<Capture>> {
    let path = folder.join("sample/egress.toml");
    let Ok(text) = std::fs::read_to_string(&path) else { return Ok(Vec::new()) };
    let all: Captures = toml::from_str(&text).map_err(|e| Misuse(format!("{}: {e}", path.display())))?;
    all.capture.into_iter().map(|described| described.read(folder)).collect()
}

/// The events of a folder's sample; none without `events.jsonl`.
pub fn events(folder: &Path) -> Result<Vec<Event>> {
    let path = folder.join("sample/events.jsonl");
    let all = if path.exists() { events::read(&path)? } else { Vec::new() };
    Ok(all.into_iter().map(|(_, event)| event).collect())
}

impl Described {
    fn read(self, folder: &Path) -> Result<Capture> {
        let all = capture::read(&folder.join("sample").join(&self.file))?;
        let (inside, requests): (Vec<_>, Vec<_>) = all.into_iter().partition(|r| capture::stays(r, &self.inside));
        Ok(Capture { edition: self.edition, switches: self.switched, inside: inside.len(), requests })
    }
}
