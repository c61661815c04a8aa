//! Where in a column's value a reference or identity stands.

use super::Draft;
use crate::policy::model::{Codec, Path, Pattern, Place, Reading};
use crate::source::At;

impl Draft<'_> {
    /// A reading from its parts, whose texts the parser has tried. JSON is the encoding where only a path is given.
    pub(super) fn reading(
        &self,
        forms: &[At<String>],
        codec: Option<&At<Codec>>,
        path: Option<&At<String>>,
    ) -> Reading {
        let said = codec.is_some() || path.is_some();
        let place = || Place {
            codec: codec.map_or(Codec::Json, |c| c.it),
            path: path.and_then(|p| Path::parse(&p.it)).unwrap_or_default(),
        };
        Reading { document: said.then(place), forms: patterns(forms) }
    }
}

/// Patterns whose texts the parser has tried.
pub(super) fn patterns(forms: &[At<String>]) -> Vec<Pattern> {
    forms.iter().filter_map(|f| Pattern::parse(&f.it)).collect()
}
