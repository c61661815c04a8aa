//! Deleting objects of a bucket, with the versions that it keeps.

use engine::ask::Failure;
use futures_util::future::join_all;
use reqwest::{Method, Response};

use super::super::place::Object;
use super::client::header;
use super::xml::{self, Version};
use super::{AT_ONCE, Bucket};

/// Where the bucket keeps versions we must be let at them, and that can be seen beforehand.
pub(super) async fn may_delete(bucket: &Bucket, objects: &[Object]) -> Result<(), Failure> {
    let Some(object) = objects.first() else { return Ok(()) };
    match bucket.head(&object.path).await? {
        Some((_, answer)) if keeps_versions(&answer) => versions(bucket, &bucket.key(&object.path)).await.map(drop),
        _ => Ok(()),
    }
}

/// Looks at all first, then deletes.
pub(super) async fn delete(bucket: &Bucket, objects: &[Object]) -> Result<(), Failure> {
    let mut left = Vec::with_capacity(objects.len());
    for some in objects.chunks(AT_ONCE) {
        for look in join_all(some.iter().map(|object| as_it_was(bucket, object))).await {
            left.extend(look?);
        }
    }
    let mut deleted = 0;
    for some in left.chunks(AT_ONCE) {
        let mut trouble = None;
        // Those under way are waited for, so that the count is true; no further one is begun.
        for done in join_all(some.iter().map(|(key, versioned)| delete_one(bucket, key, *versioned))).await {
            deleted += usize::from(done.as_ref().map_or_else(|half| half.some, |()| true));
            trouble = trouble.or(done.err());
        }
        if let Some(half) = trouble {
            return Err(super::super::half_done(deleted, left.len(), half.why));
        }
    }
    Ok(())
}

/// The key of an object that is still what it was, and whether versions of it are kept; `None` if it is gone.
async fn as_it_was(bucket: &Bucket, object: &Object) -> Result<Option<(String, bool)>, Failure> {
    let Some((now, answer)) = bucket.head(&object.path).await? else { return Ok(None) };
    if now.version != object.version {
        return Err(super::super::replaced());
    }
    Ok(Some((bucket.key(&object.path), keeps_versions(&answer))))
}

/// A deletion that failed, perhaps after a part of it.
struct Half {
    some: bool,
    why: Failure,
}

async fn delete_one(bucket: &Bucket, key: &str, versioned: bool) -> Result<(), Half> {
    let whole = |why| Half { some: false, why };
    if versioned {
        return purge(bucket, key).await;
    }
    let answer = bucket.client.send(Method::DELETE, Some(key), &[]).await.map_err(whole)?;
    // A store that says only now that it put a mark in the place of the object.
    if keeps_versions(&answer) { purge(bucket, key).await.map_err(|half| Half { some: true, ..half }) } else { Ok(()) }
}

/// Deletes all versions, the latest last: as long as the object is seen, the deletion can be begun again.
async fn purge(bucket: &Bucket, key: &str) -> Result<(), Half> {
    let mut found = versions(bucket, key).await.map_err(|why| Half { some: false, why })?;
    found.sort_by_key(|version| version.latest);
    let mut some = false;
    for version in found {
        let query = [("versionId", version.id.as_str())];
        bucket.client.send(Method::DELETE, Some(key), &query).await.map_err(|why| Half { some, why })?;
        some = true;
    }
    Ok(())
}

/// Amazon and those like it name the version in every answer about an object of a bucket that keeps, or once kept, versions.
fn keeps_versions(answer: &Response) -> bool {
    header(answer, "x-amz-version-id").or_else(|| header(answer, "x-amz-delete-marker")).is_some()
}

async fn versions(bucket: &Bucket, key: &str) -> Result<Vec<Version>, Failure> {
    let (mut found, mut from): (Vec<Version>, Option<(String, String)>) = (Vec::new(), None);
    loop {
        let mut query = vec![("versions", ""), ("encoding-type", "url"), ("max-keys", "1000"), ("prefix", key)];
        if let Some((key, id)) = &from {
            query.extend([("key-marker", key.as_str()), ("version-id-marker", id.as_str())]);
        }
        let answer = bucket.client.send(Method::GET, None, &query).await.map_err(|why| unlisted(bucket, why))?;
        let page = xml::versions(&bucket.client.text(answer).await?)?;
        // The prefix finds longer keys too; they come behind.
        let beyond = page.versions.last().is_some_and(|version| version.key != key);
        found.extend(page.versions.into_iter().filter(|version| version.key == key));
        match page.next {
            Some(next) if !beyond => from = Some(next),
            _ => return Ok(found),
        }
    }
}

fn unlisted(bucket: &Bucket, why: Failure) -> Failure {
    match why {
        Failure::Forbidden { .. } | Failure::Other { .. } => {
            let reason = format!(
                "the bucket {} keeps versions of its objects, which a deletion would leave, and it does not let us list \
                 them; allow our key s3:ListBucketVersions and s3:DeleteObjectVersion",
                bucket.client.bucket
            );
            Failure::Refused { reason }
        }
        other => other,
    }
}
