//! Statements: what a certificate says, each meant for some readers and hidden from the others by a salt.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::CertificateError;
use crate::canonical;
use crate::hash::{Hash, decode_hex};
use crate::token::check_identifier;

/// A kind of reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// The person whose data it is.
    Person,
    /// The customer on whose behalf the data is held.
    Customer,
    /// An auditor or regulator.
    Auditor,
    /// Whoever holds the certificate; the others may read these statements too.
    Everyone,
}

/// One statement. Its commitment is the SHA-256 of its canonical JSON with the keys `audience`, `name`, `salt`, `value`.
///
/// The salt (16 random bytes, never used twice) keeps a reader from guessing the statements that are not disclosed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    audience: BTreeSet<Audience>,
    name: String,
    salt: Salt,
    value: Value,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
struct Salt([u8; 16]);

impl TryFrom<String> for Salt {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        decode_hex(&text).map(Self).ok_or("a salt is written as 32 lower-case hexadecimal digits")
    }
}

impl From<Salt> for String {
    fn from(salt: Salt) -> Self {
        hex::encode(salt.0)
    }
}

impl Statement {
    /// A statement for `audience`. `name` is an identifier such as `rows.deleted`; `value` is any JSON whose numbers are
    /// whole.
    pub fn new(audience: impl IntoIterator<Item = Audience>, name: &str, value: Value, salt: [u8; 16]) -> Self {
        let audience = audience.into_iter().collect();
        Self { audience, name: name.to_owned(), salt: Salt(salt), value }
    }

    /// For whom it is meant.
    pub fn audience(&self) -> &BTreeSet<Audience> {
        &self.audience
    }

    /// What it is about.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it says.
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// Whether `reader` may see it.
    pub fn is_for(&self, reader: Audience) -> bool {
        self.audience.contains(&reader) || self.audience.contains(&Audience::Everyone)
    }

    /// The hash that stands in the signed body for this statement.
    ///
    /// # Errors
    /// When the name is not an identifier, nobody is meant to read it, or the value has no canonical form.
    pub fn commitment(&self) -> Result<Hash, CertificateError> {
        check_identifier("statement name", &self.name)?;
        if self.audience.is_empty() {
            return Err(CertificateError::NoAudience(self.name.clone()));
        }
        let value = serde_json::to_value(self).map_err(canonical::CanonicalError::from)?;
        Ok(Hash::of(canonical::to_text(&value)?.as_bytes()))
    }
}
