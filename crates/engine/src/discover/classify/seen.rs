//! What sampled values say of a column, beside what its name says.

use super::values::Kind;
use super::values::Tally;
use super::values::national::numbers;

/// Values from which a share means something.
const FEW: u32 = 5;

/// What the values are, as a column.
pub struct Seen {
    /// Category, where the values tell one by themselves.
    pub category: Option<&'static str>,
    /// How sure they make it.
    pub sure: f32,
    /// They let somebody in.
    pub secret: bool,
    /// People wrote them.
    pub text: bool,
    /// In words and counts.
    pub evidence: String,
}

/// A kind of values and what a column of them is.
struct Rule {
    kind: Kind,
    /// Share of values from which the column is taken for it.
    share: f32,
    /// The same where the name says the same.
    named: f32,
    category: Option<&'static str>,
    sure: f32,
    says: &'static str,
}

const fn rule(kind: Kind, share: f32, named: f32, category: &'static str, sure: f32, says: &'static str) -> Rule {
    Rule { kind, share, named, category: Some(category), sure, says }
}

/// The first that fits, wins: what has check digits or a strict form stands before what has none.
const RULES: [Rule; 15] = [
    rule(Kind::PasswordHash, 0.5, 0.2, "user.authorization.password", 0.98, "hashes of passwords"),
    rule(Kind::PrivateKey, 0.3, 0.1, "user.authorization.credentials", 0.98, "private keys"),
    rule(Kind::Email, 0.6, 0.3, "user.contact.email", 0.98, "e-mail addresses"),
    rule(Kind::Emails, 0.5, 0.2, "user.contact.email", 0.9, "e-mail addresses with names or in lists"),
    rule(Kind::Iban, 0.8, 0.4, "user.financial.bank_account", 0.98, "IBANs with right check digits"),
    rule(Kind::Card, 0.9, 0.5, "user.financial.credit_card", 0.95, "payment card numbers with right check digits"),
    rule(Kind::UserAgent, 0.5, 0.2, "user.device", 0.9, "names of browsers"),
    rule(Kind::Ip, 0.7, 0.3, "user.device.ip_address", 0.95, "IP addresses"),
    rule(Kind::Mac, 0.8, 0.4, "user.device.device_id", 0.85, "addresses of network cards"),
    rule(Kind::Phone, 0.7, 0.3, "user.contact.phone_number", 0.9, "phone numbers"),
    rule(Kind::BarePhone, 0.9, 0.5, "user.contact.phone_number", 0.7, "digits that are phone numbers"),
    rule(Kind::Full, 0.5, 0.1, "user.name", 0.8, "given and family names"),
    rule(Kind::Given, 0.4, 0.05, "user.name.first", 0.75, "given names"),
    rule(Kind::Family, 0.4, 0.05, "user.name.last", 0.7, "family names"),
    rule(Kind::Birth, 0.97, 0.6, "user.demographic.date_of_birth", 0.5, "days of 10 to 110 years ago"),
];

/// What the values say by themselves; `hint` is the category that the name speaks for.
pub fn seen(tally: &Tally, hint: Option<&str>) -> Option<Seen> {
    if tally.values == 0 {
        return None;
    }
    national(tally, hint).or_else(|| by_rules(tally, hint)).or_else(|| token(tally, hint)).or_else(|| texts(tally))
}

/// `37 of 40 sampled values are e-mail addresses`.
fn counted(count: u32, tally: &Tally, says: &str) -> String {
    format!("{count} of {} sampled values are {says}", tally.values)
}

fn by_rules(tally: &Tally, hint: Option<&str>) -> Option<Seen> {
    RULES.iter().find_map(|rule| {
        let named = hint.is_some_and(|h| rule.category.is_some_and(|c| c.starts_with(h) || h.starts_with(c)));
        let share = tally.share(rule.kind);
        let enough = tally.values >= FEW && share >= rule.share;
        // Names of people repeat; a handful of values over and over are names of something else.
        let varied = !matches!(rule.kind, Kind::Given | Kind::Family | Kind::Birth) || tally.distinct >= 5;
        (named && share >= rule.named || enough && varied).then(|| Seen {
            category: rule.category,
            sure: if named { rule.sure.max(0.9) } else { rule.sure },
            secret: matches!(rule.kind, Kind::PasswordHash | Kind::PrivateKey),
            text: matches!(rule.kind, Kind::Emails),
            evidence: counted(tally.count(rule.kind), tally, rule.says),
        })
    })
}

/// One number in ten has a right check digit by chance, so nearly all must, and there must be many.
fn national(tally: &Tally, hint: Option<&str>) -> Option<Seen> {
    let named = hint.is_some_and(|h| h.starts_with("user.government_id"));
    let (share, few) = if named { (0.6, 1) } else { (0.95, 10) };
    let best = (0..numbers().len()).max_by_key(|at| tally.count(Kind::National(*at)))?;
    let kind = Kind::National(best);
    (tally.values >= few && tally.distinct >= few && tally.share(kind) >= share).then(|| Seen {
        category: Some("user.government_id.national_identification_number"),
        sure: if named { 0.98 } else { 0.85 },
        secret: false,
        text: false,
        evidence: counted(tally.count(kind), tally, &numbers()[best].name),
    })
}

/// Random letters and digits are a secret where a name says so; else they are keys of something.
fn token(tally: &Tally, hint: Option<&str>) -> Option<Seen> {
    let named = hint.is_some_and(|h| h.starts_with("user.authorization"));
    let count = tally.count(Kind::Token).max(tally.count(Kind::Digest));
    (named && count * 2 >= tally.values).then(|| Seen {
        category: Some("user.authorization.credentials"),
        sure: 0.95,
        secret: true,
        text: false,
        evidence: counted(count, tally, "letters and digits by chance, as tokens are"),
    })
}

fn texts(tally: &Tally) -> Option<Seen> {
    let share = tally.share(Kind::Text);
    let varied = tally.distinct * 3 >= tally.values;
    (share >= 0.4 && varied).then(|| {
        let mut evidence = counted(tally.count(Kind::Text), tally, "texts of several words");
        if tally.naming > 0 {
            evidence.push_str(&format!(", {} with an e-mail address within", tally.naming));
        }
        Seen { category: None, sure: 0.7 + 0.2 * share, secret: false, text: true, evidence }
    })
}

/// Why the values cannot be what the name says; `None` where they may be.
pub fn contradicted(tally: &Tally, category: &str) -> Option<String> {
    let none = |kinds: &[Kind], says: &str| {
        let count: u32 = kinds.iter().map(|k| tally.count(*k)).sum();
        (count * 10 < tally.values).then(|| format!("only {count} of {} sampled values look like {says}", tally.values))
    };
    if tally.values < FEW {
        return None;
    }
    let told = match category {
        "user.contact.email" => none(&[Kind::Email, Kind::Emails, Kind::Digest], "e-mail addresses"),
        "user.device.ip_address" => none(&[Kind::Ip, Kind::Digest], "IP addresses"),
        "user.financial.bank_account" => {
            none(&[Kind::Iban], "bank accounts").filter(|_| tally.plain * 2 < tally.values)
        }
        "user.demographic.date_of_birth" => {
            none(&[Kind::Birth], "dates of birth").filter(|_| tally.plain * 2 < tally.values)
        }
        c if c.starts_with("user.name") => plain(tally),
        "user.contact.phone_number" => {
            (tally.plain * 2 < tally.values).then(|| none(&[Kind::Phone, Kind::BarePhone], "phone numbers")).flatten()
        }
        "user.contact.address.city" | "user.contact.address.street" | "user.content" => plain(tally),
        _ => None,
    };
    let enumerated =
        matches!(category, "user.content" | "user.name.first" | "user.name.last" | "user.contact.address.street");
    told.or_else(|| {
        (enumerated && few(tally)).then(|| format!("only {} different values among {}", tally.distinct, tally.values))
    })
}

/// The same few values over and over.
fn few(tally: &Tally) -> bool {
    tally.values >= 40 && tally.distinct <= 4
}

/// Numbers, dates and keys are no names and no sentences.
fn plain(tally: &Tally) -> Option<String> {
    let keys = tally.plain + tally.count(Kind::Uuid) + tally.count(Kind::Digest);
    (keys * 10 > tally.values * 9)
        .then(|| format!("{keys} of {} sampled values are numbers, dates or keys", tally.values))
}
