//! What sampled values are, each judged by itself, and counted by column.

mod money;
pub mod national;
mod net;
mod people;
mod secrets;
mod text;

use std::collections::BTreeSet;

use jiff::civil::Date;

use self::national::numbers;
use crate::discover::sample::Sample;
use crate::value::Value;

/// What a value can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An e-mail address.
    Email,
    /// Something short around e-mail addresses: `Ann <ann@x.example>`.
    Emails,
    /// A phone number as people write it.
    Phone,
    /// Digits that are a phone number.
    BarePhone,
    /// A network address.
    Ip,
    /// The address of a network card.
    Mac,
    /// What a browser calls itself.
    UserAgent,
    /// A bank account with check digits.
    Iban,
    /// A payment card with check digit.
    Card,
    /// A number given by a state, by its place in the rules.
    National(usize),
    /// A day of 10 to 110 years ago.
    Birth,
    /// A given name.
    Given,
    /// A family name.
    Family,
    /// Given name and family name.
    Full,
    /// A password's hash.
    PasswordHash,
    /// A private key.
    PrivateKey,
    /// A digest.
    Digest,
    /// Letters and digits by chance.
    Token,
    /// A UUID.
    Uuid,
    /// A link.
    Url,
    /// A sentence.
    Text,
    /// JSON.
    Json,
    /// YAML.
    Yaml,
    /// PHP's own form.
    Php,
}

/// The counts of one column.
#[derive(Default)]
pub struct Tally {
    /// Values looked at; empty ones are not.
    pub values: u32,
    /// Different ones.
    pub distinct: u32,
    /// Numbers and dates, which are no text.
    pub plain: u32,
    /// Texts of sentences in which an e-mail address stands.
    pub naming: u32,
    /// Documents in which an e-mail address stands.
    pub addressed: u32,
    counts: Vec<(Kind, u32)>,
}

impl Tally {
    /// Counts the values of a sample.
    pub fn of(sample: &Sample, today: Date) -> Self {
        let mut tally = Tally::default();
        let mut seen = BTreeSet::new();
        for value in &sample.values {
            let Some(text) = value.join_text() else { continue };
            let text = text.trim();
            if text.is_empty() {
                continue;
            }
            tally.values += 1;
            seen.insert(text.to_owned());
            let short = text.len() < 1000;
            tally.plain += u32::from(short && text.chars().all(|c| c.is_ascii_digit() || "-+:. TZ".contains(c)));
            let kinds = if matches!(value, Value::Text(_)) { of_text(text, today) } else { of_number(text) };
            let document = [Kind::Json, Kind::Yaml, Kind::Php].iter().any(|k| kinds.contains(k));
            tally.addressed += u32::from(document && net::emails_within(text) > 0);
            tally.naming += u32::from(kinds.contains(&Kind::Text) && net::emails_within(text) > 0);
            kinds.into_iter().for_each(|kind| tally.add(kind));
        }
        tally.distinct = u32::try_from(seen.len()).unwrap_or(u32::MAX);
        tally
    }

    fn add(&mut self, kind: Kind) {
        match self.counts.iter_mut().find(|(k, _)| *k == kind) {
            Some((_, count)) => *count += 1,
            None => self.counts.push((kind, 1)),
        }
    }

    /// Values of that kind.
    pub fn count(&self, kind: Kind) -> u32 {
        self.counts.iter().find(|(k, _)| *k == kind).map_or(0, |(_, count)| *count)
    }

    /// Their share, from 0 to 1.
    pub fn share(&self, kind: Kind) -> f32 {
        if self.values == 0 { 0.0 } else { self.count(kind) as f32 / self.values as f32 }
    }
}

fn of_number(text: &str) -> Vec<Kind> {
    let mut kinds = national_numbers(text);
    kinds.extend(money::card(text).then_some(Kind::Card));
    kinds
}

fn national_numbers(text: &str) -> Vec<Kind> {
    let short = text.len() <= 24;
    numbers().iter().enumerate().filter(|(_, n)| short && n.is(text)).map(|(at, _)| Kind::National(at)).collect()
}

fn of_text(text: &str, today: Date) -> Vec<Kind> {
    type Is = fn(&str) -> bool;
    const SHORT: [(Kind, Is); 15] = [
        (Kind::Email, net::email),
        (Kind::Phone, money::phone),
        (Kind::BarePhone, money::bare_phone),
        (Kind::Ip, net::ip),
        (Kind::Mac, net::mac),
        (Kind::UserAgent, net::user_agent),
        (Kind::Iban, money::iban),
        (Kind::Card, money::card),
        (Kind::Given, people::given),
        (Kind::Family, people::family),
        (Kind::Full, people::full),
        (Kind::PasswordHash, secrets::password_hash),
        (Kind::Digest, secrets::digest),
        (Kind::Token, secrets::token),
        (Kind::Uuid, net::uuid),
    ];
    const ANY: [(Kind, Is); 6] = [
        (Kind::Url, net::url),
        (Kind::PrivateKey, secrets::private_key),
        (Kind::Text, text::free),
        (Kind::Json, text::json),
        (Kind::Yaml, text::yaml),
        (Kind::Php, text::php),
    ];
    let mut kinds: Vec<Kind> = ANY.iter().filter(|(_, is)| is(text)).map(|(kind, _)| *kind).collect();
    if text.len() <= 512 {
        kinds.extend(SHORT.iter().filter(|(_, is)| is(text)).map(|(kind, _)| *kind));
        kinds.extend(national_numbers(text));
        kinds.extend((!net::email(text) && !text::document(text) && emails_only(text)).then_some(Kind::Emails));
        kinds.extend(birth(text, today).then_some(Kind::Birth));
    }
    kinds
}

/// Addresses in a row, or each in brackets behind a name. A sentence that has one is a sentence.
fn emails_only(text: &str) -> bool {
    let addresses = net::emails_within(text);
    let words = text.split([' ', ',', ';']).filter(|w| !w.is_empty()).count();
    addresses > 0 && (words == addresses || (text.contains('<') && words <= 5 * addresses))
}

fn birth(text: &str, today: Date) -> bool {
    let day = text.get(..10).and_then(|d| d.parse::<Date>().ok());
    let midnight =
        text.get(10..).is_some_and(|rest| rest.is_empty() || rest.get(1..).is_some_and(|r| r.starts_with("00:00")));
    day.is_some_and(|d| midnight && (10..=110).contains(&(today.year() - d.year())))
}
