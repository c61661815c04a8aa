//! Services whose description comes with Upheld.

/// Their names and descriptions (`rules/services/NAME.toml`).
pub const SERVICES: [(&str, &str); 5] = [
    ("hubspot", include_str!("../../../../rules/services/hubspot.toml")),
    ("intercom", include_str!("../../../../rules/services/intercom.toml")),
    ("mailchimp", include_str!("../../../../rules/services/mailchimp.toml")),
    ("stripe", include_str!("../../../../rules/services/stripe.toml")),
    ("zendesk", include_str!("../../../../rules/services/zendesk.toml")),
];

/// The names alone.
pub fn names() -> Vec<&'static str> {
    SERVICES.iter().map(|(name, _)| *name).collect()
}

/// The description of a service.
pub fn text(name: &str) -> Option<&'static str> {
    SERVICES.iter().find(|(n, _)| *n == name).map(|(_, text)| *text)
}
