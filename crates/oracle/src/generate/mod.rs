//! Random cases: a policy folder, the schemas and rows of its systems, and a question, all from one seed.

mod columns;
mod dice;
mod features;
mod files;
mod held;
mod holds;
mod keyless;
mod links;
mod more;
mod persons;
mod rich;
mod rows;
mod seldom;
mod shape;
mod sql;
mod swept;
mod threads;

use std::collections::BTreeMap;

use engine::policy::model::{Policy, SystemKind, TableId};
use engine::schema::Schema;
use engine::source::Source;

use crate::resolve::Question;
use crate::vector::compiled;
use crate::world::{Row, World};
use dice::Dice;
pub use features::has;
pub use sql::Dialect;

/// A random case that compiles.
pub struct Case {
    /// Its seed.
    pub seed: u64,
    /// Drafts that did not compile before this one.
    pub rejected: usize,
    /// The policy folder.
    pub source: Source,
    /// The schemas of its systems.
    pub schemas: BTreeMap<String, Schema>,
    /// The folder, compiled against these schemas.
    pub policy: Policy,
    /// The rows.
    pub world: World,
    /// Whose data.
    pub question: Question,
    /// Rows that are written while an erasure is carried out.
    pub meanwhile: Vec<(TableId, Row)>,
}

const POLICY: &str = "[company]\nname = \"Random\"\ncountry = \"NO\"\ncontact = \"privacy@random.example\"\n\n\
    [[law]]\nid = \"tax\"\ntitle = \"Tax law\"\narticle = \"1\"\njurisdiction = \"NO\"\nretention = \"P5Y\"\n";

/// What is drawn on top of each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Layers {
    First,
    Texts,
    Keyed,
    Keyless,
    All,
    Swept,
}

/// The case of a seed on SQLite.
pub fn generate(seed: u64) -> Case {
    case(seed, SystemKind::Sqlite, Layers::All)
}

/// The case with tables into which is written while an erasure is carried out, and what is written.
pub fn generate_swept(seed: u64) -> Case {
    case(seed, SystemKind::Sqlite, Layers::Swept)
}

/// The case whose tables all have keys: without one nothing can be taken back.
pub fn generate_keyed(seed: u64) -> Case {
    case(seed, SystemKind::Sqlite, Layers::Keyed)
}

/// The case before rules that are seldom reached were drawn more often: seeds that showed differences then keep their numbers.
pub fn generate_keyless(seed: u64) -> Case {
    case(seed, SystemKind::Sqlite, Layers::Keyless)
}

/// The case before some texts were kept as bytes: seeds that showed differences then keep their numbers.
pub fn generate_texts(seed: u64) -> Case {
    case(seed, SystemKind::Sqlite, Layers::Texts)
}

/// The case without what was added to the generator after its first seeds had shown differences: these keep their numbers.
pub fn generate_first(seed: u64) -> Case {
    case(seed, SystemKind::Sqlite, Layers::First)
}

/// The same case on systems of a kind: only the names of types differ.
pub fn generate_on(seed: u64, kind: SystemKind) -> Case {
    case(seed, kind, Layers::All)
}

fn case(seed: u64, kind: SystemKind, layers: Layers) -> Case {
    let with_more = layers > Layers::First;
    let mut rejected = 0;
    loop {
        let (mut dice, mut apart) = dice(seed, rejected as u64);
        let mut shape = shape::Shape::draw(&mut dice, &mut apart);
        let mut extra = Dice::new(seed.wrapping_mul(31) + rejected as u64);
        let mut top = Dice::new(seed.wrapping_mul(37) + rejected as u64);
        if with_more {
            more::draw(&mut extra, &mut shape);
            rich::draw(&mut top, &mut shape, layers > Layers::Texts);
        }
        let mut bare = Dice::new(seed.wrapping_mul(41) + rejected as u64);
        if layers >= Layers::Keyless {
            keyless::draw(&mut bare, &mut shape);
        }
        let mut seldom = Dice::new(seed.wrapping_mul(43) + rejected as u64);
        let steered = layers >= Layers::All && seldom.chance(50);
        if steered {
            seldom::draw(&mut seldom, &mut shape);
        }
        let mut late = Dice::new(seed.wrapping_mul(59) + rejected as u64);
        if layers == Layers::Swept {
            swept::draw(&mut late, &mut shape);
        }
        // Of its own, and seldom, so that most seeds are the cases that they were.
        let mut below = Dice::new(seed.wrapping_mul(47) + rejected as u64);
        let under_hold = layers >= Layers::All && below.chance(15);
        if under_hold {
            held::draw(&mut below, &mut shape);
        }
        let (mut source, schemas) = (folder(&shape, kind), shape.schemas(kind));
        match compiled(&source, &schemas) {
            Ok(mut policy) => {
                let hold = match under_hold {
                    true => held::hold(&mut below, &policy),
                    false => holds::draw(&mut Dice::new(seed.wrapping_mul(127) + rejected as u64), &policy),
                };
                if let Some(hold) = hold.filter(|_| with_more) {
                    // One on a table that is only looked up does not compile.
                    let mut held = folder(&shape, kind);
                    held.add("holds.toml", hold);
                    if let Ok(compiled) = compiled(&held, &schemas) {
                        (source, policy) = (held, compiled);
                    }
                }
                let mut world = rows::world(&mut dice, &mut apart, &mut top, &shape, &policy);
                if with_more {
                    world = rich::share(&mut top, &policy, world);
                }
                if layers >= Layers::Keyless {
                    world = keyless::repeat(&mut bare, &policy, world);
                }
                let mut question = rows::question(&mut dice, &policy, &world);
                if with_more {
                    more::ask(&mut extra, &mut question);
                }
                if steered {
                    seldom::ask(&mut seldom, &policy, &world, &mut question);
                }
                if layers == Layers::All {
                    let mut whom = Dice::new(seed.wrapping_mul(53) + rejected as u64);
                    question.held.extend(held::whom(&mut whom, &policy, &world));
                }
                let meanwhile = swept::meanwhile(&mut late, &policy, &world);
                return Case { seed, rejected, source, schemas, policy, world, question, meanwhile };
            }
            Err(reason) => {
                rejected += 1;
                assert!(rejected < 100, "seed {seed}: no draft of a hundred compiles; the last one {reason}");
            }
        }
    }
}

/// Why the first draft of a seed does not compile, to see what the generator gets wrong.
pub fn first_rejection(seed: u64) -> Option<String> {
    let (mut dice, mut apart) = dice(seed, 0);
    let mut shape = shape::Shape::draw(&mut dice, &mut apart);
    more::draw(&mut Dice::new(seed.wrapping_mul(31)), &mut shape);
    rich::draw(&mut Dice::new(seed.wrapping_mul(37)), &mut shape, true);
    keyless::draw(&mut Dice::new(seed.wrapping_mul(41)), &mut shape);
    compiled(&folder(&shape, SystemKind::Sqlite), &shape.schemas(SystemKind::Sqlite)).err()
}

/// For everything else, and for files.
fn dice(seed: u64, rejected: u64) -> (Dice, Dice) {
    let seed = seed.wrapping_mul(1_000_003).wrapping_add(rejected);
    (Dice::new(seed), Dice::new(seed ^ 0xF11E_5000_0000))
}

fn folder(shape: &shape::Shape, kind: SystemKind) -> Source {
    let mut source = Source::default();
    source.add("policy.toml", POLICY);
    for (name, text) in shape.maps(kind) {
        source.add(format!("systems/{name}.toml"), text);
    }
    source
}
