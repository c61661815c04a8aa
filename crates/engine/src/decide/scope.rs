//! Which property a host belongs to, and so whether the notice holds there.

use super::Decision;
use crate::policy::model::Said;
use crate::policy::written::Declaration;

/// Does the notice hold on a host? A host that two properties claim alike is answered with no: somebody must settle it.
pub fn governs(said: &Said, host: &str) -> Decision {
    let found = governing(said, host);
    match found.as_slice() {
        [] => Decision::no(format!("{host} is not covered: no property has this host"), &[]),
        [one] if one.flag("governed") == Some(false) => {
            Decision::no(format!("another notice holds on {host}: {}", one.text("by").unwrap_or("its own")), &[one])
        }
        [one] => Decision::yes(format!("{host} belongs to {}", one.text("title").unwrap_or(&one.id)), &[one]),
        several => Decision::no(format!("{} properties claim {host}", several.len()), several),
    }
}

/// The properties that claim a host most exactly: a name in full before a pattern, a longer pattern before a shorter one.
fn governing<'a>(said: &'a Said, host: &str) -> Vec<&'a Declaration> {
    let exact = |d: &Declaration| d.list("hosts").into_iter().filter_map(|own| claims(own, host)).max();
    let claimed: Vec<(usize, &Declaration)> = said.of("property").filter_map(|d| Some((exact(d)?, d))).collect();
    let best = claimed.iter().map(|(rank, _)| *rank).max();
    claimed.into_iter().filter(|(rank, _)| Some(*rank) == best).map(|(_, d)| d).collect()
}

/// How exactly a pattern claims a host; `*.acme.example` claims `acme.example` and all hosts below it.
fn claims(own: &str, host: &str) -> Option<usize> {
    // A name in full may end with the dot of the root.
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    let own = own.to_ascii_lowercase();
    match own.strip_prefix("*.") {
        Some(base) if host == base || host.strip_suffix(base).is_some_and(|h| h.ends_with('.')) => Some(base.len()),
        Some(_) => None,
        None => (host == own).then_some(usize::MAX),
    }
}

#[cfg(test)]
mod tests {
    use super::claims;

    #[test]
    fn patterns_and_the_dot_of_the_root() {
        assert!(
            claims("*.acme.example", "acme.example").is_some()
                && claims("*.acme.example", "a.b.ACME.example.").is_some()
        );
        assert!(
            claims("*.acme.example", "notacme.example").is_none()
                && claims("acme.example", "www.acme.example").is_none()
        );
        assert!(claims("www.acme.example", "www.acme.example") > claims("*.acme.example", "www.acme.example"));
    }
}
