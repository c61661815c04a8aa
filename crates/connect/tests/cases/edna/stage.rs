//! An application with its rows, ready for somebody to leave.

use std::io::Read as _;
use std::path::Path;

use engine::plan::Seed;
use engine::source::Source;
use engine::value::Value;

use super::apps::App;
use super::away::Scene;
use super::dump::{Cell, Dump};
use super::place::Place;
use super::rows::statements;
use super::theirs::Theirs;
use crate::asked::{Untried, compiled};

/// An application with its rows.
pub struct Stage {
    pub app: &'static App,
    pub scene: Scene,
    pub before: Dump,
    pub place: Place,
}

impl Stage {
    /// Sets it, with rows that are made, or with those of a packed file of statements.
    pub async fn set(app: &'static App, folder: &Path, rows: Option<&Path>) -> Result<Stage, Untried> {
        let place = Place::of(&folder.join("schema.sql")).await;
        let systems = place.systems(app.name);
        let schemas = connect::describe(&systems).await.map_err(|e| Untried::Wrong(e.to_string()))?;
        let policy = compiled(&map(app.name), &schemas)?;
        let sql = rows.map_or_else(|| statements(app, &policy, &schemas[app.name]), unpacked);
        place.execute(&sql).await;
        let before = place.dump(&schemas[app.name]).await;
        Ok(Stage { app, scene: Scene { policy, schemas, systems }, before, place })
    }

    /// All rows as they are now.
    pub async fn dump(&self) -> Dump {
        self.place.dump(&self.scene.schemas[self.app.name]).await
    }

    /// What the material says of a way of leaving.
    pub async fn theirs(&self, folder: &Path, disguise: &str) -> Theirs {
        Theirs::read(self.app, folder, disguise, &self.place, &self.before).await
    }

    /// The question for a person's record.
    pub fn seed(&self, theirs: &Theirs, who: &Cell) -> Seed {
        let value = |cell: &Cell| {
            let text = String::from_utf8_lossy(cell.as_deref().unwrap_or_default()).into_owned();
            text.parse().map_or_else(|_| Value::text(text), Value::Int)
        };
        Seed::Record {
            system: self.app.name.to_owned(),
            key: theirs.key(&self.before, who).iter().map(value).collect(),
        }
    }
}

/// The text of a packed file.
fn unpacked(file: &Path) -> String {
    let mut text = String::new();
    let packed = std::fs::File::open(file).expect("a file of the case");
    flate2::read::GzDecoder::new(packed).read_to_string(&mut text).expect("a text");
    text
}

/// The files of a map of ours.
pub fn map(name: &str) -> Source {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/maps/edna-{name}"));
    let mut source = Source::default();
    for place in ["", "systems/"] {
        let mut files: Vec<_> =
            std::fs::read_dir(folder.join(place)).expect("a map").map(|f| f.expect("a file")).collect();
        files.sort_by_key(std::fs::DirEntry::file_name);
        for file in files.iter().filter(|f| f.path().is_file()) {
            let text = std::fs::read_to_string(file.path()).expect("a file of the map");
            source.add(format!("{place}{}", file.file_name().to_string_lossy()), text);
        }
    }
    source
}
