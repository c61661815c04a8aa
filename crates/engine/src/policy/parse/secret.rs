//! Secrets do not stand in the folder. A finding says where one is and of what kind, never what it is.

use std::ops::Range;

use crate::diagnostic::{Diagnostic, codes};
use crate::source::Span;

const KEYS: &[&str] = &[
    "password",
    "passwd",
    "pwd",
    "passphrase",
    "token",
    "access_token",
    "auth_token",
    "secret",
    "client_secret",
    "api_key",
    "apikey",
    "access_key",
    "secret_key",
    "private_key",
    "dsn",
    "credentials",
];

/// Beginnings of tokens that their issuers made recognisable, and how many characters follow at least.
const TOKENS: &[(&str, usize)] = &[
    ("ghp_", 20),
    ("gho_", 20),
    ("ghu_", 20),
    ("ghs_", 20),
    ("ghr_", 20),
    ("github_pat_", 20),
    ("glpat-", 16),
    ("sk_live_", 10),
    ("rk_live_", 10),
    ("sk_test_", 10),
    ("sk-", 20),
    ("xoxb-", 10),
    ("xoxp-", 10),
    ("xoxa-", 10),
    ("AKIA", 16),
    ("ASIA", 16),
    ("AIza", 30),
    ("SG.", 30),
    ("npm_", 30),
    ("pypi-", 30),
    ("dop_v1_", 30),
    ("AGE-SECRET-KEY-1", 10),
    ("hvs.", 20),
    ("eyJhbGciOi", 20),
];

/// Is this a key whose value would be a secret?
pub(super) fn is_secret_key(key: &str) -> bool {
    KEYS.contains(&key.to_lowercase().replace('-', "_").as_str())
}

/// The finding about a secret at a place.
pub(super) fn finding(at: Span) -> Diagnostic {
    Diagnostic::error(codes::SECRET, "a secret stands in the policy folder", at, "name it, do not write it").help(
        "write where it is found instead, such as `connect = { env = \"HELPDESK_DSN\" }`; \
         and change the secret, for copies of this file may be around",
    )
}

/// Places in a text, strings and comments alike, that look like a secret.
pub(super) fn places(text: &str) -> Vec<Range<usize>> {
    let mut found = private_keys(text);
    let ends = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ',' | '`' | '<' | '>');
    let mut start = 0;
    for part in text.split_inclusive(ends) {
        let word = part.trim_end_matches(ends);
        if is_secret(word) {
            found.push(start..start + word.len());
        }
        start += part.len();
    }
    found
}

fn private_keys(text: &str) -> Vec<Range<usize>> {
    let heads = text.match_indices("-----BEGIN ");
    let private = heads.filter(|(at, _)| text[*at..].lines().next().is_some_and(|line| line.contains("PRIVATE KEY")));
    let end = |at: usize| text[at..].find("-----END ").map_or(text.len(), |n| at + n);
    private.map(|(at, _)| at..end(at)).collect()
}

fn is_secret(word: &str) -> bool {
    has_password(word) || assigns_password(word) || is_token(word)
}

/// `scheme://user:password@host`, unless the password is a field to fill in.
fn has_password(word: &str) -> bool {
    let Some((_, rest)) = word.split_once("://") else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    // A password may itself hold a slash that somebody forgot to encode, so the last `@` of the whole is tried as well.
    let user = authority.rsplit_once('@').or_else(|| rest.rsplit_once('@')).map_or("", |(user, _)| user);
    user.split_once(':').is_some_and(|(name, password)| !password.is_empty() && !name.contains(['/', '?', '#']))
}

/// `password=..` of a connection string.
fn assigns_password(word: &str) -> bool {
    word.to_lowercase().split([';', '&', '?']).any(|part| {
        part.split_once('=').is_some_and(|(key, value)| matches!(key, "password" | "pwd") && !value.is_empty())
    })
}

fn is_token(word: &str) -> bool {
    let tail = |prefix: &str| word.strip_prefix(prefix).map(|t| t.bytes().take_while(|b| is_token_byte(*b)).count());
    TOKENS.iter().any(|(prefix, least)| tail(prefix).is_some_and(|n| n >= *least))
}

fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'+' | b'/' | b'=')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_a_secret() {
        for secret in [
            "postgres://app:hunter2@db.internal/helpdesk",
            "mysql://root:a/b@db/x",
            "host=db;Password=hunter2",
            "ghp_abcdefghijklmnopqrstuvwxyz0123456789",
            "AKIAABCDEFGHIJKLMNOP",
            "AGE-SECRET-KEY-1QQQQQQQQQQQQ",
        ] {
            let text = format!("x = \"{secret}\" # y");
            let found: Vec<&str> = places(&text).into_iter().map(|at| &text[at]).collect();
            assert_eq!(found, [secret]);
        }
        assert_eq!(places("a = '''\n-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----'''").len(), 1);
    }

    #[test]
    fn what_does_not() {
        for plain in [
            "https://example.com/a:b@c",
            "postgres://app@db/helpdesk",
            "mailto:ann@x.example",
            "user.contact.email",
            "sk-short",
            "password",
            "-----BEGIN PUBLIC KEY-----",
        ] {
            assert!(places(&format!("x = \"{plain}\"")).is_empty(), "{plain}");
        }
    }
}
