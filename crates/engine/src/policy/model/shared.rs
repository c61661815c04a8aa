//! Identities that several people share.

use super::Match;
use crate::matching::{folded, normal};
use crate::value::Value;

/// Addresses and numbers behind which several people sit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shared(pub Vec<String>);

/// Mailboxes of offices and machines.
const USUAL: [&str; 26] = [
    "abuse@",
    "accounting@",
    "accounts@",
    "admin@",
    "billing@",
    "contact@",
    "do-not-reply@",
    "donotreply@",
    "hello@",
    "help@",
    "helpdesk@",
    "hostmaster@",
    "info@",
    "mailer-daemon@",
    "marketing@",
    "no-reply@",
    "noc@",
    "noreply@",
    "office@",
    "postmaster@",
    "root@",
    "sales@",
    "security@",
    "service@",
    "support@",
    "webmaster@",
];

impl Default for Shared {
    fn default() -> Self {
        Shared(USUAL.map(str::to_owned).to_vec())
    }
}

impl Shared {
    /// Is a normalised value one of them? `region` is the country of numbers without a country code.
    pub fn holds(&self, matching: Match, value: &str, region: Option<&str>) -> bool {
        self.0.iter().any(|entry| match entry.strip_suffix('@') {
            Some(mailbox) => {
                matching == Match::Email && value.rsplit_once('@').is_some_and(|(local, _)| local == folded(mailbox))
            }
            None => normal(matching, &Value::text(entry.as_str()), region).is_some_and(|n| n == value),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mailboxes_of_any_domain_and_whole_values() {
        let shared = Shared(vec!["Info@".into(), "front@desk.example".into(), "22 12 34 56".into()]);
        assert!(shared.holds(Match::Email, "info@x.example", None));
        assert!(shared.holds(Match::Email, "front@desk.example", None));
        assert!(shared.holds(Match::Phone, "+4722123456", Some("NO")));
        assert!(!shared.holds(Match::Email, "info.ann@x.example", None));
        assert!(!shared.holds(Match::Email, "front@other.example", None));
        assert!(!shared.holds(Match::Exact, "info@x.example", None));
    }
}
