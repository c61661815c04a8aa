//! Persons and how they are found, and awkward tables: scenes played on SQLite, PostgreSQL and MariaDB.

mod awkward;
mod beside;
mod doubts;
mod exact;
mod hard;
mod keyless;
mod made;
mod paced;
mod proved;
mod stand_ins;
mod sweep_after;
mod sweep_whose;
mod swept;
mod views;
mod whole_rows;

/// Ann and Bo, as most scenes have them.
const USERS: &str = "
    CREATE TABLE users (id int PRIMARY KEY, email varchar(100), name varchar(40));
    INSERT INTO users VALUES (1, 'ann@x.example', 'Ann'), (2, 'bo@x.example', 'Bo');";

/// The map of [`USERS`].
const USER: &str = r#"
[subject.user]
table = "users"
[subject.user.identity]
email = { column = "email", match = "email" }
[table.users.columns]
email = "user.contact.email"
name = "user.name"
"#;

/// Who asks.
const ANN: &[(&str, &str)] = &[("email", "ann@x.example")];
