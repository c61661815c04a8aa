//! Which texts are paths of objects.

/// Is it a path below the root? Only such paths are ever looked at: not empty, no NUL, no part that is empty, `.` or `..`,
/// so neither absolute nor out of the root.
pub(super) fn is_below_root(path: &str) -> bool {
    !path.contains('\0') && path.split('/').all(is_name)
}

/// Is it the beginning of a path below the root? Its last part may still be anything.
pub(super) fn may_begin(prefix: &str) -> bool {
    let folders = prefix.rsplit_once('/').map(|(folders, _)| folders);
    !prefix.contains('\0') && folders.is_none_or(is_below_root)
}

fn is_name(part: &str) -> bool {
    !matches!(part, "" | "." | "..")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leads_out() {
        for path in ["", "/", "/etc/passwd", "..", "a/..", "a/../b", "./a", "a//b", "a/", "a\0b"] {
            assert!(!is_below_root(path), "{path:?}");
        }
        for path in ["a", ".hidden", "...", "a b/%2e%2e/c", "a\nb", "..a/b..", "\\..\\"] {
            assert!(is_below_root(path), "{path:?}");
        }
        assert!(may_begin("") && may_begin("a/") && may_begin("a/..b") && !may_begin("a/../b") && !may_begin("/a"));
    }
}
