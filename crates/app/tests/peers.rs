//! What the best-known tools for privacy requests get wrong.

mod support;

use support::Company;

#[test]
fn smoke() {
    for company in Company::both(40) {
        let dump = company.dump();
        assert_eq!(dump.len(), 26, "{}", company.engine);
        assert_eq!(dump[&("helpdesk".into(), "persons".into())].len(), 40);
    }
}
