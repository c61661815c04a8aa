//! Addresses of places.

use std::path::PathBuf;
use std::sync::Arc;

use engine::ask::Failure;
use url::Url;

use super::folder;
use super::place::Place;
use super::s3::{Bucket, BucketAddress};
use crate::connector::Options;

/// Where the root is.
pub(super) enum Address {
    Folder(PathBuf),
    Bucket(Arc<Bucket>),
}

impl Address {
    /// A folder's path, `file:///path`, or `s3://bucket/prefix`.
    pub fn parse(text: &str, options: &Options) -> Result<Address, Failure> {
        let refused = |why: &str| Failure::Refused { reason: format!("the address of the files: {why}") };
        if text.starts_with("file:") {
            let url = Url::parse(text)
                .ok()
                .filter(|url| text.starts_with("file:///") && url.query().or(url.fragment()).is_none());
            let path = url.and_then(|url| url.to_file_path().ok());
            return path.map(Address::Folder).ok_or_else(|| refused("`file:` wants a whole path: file:///srv/uploads"));
        }
        match text.split_once("://") {
            Some(("s3", _)) => {
                let bucket = Bucket::new(&BucketAddress::parse(text)?, options.statement_timeout_ms)?;
                Ok(Address::Bucket(Arc::new(bucket)))
            }
            Some(_) => Err(refused("it must be a folder, file:///folder or s3://bucket/prefix")),
            None if text.is_empty() => Err(refused("it is empty")),
            None => Ok(Address::Folder(PathBuf::from(text))),
        }
    }

    /// Opens the root anew; fails where it is not there.
    pub async fn open(&self) -> Result<Arc<dyn Place>, Failure> {
        match self {
            Address::Folder(path) => Ok(Arc::new(folder::open(path).await?)),
            Address::Bucket(bucket) => {
                bucket.check().await?;
                Ok(bucket.clone())
            }
        }
    }
}
