//! Values of the network: addresses, links, identifiers.

use core::net::IpAddr;

/// An e-mail address and nothing else.
pub fn email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let label = |l: &str| {
        !l.is_empty() && !l.starts_with('-') && !l.ends_with('-') && l.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    let name = |c: char| c.is_alphanumeric() || "!#$%&'*+/=?^_`{|}~.-".contains(c);
    let top = domain.rsplit('.').next().unwrap_or("");
    (1..=64).contains(&local.len())
        && local.chars().all(name)
        && !local.starts_with('.')
        && !local.ends_with('.')
        && domain.contains('.')
        && domain.split('.').all(label)
        && top.len() >= 2
        && top.chars().all(char::is_alphabetic)
}

/// How many e-mail addresses stand in a longer text.
pub fn emails_within(text: &str) -> usize {
    let edges = |c: char| c.is_whitespace() || "<>()[]{},;:\"'|=&?".contains(c);
    text.split(edges).filter(|word| email(word.trim_end_matches(['.', '!']))).count()
}

/// An IPv4 or IPv6 address, perhaps with the length of a network behind it.
pub fn ip(text: &str) -> bool {
    let (address, length) = text.split_once('/').map_or((text, None), |(a, l)| (a, Some(l)));
    length.is_none_or(|l| l.parse::<u8>().is_ok_and(|l| l <= 128)) && address.parse::<IpAddr>().is_ok()
}

/// A link.
pub fn url(text: &str) -> bool {
    ["http://", "https://", "ftp://"].iter().any(|p| text.strip_prefix(p).is_some_and(|r| !r.is_empty()))
        && !text.contains(char::is_whitespace)
}

/// A UUID.
pub fn uuid(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    parts.iter().map(|p| p.len()).eq([8, 4, 4, 4, 12]) && parts.iter().all(|p| hex(p))
}

/// The address of a network card.
pub fn mac(text: &str) -> bool {
    let parts: Vec<&str> = text.split([':', '-']).collect();
    parts.len() == 6 && parts.iter().all(|p| p.len() == 2 && hex(p))
}

/// How a browser names itself.
pub fn user_agent(text: &str) -> bool {
    ["Mozilla/", "Opera/", "Dalvik/", "okhttp/", "curl/"].iter().any(|p| text.starts_with(p)) && text.len() > 8
}

/// Hexadecimal digits only, at least one.
pub fn hex(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn true_ones_pass_and_near_misses_do_not() {
        type Is = fn(&str) -> bool;
        let all: [(Is, &[&str], &[&str]); 6] = [
            (
                email,
                &["ann@x.example", "o'b+tag@mail.x.org", "zoë@bücher.example"],
                &[
                    "ann@x",
                    "@x.example",
                    "ann@",
                    "a b@x.example",
                    "ann@x.example, bob",
                    "ann@-x.example",
                    "ann@1.2.3.4",
                ],
            ),
            (ip, &["192.0.2.1", "2001:db8::1", "10.0.0.0/8"], &["192.0.2.256", "1.2.3", "12", "::g", "10.0.0.0/129"]),
            (url, &["https://x.example/a?b"], &["x.example", "https://", "http://a b"]),
            (
                uuid,
                &["0188d9a2-0000-7000-8000-0123456789ab"],
                &["0188d9a2-0000-7000-8000-0123456789a", "0188d9a2-0000-7000-8000-0123456789ag"],
            ),
            (mac, &["00:1b:44:11:3a:b7"], &["00:1b:44:11:3a", "00:1b:44:11:3a:bg"]),
            (user_agent, &["Mozilla/5.0 (X11; Linux x86_64)"], &["Mozilla", "Mozarella/5.0 is a cheese"]),
        ];
        for (is, good, bad) in all {
            good.iter().for_each(|g| assert!(is(g), "{g}"));
            bad.iter().for_each(|b| assert!(!is(b), "{b}"));
        }
    }

    #[test]
    fn addresses_within_texts_are_counted() {
        assert_eq!(emails_within("Ann <ann@x.example>, bob@y.example."), 2);
        assert_eq!(emails_within("a @ b, ann@x"), 0);
    }
}
