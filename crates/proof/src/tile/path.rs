//! The names of tiles: `tile/0/000`, `tile/1/x001/234.p/17`, `tile/entries/000`.

use std::fmt;
use std::str::FromStr;

use super::WIDTH;

/// The place of a hash tile or an entry bundle. [`Display`](fmt::Display) and [`FromStr`] are its path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TilePath {
    /// `None` for an entry bundle, else the level of a hash tile.
    level: Option<u8>,
    index: u64,
    /// 1 to 256; 256 is a full tile.
    width: u16,
}

/// The text is not the path of a tile or bundle.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not the path of a tile, such as tile/0/x001/234.p/17 or tile/entries/000")]
pub struct PathError;

impl TilePath {
    /// The hash tile at `index` of `level`, in a ledger of `size` entries; `None` when that ledger has no such tile.
    pub fn hashes(level: u8, index: u64, size: u64) -> Option<Self> {
        Self::sized(Some(level), index, size.checked_shr(8 * u32::from(level))?)
    }

    /// The entry bundle at `index`, in a ledger of `size` entries; `None` when that ledger has no such bundle.
    pub fn entries(index: u64, size: u64) -> Option<Self> {
        Self::sized(None, index, size)
    }

    fn sized(level: Option<u8>, index: u64, count: u64) -> Option<Self> {
        let before = index.checked_mul(WIDTH)?;
        let width = count.checked_sub(before)?.min(WIDTH) as u16;
        (width > 0).then_some(Self { level, index, width })
    }

    /// All files of a ledger of `size` entries: its bundles, then its hash tiles from the leaves up.
    pub fn all(size: u64) -> impl Iterator<Item = Self> {
        let bundles = (0..).map_while(move |index| Self::entries(index, size));
        let levels = (0..8).take_while(move |level| size >> (8 * level) > 0);
        let tiles = levels.flat_map(move |level| (0..).map_while(move |index| Self::hashes(level, index, size)));
        bundles.chain(tiles)
    }

    /// The level of a hash tile; `None` for an entry bundle.
    pub fn level(&self) -> Option<u8> {
        self.level
    }

    /// The position among the tiles of its level.
    pub fn index(&self) -> u64 {
        self.index
    }

    /// How many hashes or entries the file holds, 1 to 256.
    pub fn width(&self) -> usize {
        self.width.into()
    }

    /// The full tile at the same place.
    pub fn full(&self) -> Self {
        Self { width: WIDTH as u16, ..*self }
    }
}

impl fmt::Display for TilePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.level {
            Some(level) => write!(f, "tile/{level}/")?,
            None => f.write_str("tile/entries/")?,
        }
        write_index(self.index / 1000, f)?;
        write!(f, "{:03}", self.index % 1000)?;
        if u64::from(self.width) < WIDTH {
            write!(f, ".p/{}", self.width)?;
        }
        Ok(())
    }
}

/// All groups of three digits but the last begin with `x`, so that no file has the name of a folder.
fn write_index(groups: u64, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    if groups == 0 {
        return Ok(());
    }
    write_index(groups / 1000, f)?;
    write!(f, "x{:03}/", groups % 1000)
}

impl FromStr for TilePath {
    type Err = PathError;

    fn from_str(text: &str) -> Result<Self, PathError> {
        let read = read(text).ok_or(PathError)?;
        // Leading zeros, missing groups, a width of 256: writing it back shows every second spelling.
        if read.to_string() == text { Ok(read) } else { Err(PathError) }
    }
}

fn read(text: &str) -> Option<TilePath> {
    let (level, rest) = text.strip_prefix("tile/")?.split_once('/')?;
    let level = match level {
        "entries" => None,
        level => Some(level.parse().ok().filter(|level| *level < 64)?),
    };
    let (index, width) = match rest.split_once(".p/") {
        Some((index, width)) => (index, width.parse().ok()?),
        None => (rest, WIDTH as u16),
    };
    if width == 0 || u64::from(width) > WIDTH {
        return None;
    }
    let index = index.split('/').try_fold(0_u64, |sum, group| {
        let digits: u64 = group.trim_start_matches('x').parse().ok()?;
        sum.checked_mul(1000)?.checked_add(digits)
    })?;
    Some(TilePath { level, index, width })
}
