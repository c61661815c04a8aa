//! A folder that names a known service adds the secret and the subject kind, and compiles.

use engine::diagnostic::render;
use engine::policy::compile::compile;
use engine::policy::known::SERVICES;
use engine::source::Source;

/// Service, table of its persons, and the column of their address.
const PERSONS: [(&str, &str, &str); 5] = [
    ("hubspot", "contacts", "email"),
    ("intercom", "contacts", "email"),
    ("mailchimp", "members", "email_address"),
    ("stripe", "customers", "email"),
    ("zendesk", "users", "email"),
];

#[test]
fn a_known_service_needs_a_secret_and_a_kind() {
    assert_eq!(SERVICES.map(|(name, _)| name), PERSONS.map(|(name, ..)| name));
    for (service, table, email) in PERSONS {
        let map = |more: &str| {
            format!(
                "[system]\nkind = \"http\"\nservice = \"{service}\"\nurl = \"https://acme.example.net\"\n\
                 connect = {{ env = \"SECRET\" }}\n\n[subject.customer]\ntable = \"{table}\"\n\
                 identity = {{ email = {{ column = \"{email}\", match = \"email\" }} }}\n{more}"
            )
        };
        let found = |more: &str| {
            let mut source = Source::default();
            source.add("policy.toml", "[company]\nname = \"Acme\"\n");
            source.add("systems/crm.toml", map(more));
            let compiled = compile(&source, None);
            assert!(compiled.policy.is_some(), "{}", render::text(&compiled.diagnostics, &source, false));
            let place = |at| source.line_column(at);
            let codes = compiled.diagnostics.iter().map(|d| (d.code.0, place(d.labels[0].span)));
            codes.collect::<Vec<_>>()
        };
        // What it says of itself is told where the folder names it.
        assert_eq!(found(""), [("U0805", (3, 11))], "{service}");
        assert_eq!(found("\n[http]\nuntried = false\n"), [], "{service}");
    }
}
