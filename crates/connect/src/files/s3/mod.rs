//! Objects that lie in a bucket of an S3-compatible store.
//!
//! `object_store` finds credentials and signs requests. The requests are our own, for its listings fail as a whole where
//! one key has an empty part, it cannot name keys with control characters, and it knows no older versions: whoever may
//! upload chooses keys.
//!
//! A bucket that keeps versions keeps them after a plain delete. Where an answer shows that it does, all versions of a key
//! are deleted, older ones first; where they may not be listed, deleting is refused. Versions of objects that were deleted
//! before are not seen. What a store keeps beyond its protocol (replicas, backups) is out of reach.

mod address;
mod client;
mod delete;
mod xml;

use engine::ask::Failure;
use futures_util::{StreamExt, TryStreamExt};
use reqwest::{Method, Response};

use super::place::{EachObject, Object, Place};
use crate::connector::{Answer, EachPiece};
pub(super) use address::BucketAddress;
use client::Client;
use xml::Page;

/// Requests for single objects that are under way at once.
const AT_ONCE: usize = 8;

/// The protocol allows no longer keys, in bytes.
const LONGEST_KEY: usize = 1_024;

/// A root in a bucket: what all its keys begin with, empty or ending in `/`.
pub(super) struct Bucket {
    client: Client,
    root: String,
}

impl Bucket {
    /// Prepares requests; nothing is sent.
    pub fn new(address: &BucketAddress, timeout_ms: u64) -> Result<Bucket, Failure> {
        Ok(Bucket { client: Client::new(address, timeout_ms)?, root: address.root.clone() })
    }

    /// Sees whether the bucket is there and lets us in.
    pub async fn check(&self) -> Result<(), Failure> {
        self.page("", "1", None).await.map(drop)
    }

    fn key(&self, path: &str) -> String {
        format!("{}{path}", self.root)
    }

    async fn page(&self, prefix: &str, most: &str, from: Option<&str>) -> Result<Page, Failure> {
        let prefix = self.key(prefix);
        let mut query = vec![("list-type", "2"), ("encoding-type", "url"), ("max-keys", most), ("prefix", &prefix)];
        query.extend(from.map(|token| ("continuation-token", token)));
        let answer = self.client.send(Method::GET, None, &query).await?;
        xml::page(&self.client.text(answer).await?)
    }

    /// The object of a path as it is now, and the answer that shows it.
    async fn head(&self, path: &str) -> Result<Option<(Object, Response)>, Failure> {
        let key = self.key(path);
        if key.len() > LONGEST_KEY {
            return Ok(None);
        }
        match self.client.send(Method::HEAD, Some(&key), &[]).await {
            Ok(answer) => Ok(Some((client::object(path, &answer)?, answer))),
            Err(Failure::Missing { .. }) => Ok(None),
            Err(why) => Err(why),
        }
    }
}

impl Place for Bucket {
    fn list<'a>(&'a self, prefix: &'a str, each: &'a mut EachObject<'_>) -> Answer<'a, ()> {
        Box::pin(async move {
            if self.key(prefix).len() > LONGEST_KEY {
                return Ok(());
            }
            let mut page = self.page(prefix, "1000", None).await?;
            loop {
                for mut object in page.objects {
                    let Some(path) = object.path.strip_prefix(&self.root) else { continue };
                    object.path = path.to_owned();
                    if each(object).is_break() {
                        return Ok(());
                    }
                }
                match page.next {
                    Some(token) => page = self.page(prefix, "1000", Some(&token)).await?,
                    None => return Ok(()),
                }
            }
        })
    }

    fn look<'a>(&'a self, paths: &'a [String]) -> Answer<'a, Vec<Object>> {
        let looks = futures_util::stream::iter(paths.iter().map(|path| self.head(path)));
        let found = looks.buffered(AT_ONCE).try_filter_map(|found| async { Ok(found.map(|(object, _)| object)) });
        Box::pin(found.try_collect())
    }

    fn content<'a>(&'a self, path: &'a str, each: &'a mut EachPiece<'_>) -> Answer<'a, ()> {
        Box::pin(async move {
            let answer = self.client.send(Method::GET, Some(&self.key(path)), &[]).await;
            let mut answer = answer.map_err(|why| match why {
                Failure::Missing { .. } => super::no_object(),
                other => other,
            })?;
            while let Some(piece) = answer.chunk().await.map_err(|why| self.client.unreachable(why))? {
                if each(&piece).is_break() {
                    break;
                }
            }
            Ok(())
        })
    }

    fn may_delete<'a>(&'a self, objects: &'a [Object]) -> Answer<'a, ()> {
        Box::pin(delete::may_delete(self, objects))
    }

    fn delete<'a>(&'a self, objects: &'a [Object]) -> Answer<'a, ()> {
        Box::pin(delete::delete(self, objects))
    }
}
