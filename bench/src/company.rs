//! The sample's policy folder, opened part by part so that each can be timed.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, bail};
use connect::{Options, Systems};
use engine::policy::model::{Policy, SecretRef};
use engine::policy::written::Folder;
use engine::schema::Schema;
use engine::source::Source;

/// An opened folder.
pub struct Company {
    /// The compiled policy.
    pub policy: Policy,
    /// Live schemas by system.
    pub schemas: BTreeMap<String, Schema>,
    /// Connections by system.
    pub systems: Systems,
}

/// Reads the files of the folder.
pub fn read(folder: &Path) -> Result<Source> {
    let mut source = Source::default();
    for (prefix, dir) in [("", folder.to_owned()), ("systems/", folder.join("systems"))] {
        let mut files: Vec<_> = std::fs::read_dir(&dir)?.filter_map(|e| Some(e.ok()?.path())).collect();
        files.retain(|f| f.is_file());
        files.sort();
        for file in files {
            let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
            source.add(format!("{prefix}{name}"), std::fs::read_to_string(&file)?);
        }
    }
    Ok(source)
}

/// Opens the connections that the folder names; the sample keeps their addresses in files.
pub fn open_systems(folder: &Folder) -> Result<Systems> {
    let mut systems = Systems::new();
    for system in &folder.systems {
        let (Some(kind), Some(connect)) = (&system.kind, &system.connect) else { continue };
        let SecretRef::File(path) = &connect.it else { bail!("the sample keeps its addresses in files") };
        let address = std::fs::read_to_string(path).with_context(|| format!("cannot read {path}"))?;
        let opened = connect::open(kind.it, address.trim(), Some(address.trim()), Options::default())?;
        systems.insert(system.name.clone(), opened);
    }
    Ok(systems)
}
