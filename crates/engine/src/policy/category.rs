//! Keys of the taxonomy: `user.contact` covers `user.contact.email`.

/// Does one key of the taxonomy cover another one?
pub fn covers(key: &str, other: &str) -> bool {
    other.strip_prefix(key).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// Is data of this category about a person?
pub fn is_personal(category: &str) -> bool {
    covers("user", category)
}

/// Is it data of payments?
pub fn is_payment(category: &str) -> bool {
    ["user.financial", "user.payment"].iter().any(|key| covers(key, category))
}

/// Is it what stands on a payment card?
pub fn is_card(category: &str) -> bool {
    ["user.financial.credit_card", "user.payment"].iter().any(|key| covers(key, category))
}
