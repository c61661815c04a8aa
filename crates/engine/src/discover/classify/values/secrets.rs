//! What lets somebody in: hashes of passwords, keys, tokens.

use super::net::{hex, uuid};

/// A password as applications store it.
pub fn password_hash(text: &str) -> bool {
    const FORMS: [&str; 14] = [
        "$2a$",
        "$2b$",
        "$2y$",
        "$argon2",
        "$6$",
        "$5$",
        "$1$",
        "$P$",
        "$H$",
        "$pbkdf2",
        "pbkdf2_sha",
        "{SSHA",
        "{PBKDF2",
        "scrypt:",
    ];
    text.len() >= 20 && FORMS.iter().any(|f| text.starts_with(f))
}

/// A digest in hexadecimal digits: of MD5, SHA-1 or the SHA-2 family.
pub fn digest(text: &str) -> bool {
    matches!(text.len(), 32 | 40 | 56 | 64 | 96 | 128) && hex(text) && text.bytes().any(|b| b.is_ascii_alphabetic())
}

/// The text form of a private key.
pub fn private_key(text: &str) -> bool {
    text.contains("-----BEGIN") && text.contains("PRIVATE KEY-----")
}

/// Letters and digits in such disorder that only chance made them.
pub fn token(text: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b"-_+/=.".contains(&b);
    (16..=512).contains(&text.len())
        && text.bytes().all(allowed)
        && text.bytes().any(|b| b.is_ascii_digit())
        && text.bytes().any(|b| b.is_ascii_alphabetic())
        && !uuid(text)
        && disorder(text) > 3.3
}

/// Bits of surprise in each byte.
fn disorder(text: &str) -> f64 {
    let mut counts = [0u32; 256];
    text.bytes().for_each(|b| counts[usize::from(b)] += 1);
    let all = text.len() as f64;
    counts.iter().filter(|c| **c > 0).map(|c| f64::from(*c) / all).map(|p| -p * p.log2()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn true_ones_pass_and_near_misses_do_not() {
        assert!(password_hash("$2a$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW"));
        assert!(!password_hash("$2a$12"));
        assert!(!password_hash("$200 and a little more for me"));
        assert!(digest("9e107d9d372bb6826bd81d3542a419d6"));
        assert!(!digest("9e107d9d372bb6826bd81d3542a419d"));
        assert!(!digest("00000000000000000000000000000000"));
        assert!(token("xK9fQ2mZ7pL4vT8wR3nB"));
        assert!(!token("aaaaaaaaaaaaaaaaaaa1"));
        assert!(!token("a sentence with 12 words"));
        assert!(!token("0188d9a2-0000-7000-8000-0123456789ab"));
        assert!(private_key("-----BEGIN RSA PRIVATE KEY-----\nMIIE"));
        assert!(!private_key("-----BEGIN PUBLIC KEY-----"));
    }
}
