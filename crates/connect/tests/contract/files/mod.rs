//! The contract once more for systems that hold files, where tables are path templates and nothing can be written.

mod backend;
mod changes;
mod folder_only;
mod odd_names;
mod questions;
mod s3_only;

/// Runs a body on each kind of place.
macro_rules! on_files {
    ($($body:ident),+ $(,)?) => {$(
        mod $body {
            #[tokio::test]
            async fn folder() {
                super::$body(crate::files::backend::Objects::folder()).await;
            }

            #[tokio::test]
            async fn bucket() {
                super::$body(crate::files::backend::Objects::bucket().await).await;
            }
        }
    )+};
}
pub(crate) use on_files;
