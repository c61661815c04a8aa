//! Persons and how they are found, and awkward tables: scenes played on SQLite, PostgreSQL and MariaDB.

mod awkward;
mod beside;
mod doubts;
mod hard;
mod keyless;
mod made;
mod proved;
mod scene;
mod stand_ins;
mod sweep_after;
mod swept;
mod views;
