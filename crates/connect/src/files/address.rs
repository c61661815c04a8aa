//! Addresses of places.

use std::path::PathBuf;
use std::sync::Arc;

use engine::ask::Failure;
use url::Url;

use super::folder;
use super::place::Place;

/// Where the root is.
pub(super) enum Address {
    Folder(PathBuf),
}

impl Address {
    /// A folder's path, or `file:///path`.
    pub fn parse(text: &str) -> Result<Address, Failure> {
        let refused = |why: &str| Failure::Refused { reason: format!("the address of the files: {why}") };
        if text.starts_with("file:") {
            let url = Url::parse(text)
                .ok()
                .filter(|url| text.starts_with("file:///") && url.query().or(url.fragment()).is_none());
            let path = url.and_then(|url| url.to_file_path().ok());
            return path.map(Address::Folder).ok_or_else(|| refused("`file:` wants a whole path: file:///srv/uploads"));
        }
        match text.split_once("://") {
            Some(_) => Err(refused("it must be a folder, file:///folder or s3://bucket/prefix")),
            None if text.is_empty() => Err(refused("it is empty")),
            None => Ok(Address::Folder(PathBuf::from(text))),
        }
    }

    /// Opens the root anew; fails where it is not there.
    pub async fn open(&self) -> Result<Arc<dyn Place>, Failure> {
        match self {
            Address::Folder(path) => Ok(Arc::new(folder::open(path).await?)),
        }
    }
}
