//! What the best-known tools for privacy requests get wrong.

mod support;

use std::collections::BTreeMap;

use serde_json::Value;
use support::residue::stands_in;
use support::{Company, Dump, Row};

/// Plans an erasure by e-mail, writes it to a file of that name and returns what the file holds.
fn planned(company: &Company, email: &str, file: &str) -> Value {
    let path = company.path(file);
    let args = ["plan", "erasure", company.folder(), "--subject", "customer", "--email", email, "--out", &path];
    company.json(&args);
    let mut file: Value = serde_json::from_slice(&std::fs::read(&path).expect("the plan")).expect("JSON");
    file["plan"].take()
}

/// Applies the plan of that file and confirms the paper archive; the erasure must be complete.
fn carried_out(company: &Company, file: &str) {
    let (path, out) = (company.path(file), company.answers.display().to_string());
    let waiting = company.json(&["apply", &path, "--out", &out]);
    let ending = company.confirm_tasks(waiting["run"].as_str().expect("a run"));
    assert_eq!(ending["state"], "complete", "{ending}");
}

fn row(dump: &Dump, table: &str, id: &str) -> Option<Row> {
    let (system, table) = table.split_once('.').expect("system.table");
    let rows = &dump[&(system.to_owned(), table.to_owned())];
    rows.iter().find(|row| row["id"].as_deref() == Some(id)).cloned()
}

fn cell<'a>(row: &'a Row, column: &str) -> &'a str {
    row[column].as_deref().unwrap_or_else(|| panic!("{column} is NULL"))
}

/// Keys of the steps by system, table and action.
fn steps(plan: &Value) -> BTreeMap<(String, String, String), Vec<String>> {
    let mut found: BTreeMap<_, Vec<String>> = BTreeMap::new();
    for system in plan["systems"].as_array().expect("systems") {
        for step in system["steps"].as_array().expect("steps") {
            let name = |v: &Value| v.as_str().unwrap_or_default().to_owned();
            let place = (name(&system["system"]), name(&step["table"]), name(&step["action"]["do"]));
            let keys = step["keys"].as_array().expect("keys").iter().map(Value::to_string);
            found.entry(place).or_default().extend(keys);
        }
    }
    found
}

#[test]
fn an_address_in_other_letter_case_finds_the_person() {
    let spellings = [
        // As it is stored in one table, in lower case as in the others, and as nobody stored it.
        ["Mixed.Case@Linden-Clinic.EXAMPLE", "mixed.case@linden-clinic.example", "MIXED.CASE@LINDEN-CLINIC.EXAMPLE"],
        // Where lower case is more than a question of ASCII.
        ["bjørn.ødegård@fjord-cargo.example", "BJØRN.ØDEGÅRD@FJORD-CARGO.EXAMPLE", "Bjørn.Ødegård@Fjord-Cargo.Example"],
    ];
    for company in Company::both(40) {
        for (ix, [first, others @ ..]) in spellings.iter().enumerate() {
            let plan = planned(&company, first, &format!("{ix}.json"));
            let found = plan["persons"].as_array().expect("records");
            assert!(found.iter().any(|p| p["system"] == "helpdesk" && p["table"] == "persons"), "{first}");
            for (jx, other) in others.iter().enumerate() {
                let again = planned(&company, other, &format!("{ix}-{jx}.json"));
                assert_eq!(plan["persons"], again["persons"], "{other}");
                assert_eq!(steps(&plan), steps(&again), "{other}");
            }
        }
        // Rows that spell it otherwise than the person's record are hers too.
        let sql = "select id from email_events where lower(address) = 'mixed.case@linden-clinic.example' and kind <> 'digest'";
        let events = company.query("helpdesk", sql).len();
        carried_out(&company, "0-1.json");
        assert!(events > 0 && company.query("helpdesk", sql).is_empty(), "{events} events before");
    }
}

#[test]
fn a_row_shared_with_another_person_keeps_that_persons_values() {
    for company in Company::both(40) {
        // What Vigdis (23) did to Hedda (21) is a row about both.
        company.execute(
            "helpdesk",
            "insert into audit_log (id, actor_kind, actor_id, person_id, action, detail, ip, at) values (900001, 'customer', 23, 21,
               'person.update', 'Vigdis Tradeier <vigdis.tradeier@blue-bakery.example> changed Hedda Sitat <hedda.sitat@blue-bakery.example>',
               '203.0.113.9', '2025-03-04 05:06:07');
             update tickets set forwarded_by = 'hedda.sitat@blue-bakery.example', subject = 'The oven of Vigdis Tradeier' where id =
               (select min(id) from tickets where requester_id = 23)",
        );
        let ticket =
            cell(&company.query("helpdesk", "select min(id) as id from tickets where requester_id = 23")[0], "id")
                .to_owned();
        let quotes =
            "select id from replies where writer_kind = 'customer' and writer_id = 22 and body like '%hedda.sitat@%'";
        let quote = cell(&company.query("helpdesk", quotes)[0], "id").to_owned();
        let before = company.dump();
        planned(&company, "hedda.sitat@blue-bakery.example", "plan.json");
        carried_out(&company, "plan.json");
        let after = company.dump();

        let entry = row(&after, "helpdesk.audit_log", "900001").expect("the row about both stays");
        let was = row(&before, "helpdesk.audit_log", "900001").expect("a row");
        assert_eq!(entry["person_id"], None);
        for column in ["actor_kind", "actor_id", "action", "ip", "at"] {
            assert_eq!(entry[column], was[column], "{column} is Vigdis's");
        }
        let kept = "Vigdis Tradeier <vigdis.tradeier@blue-bakery.example> changed ••• <•••>";
        assert_eq!(cell(&entry, "detail"), kept);

        let (was, entry) = (row(&before, "helpdesk.tickets", &ticket), row(&after, "helpdesk.tickets", &ticket));
        let (mut was, entry) = (was.expect("a ticket"), entry.expect("the ticket of somebody else stays"));
        was.insert("forwarded_by".into(), Some(String::new()));
        assert_eq!(entry, was, "only who forwarded it is gone");

        let (was, entry) = (row(&before, "helpdesk.replies", &quote), row(&after, "helpdesk.replies", &quote));
        let (was, entry) = (was.expect("a reply"), entry.expect("what Gorm wrote stays"));
        for column in ["ticket_id", "writer_id", "from_name", "from_address", "created_at"] {
            assert_eq!(entry[column], was[column], "{column} is Gorm's");
        }
        let unmasked =
            |text: &str| text.replace("hedda.sitat@blue-bakery.example", "•••").replace("Hedda Sitat", "•••");
        assert_eq!(cell(&entry, "body"), unmasked(cell(&was, "body")));
    }
}

/// Puts a rule on a table that only the rows to come can break, and takes it away again.
struct Rule {
    table: &'static str,
    name: &'static str,
    condition: &'static str,
    /// The column whose definition carries it on SQLite.
    column: &'static str,
}

const NAME_GIVEN: Rule = Rule {
    table: "replies",
    name: "from_name_given",
    condition: "\"from_name\" <> ''",
    column: "\"from_name\" TEXT NOT NULL",
};

impl Rule {
    fn put(&self, company: &Company) {
        let Rule { table, name, condition, .. } = self;
        if company.engine == "postgres" {
            company.execute("helpdesk", &format!("alter table {table} add constraint {name} check ({condition})"));
        } else {
            self.rewrite(company, true);
        }
    }

    fn take_away(&self, company: &Company) {
        if company.engine == "postgres" {
            company.execute("helpdesk", &format!("alter table {} drop constraint {}", self.table, self.name));
        } else {
            self.rewrite(company, false);
        }
    }

    /// SQLite cannot add a rule to a table that exists, but its own text of the table can be written anew.
    fn rewrite(&self, company: &Company, put: bool) {
        let ruled = format!("{} CONSTRAINT \"{}\" CHECK ({})", self.column, self.name, self.condition);
        let (from, to) = if put { (self.column, ruled.as_str()) } else { (ruled.as_str(), self.column) };
        let quoted = |text: &str| text.replace('\'', "''");
        company.execute(
            "helpdesk",
            &format!(
                "pragma writable_schema = on;
                 update sqlite_master set sql = replace(sql, '{}', '{}') where name = '{}';
                 pragma writable_schema = reset",
                quoted(from),
                quoted(to),
                self.table
            ),
        );
    }
}

#[test]
fn a_constraint_that_fails_half_way_leaves_every_table_as_it_was() {
    // Hedda has rows in billing, which is changed before the help desk fails.
    let email = "hedda.sitat@blue-bakery.example";
    for company in Company::both(40) {
        NAME_GIVEN.put(&company);
        let plan = planned(&company, email, "plan.json");
        assert!(steps(&plan).keys().any(|(system, ..)| system == "billing"), "two systems change");
        let before = company.dump();
        let failed = company.upheld(&["apply", &company.path("plan.json"), "--out", &company.path("out")]);
        assert_eq!(failed.code, 1, "{failed:?}");
        for word in ["helpdesk", "replies", "from_name_given"] {
            assert!(failed.stderr.contains(word), "{word} is named: {}", failed.stderr);
        }
        let said = format!("{}{}", failed.stdout, failed.stderr);
        assert!(!stands_in(&said, email) && !stands_in(&said, "Hedda Sitat"), "nothing personal: {said}");
        assert!(before == company.dump(), "{}: rows changed", company.engine);
        assert_eq!(certificates(&company), 0, "no certificate says that it was done");

        NAME_GIVEN.take_away(&company);
        planned(&company, email, "again.json");
        carried_out(&company, "again.json");
    }
}

/// A rule that the database itself looks at only when the transaction ends, when the other system may have committed.
#[test]
fn a_constraint_that_is_put_off_to_the_end_leaves_every_table_as_it_was() {
    let email = "hedda.sitat@blue-bakery.example";
    let company = Company::postgres(40);
    company.execute(
        "helpdesk",
        "alter table replies add constraint one_without_name exclude using btree (from_name with =)
           where (from_name = '') deferrable initially deferred",
    );
    let blanked = steps(&planned(&company, email, "plan.json"));
    let keys = &blanked[&("helpdesk".to_owned(), "replies".to_owned(), "change".to_owned())];
    assert!(keys.len() > 1, "two rows break the rule together: {keys:?}");
    let before = company.dump();
    let failed = company.upheld(&["apply", &company.path("plan.json"), "--out", &company.path("out")]);
    assert_eq!(failed.code, 1, "{failed:?}");
    for word in ["helpdesk", "replies", "one_without_name"] {
        assert!(failed.stderr.contains(word), "{word} is named: {}", failed.stderr);
    }
    assert!(before == company.dump(), "rows changed: {failed:?}");
    assert_eq!(certificates(&company), 0);
}

/// A table that no claim reaches points at the person's row, and the database minds.
#[test]
fn a_reference_from_an_ignored_table_leaves_every_table_as_it_was() {
    let email = "hedda.sitat@blue-bakery.example";
    for put_off in ["", " deferrable initially deferred"] {
        for company in Company::both(40) {
            company.execute(
                "helpdesk",
                &format!(
                    "create table badges (id integer primary key, person_id bigint not null references persons (id){put_off});
                     insert into badges values (1, 21)"
                ),
            );
            let map = company.folder.join("systems/helpdesk.toml");
            let text =
                std::fs::read_to_string(&map).expect("the map").replace("[\"settings\"]", "[\"settings\", \"badges\"]");
            std::fs::write(&map, text).expect("write the map");
            let before = company.dump();
            let path = company.path("plan.json");
            let about = ["--subject", "customer", "--email", email, "--out", &path];
            let planned = company.upheld(&[&["plan", "erasure", company.folder()], &about[..]].concat());
            let refused = if planned.code == 0 {
                company.upheld(&["apply", &path, "--out", &company.path("out")])
            } else {
                planned
            };
            assert_eq!(refused.code, 1, "{}{put_off}: {refused:?}", company.engine);
            for word in ["helpdesk", "badges"] {
                assert!(
                    refused.stderr.contains(word),
                    "{}{put_off}: {word} is named: {}",
                    company.engine,
                    refused.stderr
                );
            }
            assert!(before == company.dump(), "{}{put_off}: rows changed: {}", company.engine, refused.stderr);
            assert_eq!(certificates(&company), 0);
        }
    }
}

/// How many certificates lie in the folder for answers or below.
fn certificates(company: &Company) -> usize {
    let folders = [company.answers.clone(), company.answers.join("out")];
    let entries = folders.iter().filter_map(|f| std::fs::read_dir(f).ok()).flatten().flatten();
    entries.filter(|e| e.file_name().to_string_lossy().starts_with("certificate-")).count()
}

#[test]
fn a_column_that_cannot_be_changed_as_declared_is_refused_before_anything_runs() {
    for company in Company::both(40) {
        let not_null =
            ("of = [\"writer\", \"staff\"], erase = \"blank\"", "of = [\"writer\", \"staff\"], erase = \"null\"");
        refused_as_declared(&company, "from_name", not_null);
        refused_as_declared(&company, "external_ref", ("erase = \"null\"", "erase = \"hash\""));
    }
}

/// SQLite's columns hold what they are given; PostgreSQL's do not.
#[test]
fn a_word_in_place_of_a_date_is_refused_before_anything_runs() {
    refused_as_declared(&Company::postgres(40), "birth_date", ("erase = \"null\"", "erase = { replace = \"gone\" }"));
}

/// Says in the map that a column changes in another way, which it cannot: every command must refuse at that line.
fn refused_as_declared(company: &Company, column: &str, (from, to): (&str, &str)) {
    let map = company.folder.join("systems/helpdesk.toml");
    let right = std::fs::read_to_string(&map).expect("the map");
    let before = company.dump();
    let line = right.lines().position(|l| l.starts_with(column)).expect("a line of the column");
    let edit = |(ix, l): (usize, &str)| if ix == line { l.replace(from, to) } else { l.to_owned() };
    let edited: Vec<String> = right.lines().enumerate().map(edit).collect();
    assert_ne!(edited[line], right.lines().nth(line).expect("the line"), "{column}: the map was changed");
    std::fs::write(&map, edited.join("\n")).expect("write the map");
    let place = format!("systems/helpdesk.toml:{}:", line + 1);
    let about = ["--subject", "customer", "--email", "hedda.sitat@blue-bakery.example"];
    let check = company.upheld(&["check", company.folder(), "--live"]);
    let plan = company.upheld(&[&["plan", "erasure", company.folder()], &about[..]].concat());
    let fulfil = company.upheld(&[&["fulfil", "erasure", company.folder(), "--yes"], &about[..]].concat());
    for (name, refused) in [("check", check), ("plan", plan), ("fulfil", fulfil)] {
        let said = format!("{}{}", refused.stdout, refused.stderr);
        assert_eq!(refused.code, 1, "{}, {name}, {column}: {said}", company.engine);
        assert!(said.contains(&place) && said.contains(column), "{name} shows the place of {column}: {said}");
        assert!(!said.contains("complete"), "{name}, {column}: {said}");
    }
    assert!(before == company.dump(), "{}: rows changed", company.engine);
    std::fs::write(&map, right).expect("write the map");
}
