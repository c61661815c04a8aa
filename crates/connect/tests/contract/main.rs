//! The contract that every connector keeps: one body for each promise, run on each kind of database.

mod backend;
mod changes;
mod failures;
mod files;
mod keyless;
mod mysql_only;
mod postgres_only;
mod questions;
mod samples;
mod sqlite_only;
mod structure;
mod values;
mod ways;

/// Runs a body on each backend.
macro_rules! contract {
    ($($body:ident),+ $(,)?) => {$(
        mod $body {
            #[tokio::test]
            async fn sqlite() {
                super::$body(crate::backend::Backend::sqlite()).await;
            }

            #[tokio::test]
            async fn postgres() {
                super::$body(crate::backend::Backend::postgres()).await;
            }

            #[tokio::test]
            async fn mariadb() {
                super::$body(crate::backend::Backend::mariadb()).await;
            }
        }
    )+};
}
pub(crate) use contract;
