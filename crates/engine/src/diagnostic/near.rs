//! The name somebody probably meant.

/// How many names a help line lists when none is near.
const LISTED: usize = 8;

/// The candidate nearest to `word`, if one is near enough: a slip of the pen, or the same last part (`email` for
/// `user.contact.email`).
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let folded = word.to_lowercase();
    let allowed = (word.chars().count() / 3).max(1);
    let distance = |c: &str| {
        let c = c.to_lowercase();
        let slips = strsim::damerau_levenshtein(&folded, &c);
        if slips > allowed && c.rsplit('.').next() == folded.rsplit('.').next() { allowed } else { slips }
    };
    candidates.into_iter().map(|c| (distance(c), c)).filter(|(d, _)| *d <= allowed).min().map(|(_, c)| c)
}

/// A help line: the nearest candidate, or else all of them if they are few.
pub fn suggest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let mut names: Vec<&str> = candidates.into_iter().collect();
    names.sort_unstable();
    names.dedup();
    match nearest(word, names.iter().copied()) {
        Some(near) => Some(format!("did you mean `{near}`?")),
        None if names.is_empty() || names.len() > LISTED => None,
        None => Some(format!("known here: `{}`", names.join("`, `"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_what_was_meant_and_lists_only_few() {
        assert_eq!(nearest("colunm", ["column", "columns", "role"]), Some("column"));
        assert_eq!(nearest("email", ["user.contact.email", "user.name"]), Some("user.contact.email"));
        assert_eq!(suggest("zzz", ["b", "a"]).as_deref(), Some("known here: `a`, `b`"));
        assert_eq!(suggest("zzz", ["aa", "bb", "cc", "dd", "ee", "ff", "gg", "hh", "ii"]), None);
    }
}
