//! How long `check` takes over a folder of 500 tables: compiling it and writing the findings down. Prints the median.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Instant;

use engine::diagnostic::render;
use engine::policy::compile::compile;
use engine::schema::{Class, Column, Schema, Table};
use engine::source::Source;

const TABLES: usize = 500;
const RUNS: usize = 21;

fn main() {
    let (source, schema) = (folder(), BTreeMap::from([("desk".to_owned(), schema())]));
    let mut times: Vec<f64> = (0..RUNS)
        .map(|_| {
            let begin = Instant::now();
            let found = compile(&source, Some(&schema)).diagnostics;
            assert_eq!(render::text(&found, &source, false).matches("did you mean `owner`?").count(), TABLES / 100);
            begin.elapsed().as_secs_f64() * 1000.0
        })
        .collect();
    times.sort_by(f64::total_cmp);
    #[expect(clippy::print_stdout, reason = "the figure is what this program is for")]
    {
        println!("check of {TABLES} tables: median {:.1} ms of {RUNS} runs", times[RUNS / 2]);
    }
}

/// Chains of three tables that begin at a person; one table in a hundred has a mistake.
fn folder() -> Source {
    let mut map = String::from(
        "[system]\nkind = \"sqlite\"\nconnect = { env = \"DSN\" }\n\n[subject.customer]\ntable = \"customers\"\n\
         identity = { email = { column = \"email\", match = \"email\" } }\n\n[table.customers.columns]\nemail = \"user.contact.email\"\n",
    );
    for nth in 0..TABLES {
        let role = match nth {
            _ if nth % 100 == 99 => "onwer",
            _ if nth % 3 == 0 => "owner",
            _ => "part",
        };
        let parent = if nth % 3 == 0 { "customers".to_owned() } else { format!("t{}", nth - 1) };
        let _ =
            write!(map, "\n[table.t{nth}]\nlinks = [{{ role = \"{role}\", column = \"up\", to = \"{parent}.id\" }}]\n");
        let _ = writeln!(map, "[table.t{nth}.columns]");
        for column in 0..8 {
            let _ = writeln!(map, "c{column} = {{ category = \"user.content\", text = true }}");
        }
    }
    let mut source = Source::default();
    source.add("policy.toml", "[company]\nname = \"Acme\"\n");
    source.add("systems/desk.toml", map);
    source
}

fn schema() -> Schema {
    let mut tables = vec![table("customers", &["id"], &["email"])];
    tables.extend((0..TABLES).map(|nth| {
        let texts: Vec<String> = (0..8).map(|c| format!("c{c}")).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        table(&format!("t{nth}"), &["id", "up", "n"], &texts)
    }));
    tables.sort_by(|a, b| a.name.cmp(&b.name));
    Schema { tables }
}

fn table(name: &str, numbers: &[&str], texts: &[&str]) -> Table {
    let column = |name: &&str, class, type_name: &str| Column {
        name: (*name).to_owned(),
        type_name: type_name.to_owned(),
        class,
        nullable: *name != "id",
        default: false,
        generated: false,
        max_chars: None,
    };
    let numbers = numbers.iter().map(|n| column(n, Class::Int, "bigint"));
    let texts = texts.iter().map(|t| column(t, Class::Text, "text"));
    Table {
        name: name.to_owned(),
        columns: numbers.chain(texts).collect(),
        key: vec!["id".to_owned()],
        ..Table::default()
    }
}
