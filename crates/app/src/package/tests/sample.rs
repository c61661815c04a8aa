//! A person of a help desk: a policy, a plan and rows, as the engine would make them.

use std::path::Path;

use engine::plan::{Action, Key, OtherKind, Plan, Record, Review, Step, SystemPlan, Unusable, Withheld};
use engine::policy::model::{Access, Column, Policy, Right, System, SystemId, SystemKind, Table};
use engine::run::Sink;
use engine::schema::Class;
use engine::text::{Identifier, Words};
use engine::value::Value;

use crate::package::{Extra, Finished, Package};

/// Column name, class, category and whether it is free text.
type Described<'a> = (&'a str, Class, &'a str, bool);

const PERSONS: &[Described<'_>] = &[
    ("id", Class::Int, "system.operations", false),
    ("name", Class::Text, "user.name", false),
    ("email", Class::Text, "user.contact.email", false),
    ("phone", Class::Text, "user.contact.phone_number", false),
    ("username", Class::Text, "user.account.username", false),
    ("birth_date", Class::Date, "user.demographic.date_of_birth", false),
    ("avatar", Class::Bytes, "user.content", false),
    ("preferences", Class::Json, "user.account.settings", false),
    ("notes", Class::Text, "user.content", true),
    ("vip", Class::Bool, "user.behavior", false),
    ("created_at", Class::Timestamp, "system.operations", false),
];
const REPLIES: &[Described<'_>] = &[
    ("id", Class::Int, "", false),
    ("ticket_id", Class::Int, "", false),
    ("from_name", Class::Text, "user.name", false),
    ("from_address", Class::Text, "user.contact.email", false),
    ("body", Class::Text, "user.content.ticket", true),
    ("created_at", Class::Text, "system.operations", false),
];
const EVENTS: &[Described<'_>] = &[
    ("id", Class::Int, "", false),
    ("kind", Class::Text, "system.operations", false),
    ("address", Class::Text, "user.contact.email", false),
    ("at", Class::Timestamp, "system.operations", false),
];
const SESSIONS: &[Described<'_>] = &[
    ("id", Class::Uuid, "system.operations", false),
    ("ip", Class::Text, "user.device.ip_address", false),
    ("user_agent", Class::Text, "user.device", false),
    ("token", Class::Text, "user.authorization.credentials", false),
    ("started_at", Class::Timestamp, "system.operations", false),
];
const AUDIT: &[Described<'_>] = &[("id", Class::Int, "", false), ("detail", Class::Text, "user.content", true)];
const INVOICES: &[Described<'_>] = &[
    ("number", Class::Text, "system.operations", false),
    ("billed_name", Class::Text, "user.name", false),
    ("gross_cents", Class::Int, "user.financial", false),
    ("issued_on", Class::Date, "system.operations", false),
];

/// The policy with the tables of the sample.
pub fn policy() -> Policy {
    let system = |name: &str, kind| System {
        name: name.into(),
        kind,
        read: None,
        write: None,
        schema: None,
        country: None,
        time_zone: None,
        team: None,
        tasks: Vec::new(),
        limits: Default::default(),
        calls: Default::default(),
        views: Vec::new(),
    };
    let mut policy = Policy { company: "Harbour Desk AS".into(), hash: "ab".repeat(32), ..Policy::default() };
    policy.about.contact = Some("privacy@harbour-desk.example".into());
    policy.about.officer = Some("dpo@harbour-desk.example".into());
    policy.about.country = Some("NO".into());
    policy.systems = vec![
        system("billing", SystemKind::Sqlite),
        system("helpdesk", SystemKind::Sqlite),
        system("paper-archive", SystemKind::Manual),
    ];
    for (at, name, columns) in [
        (1, "persons", PERSONS),
        (1, "replies", REPLIES),
        (1, "email_events", EVENTS),
        (1, "sessions", SESSIONS),
        (1, "audit_log", AUDIT),
        (0, "invoices", INVOICES),
    ] {
        add_table(&mut policy, at, name, columns);
    }
    policy
}

/// Adds a mapped table to a policy.
pub fn add_table(policy: &mut Policy, system: usize, name: &str, columns: &[Described<'_>]) {
    let columns = columns.iter().map(|(name, class, category, text)| Column {
        category: (!category.is_empty()).then(|| (*category).into()),
        text: *text,
        ..Column::new((*name).into(), *class)
    });
    policy.tables.push(Table::new(SystemId(system), name.into(), vec![0], columns.collect()));
}

/// A step that returns columns of `rows` rows.
pub fn export(table: &str, columns: &[&str], level: Access, links: &[&str], rows: usize) -> Step {
    let owned = |list: &[&str]| list.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>();
    let keys: Vec<Key> = (0..rows as i64).map(|i| vec![Value::Int(i)]).collect();
    let action = Action::Export { columns: owned(columns), level, links: owned(links), content: Vec::new() };
    let (reason, digest) = ("owner by requester".into(), String::new());
    Step {
        table: table.into(),
        key: vec!["id".into()],
        keys,
        copies: None,
        was: Vec::new(),
        or_more: false,
        together: false,
        action,
        reason,
        decided_by: Vec::new(),
        digest,
        each: Vec::new(),
    }
}

/// A plan of these steps.
pub fn plan_of(systems: Vec<(&str, Vec<Step>)>) -> Plan {
    let of = |(system, steps): (&str, Vec<Step>)| SystemPlan {
        system: system.to_owned(),
        fingerprint: Default::default(),
        steps,
        files: None,
        calls: None,
        paced: None,
        rebuild: Vec::new(),
    };
    Plan {
        version: 1,
        request: "R-2026-0042".into(),
        right: Right::Access,
        requested_by: "kari".into(),
        kind: "customer".into(),
        tenant: Some(Value::Int(3)),
        local_tenants: Default::default(),
        policy: "ab".repeat(32),
        profile: None,
        persons: vec![Record {
            system: "helpdesk".into(),
            table: "persons".into(),
            key: vec![Value::Int(17)],
            chain: vec!["email".into()],
            values: Default::default(),
            held: Vec::new(),
        }],
        identifiers: vec![Identifier { text: Words("sigrid@fjord.example".into()), certain: true }],
        systems: systems.into_iter().map(of).collect(),
        kept: Vec::new(),
        withheld: Vec::new(),
        review: Vec::new(),
        not_followed: Vec::new(),
        unusable: Vec::new(),
        other_kinds: Vec::new(),
        restores: None,
        stopped: Vec::new(),
        rest_of: None,
        absent: Vec::new(),
        searched: Vec::new(),
        swept: Vec::new(),
        consulted: Vec::new(),
        freed: Vec::new(),
        bearers: Vec::new(),
        shreds: Vec::new(),
        breaches: Vec::new(),
        token_key: "00".repeat(32),
        nonce: "11".repeat(16),
        made_at: "2026-12-28T09:30:00Z".parse().unwrap(),
        expires_at: "2026-12-29T09:30:00Z".parse().unwrap(),
    }
}

/// The plan of the sample.
pub fn plan() -> Plan {
    let all = |described: &[Described<'static>]| described.iter().map(|d| d.0).collect::<Vec<_>>();
    let steps = vec![
        export("persons", &all(PERSONS), Access::Row, &[], 1),
        export("replies", &["id", "ticket_id", "body", "created_at"], Access::Shared, &["thread"], 2),
        export("replies", &all(REPLIES), Access::Shared, &["thread", "writer"], 2),
        export("email_events", &all(EVENTS), Access::Row, &["address"], 230),
        export("sessions", &["id", "ip", "user_agent", "started_at"], Access::Row, &["person_id"], 3),
        export("audit_log", &[], Access::Fact, &["about"], 1),
    ];
    let archive = Step {
        action: Action::Confirm { team: "Records office".into(), text: "Look up the card index.".into() },
        ..export("", &[], Access::Row, &[], 0)
    };
    let invoices = export("invoices", &all(INVOICES), Access::Row, &["buyer"], 3);
    let mut plan = plan_of(vec![("billing", vec![invoices]), ("helpdesk", steps), ("paper-archive", vec![archive])]);
    let withheld = |table: &str, columns: &[&str], rows, reason: &str| Withheld {
        system: "helpdesk".into(),
        table: table.into(),
        columns: columns.iter().map(|c| (*c).to_owned()).collect(),
        rows,
        reason: reason.into(),
    };
    plan.withheld = vec![
        withheld("replies", &["from_name", "from_address"], 2, "belongs to other people"),
        withheld("sessions", &["token"], 3, "a secret"),
        withheld("audit_log", &[], 1, "the row names the person, but is not theirs: only the fact is told"),
    ];
    let (system, table) = ("helpdesk".to_owned(), "replies".to_owned());
    let unusable = Unusable { system: system.clone(), table: "persons".into(), column: "phone".into() };
    plan.review = vec![Review {
        system: system.clone(),
        table,
        key: vec![Value::Int(9)],
        reason: "a common word".into(),
        doubt: Default::default(),
    }];
    plan.unusable = vec![unusable];
    let keys = vec![vec![Value::Int(4)]];
    plan.other_kinds = vec![OtherKind { kind: "agent".into(), system, table: "agents".into(), keys }];
    plan
}

/// Hands rows to a package.
pub fn feed(package: &mut Package, system: &str, step: &Step, rows: impl IntoIterator<Item = Vec<Value>>) {
    package.begin(system, step).unwrap();
    rows.into_iter().for_each(|row| package.row(row).unwrap());
}

/// The finished package of the sample.
pub fn written(dir: &Path) -> Finished {
    let plan = plan();
    let mut package = Package::create(dir, &plan, &policy()).unwrap();
    let [invoices, [persons, others, own, events, sessions, audit]] =
        [&plan.systems[0].steps[..], &plan.systems[1].steps[..]]
    else {
        unreachable!("the plan above")
    };
    feed(&mut package, "billing", &invoices[0], invoice_rows());
    feed(&mut package, "helpdesk", persons, [person()]);
    feed(&mut package, "helpdesk", others, other_replies());
    feed(&mut package, "helpdesk", own, own_replies());
    feed(&mut package, "helpdesk", events, event_rows());
    feed(&mut package, "helpdesk", sessions, session_rows());
    feed(&mut package, "helpdesk", audit, [vec![Value::Int(8812)]]);
    package.finish(&Extra { certificate: Some(b"{}"), language: None }).unwrap()
}

fn t(text: &str) -> Value {
    Value::text(text)
}

fn person() -> Vec<Value> {
    vec![
        Value::Int(17),
        t("Sigrid Ødegård"),
        t("sigrid@fjord.example"),
        Value::Null,
        t("sigrid.o"),
        t("1986-02-09"),
        Value::Bytes(vec![0x89; 18_204]),
        t(r#"{"theme":"dark","digest":false,"signature":"Hilsen, Sigrid"}"#),
        t("Prefers to be called in the morning.\nSpeaks Norwegian and German."),
        Value::Int(0),
        t("2021-03-04T08:15:00Z"),
    ]
}

fn other_replies() -> Vec<Vec<Value>> {
    vec![
        vec![Value::Int(301), Value::Int(77), t("Hello Sigrid, can you send me the log?"), t("2026-05-02T10:20:31Z")],
        vec![Value::Int(304), Value::Int(77), t("Thank you, it is fixed now. 🎉"), t("2026-05-03T07:00:00Z")],
    ]
}

fn own_replies() -> Vec<Vec<Value>> {
    let reply = |id, body: &str, at: &str| {
        vec![Value::Int(id), Value::Int(77), t("Sigrid Ødegård"), t("sigrid@fjord.example"), t(body), t(at)]
    };
    vec![
        reply(300, "The import stops at row 12.\n\nHilsen\nSigrid", "2026-05-02T09:58:00Z"),
        reply(302, &"line of the log, with æøå\n".repeat(900), "2026-05-02T11:00:00Z"),
    ]
}

fn event_rows() -> impl Iterator<Item = Vec<Value>> {
    let at = |i: i64| format!("2026-{:02}-{:02}T06:30:00Z", 1 + i % 12, 1 + i % 28);
    (0..230).map(move |i| vec![Value::Int(i), t("delivered"), t("sigrid@fjord.example"), Value::text(at(i))])
}

fn session_rows() -> impl Iterator<Item = Vec<Value>> {
    let agent = "Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0";
    (0..3).map(move |i| {
        let id = Value::text(format!("5f0e1c9a-0000-4000-8000-00000000000{i}"));
        vec![id, t("203.0.113.7"), t(agent), t("2026-11-20T12:00:00Z")]
    })
}

fn invoice_rows() -> impl Iterator<Item = Vec<Value>> {
    let number = |i: i64| Value::text(format!("HD-2026-{i:04}"));
    (1..4).map(move |i| vec![number(i), t("Sigrid Ødegård"), Value::Int(129_900 * i), t("2026-02-28")])
}
