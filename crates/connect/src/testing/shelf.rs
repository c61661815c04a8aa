//! The buckets of the store for tests.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, SystemTime};

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use s3s::dto::*;
use s3s::{S3, S3Request, S3Response, S3Result, s3_error};

/// One version of a key; without content it marks that the key was deleted.
#[derive(Clone)]
pub(super) struct Version {
    id: String,
    content: Option<Arc<str>>,
    modified: SystemTime,
}

/// One bucket: the versions of each key, the latest last.
#[derive(Default)]
pub(super) struct Shelf {
    pub versioned: bool,
    pub keys: BTreeMap<String, Vec<Version>>,
    pub forbidden: BTreeSet<String>,
    pub puts: u64,
}

impl Shelf {
    /// Puts an object, or the mark that it was deleted.
    pub fn put(&mut self, key: &str, content: Option<Arc<str>>) {
        self.puts += 1;
        let modified = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000 + self.puts);
        let id = if self.versioned { format!("v{}", self.puts) } else { "null".to_owned() };
        let versions = self.keys.entry(key.to_owned()).or_default();
        versions.retain(|version| version.id != id);
        versions.push(Version { id, content, modified });
    }

    /// The object of a key.
    pub fn latest(&self, key: &str) -> Option<&Version> {
        self.keys.get(key)?.last().filter(|version| version.content.is_some())
    }

    fn remove(&mut self, key: &str, id: &str) {
        if let Some(versions) = self.keys.get_mut(key) {
            versions.retain(|version| version.id != id);
        }
        self.keys.retain(|_, versions| !versions.is_empty());
    }

    fn id_of(&self, version: &Version) -> Option<String> {
        self.versioned.then(|| version.id.clone())
    }

    fn may(&self, operation: &str, key: &str) -> S3Result<()> {
        let named = [operation.to_owned(), format!("{operation} {key}")];
        if named.iter().any(|what| self.forbidden.contains(what)) {
            return Err(s3_error!(AccessDenied, "no {} on {}", operation, key));
        }
        Ok(())
    }
}

impl Version {
    fn tag(&self) -> Option<ETag> {
        let at = self.modified.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Some(ETag::Strong(format!("{}-{}", self.id, at.as_secs())))
    }

    fn size(&self) -> Option<i64> {
        i64::try_from(self.content.as_ref()?.len()).ok()
    }
}

/// All buckets of a store.
#[derive(Clone, Default)]
pub(super) struct Shelves(Arc<Mutex<BTreeMap<String, Shelf>>>);

impl Shelves {
    pub fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Shelf>> {
        self.0.lock().unwrap_or_else(|e| e.into_inner())
    }

    fn on<T>(&self, bucket: &str, act: impl FnOnce(&mut Shelf) -> S3Result<T>) -> S3Result<S3Response<T>> {
        let mut shelves = self.lock();
        act(shelves.get_mut(bucket).ok_or_else(|| s3_error!(NoSuchBucket))?).map(S3Response::new)
    }
}

/// Keys as a store of Amazon's kind escapes them.
fn escaped(key: &str, encoding: Option<&EncodingType>) -> String {
    match encoding {
        Some(_) => utf8_percent_encode(key, NON_ALPHANUMERIC).to_string().replace("%20", "+"),
        None => key.to_owned(),
    }
}

/// At most so many of what is left, and whether there is more.
fn page<T>(all: impl Iterator<Item = T>, most: Option<i32>) -> (Vec<T>, bool) {
    let most = most.map_or(1_000, |most| most.clamp(0, 1_000) as usize);
    let mut all = all.peekable();
    let page = all.by_ref().take(most).collect();
    (page, all.peek().is_some())
}

#[async_trait::async_trait]
impl S3 for Shelves {
    async fn list_objects_v2(&self, req: S3Request<ListObjectsV2Input>) -> S3Result<S3Response<ListObjectsV2Output>> {
        let asked = req.input;
        self.on(&asked.bucket, |shelf| {
            shelf.may("ListObjectsV2", "")?;
            let (prefix, after) =
                (asked.prefix.clone().unwrap_or_default(), asked.continuation_token.unwrap_or_default());
            let keys = shelf.keys.keys().filter(|key| key.starts_with(&prefix) && **key > after);
            let objects = keys.filter_map(|key| shelf.latest(key).map(|version| (key, version)));
            let (objects, more) = page(objects, asked.max_keys);
            let next = objects.last().filter(|_| more).map(|(key, _)| key.to_string());
            let contents = objects.into_iter().map(|(key, version)| Object {
                key: Some(escaped(key, asked.encoding_type.as_ref())),
                e_tag: version.tag(),
                size: version.size(),
                last_modified: Some(version.modified.into()),
                ..Object::default()
            });
            Ok(ListObjectsV2Output {
                contents: Some(contents.collect()),
                encoding_type: asked.encoding_type.clone(),
                is_truncated: Some(more),
                next_continuation_token: next,
                ..ListObjectsV2Output::default()
            })
        })
    }

    async fn list_object_versions(
        &self,
        req: S3Request<ListObjectVersionsInput>,
    ) -> S3Result<S3Response<ListObjectVersionsOutput>> {
        let asked = req.input;
        self.on(&asked.bucket, |shelf| {
            shelf.may("ListObjectVersions", "")?;
            let prefix = asked.prefix.clone().unwrap_or_default();
            let after = (asked.key_marker.unwrap_or_default(), asked.version_id_marker.unwrap_or_default());
            let keys = shelf.keys.iter().filter(|(key, _)| key.starts_with(&prefix));
            let all =
                keys.flat_map(|(key, versions)| versions.iter().rev().enumerate().map(move |(i, v)| (key, i == 0, v)));
            // The latest first, as stores do; so what comes behind a version is found by its place.
            let all: Vec<_> = all.collect();
            let from = all.iter().position(|(key, _, v)| (key.as_str(), v.id.as_str()) == (&after.0, &after.1));
            let (found, more) = page(all.into_iter().skip(from.map_or(0, |at| at + 1)), asked.max_keys);
            let last = found.last().filter(|_| more).map(|(key, _, v)| (key.to_string(), v.id.clone()));
            let shown = |key: &str| Some(escaped(key, asked.encoding_type.as_ref()));
            let (versions, marks): (Vec<_>, Vec<_>) = found.into_iter().partition(|(_, _, v)| v.content.is_some());
            let version = |(key, latest, v): (&String, bool, &Version)| ObjectVersion {
                key: shown(key),
                is_latest: Some(latest),
                version_id: Some(v.id.clone()),
                ..ObjectVersion::default()
            };
            let mark = |(key, latest, v): (&String, bool, &Version)| DeleteMarkerEntry {
                key: shown(key),
                is_latest: Some(latest),
                version_id: Some(v.id.clone()),
                ..DeleteMarkerEntry::default()
            };
            Ok(ListObjectVersionsOutput {
                versions: Some(versions.into_iter().map(version).collect()),
                delete_markers: Some(marks.into_iter().map(mark).collect()),
                encoding_type: asked.encoding_type.clone(),
                is_truncated: Some(more),
                next_key_marker: last.as_ref().and_then(|(key, _)| shown(key)),
                next_version_id_marker: last.map(|(_, id)| id),
                ..ListObjectVersionsOutput::default()
            })
        })
    }

    async fn head_object(&self, req: S3Request<HeadObjectInput>) -> S3Result<S3Response<HeadObjectOutput>> {
        let key = req.input.key;
        self.on(&req.input.bucket, |shelf| {
            shelf.may("HeadObject", &key)?;
            let version = shelf.latest(&key).ok_or_else(|| s3_error!(NoSuchKey))?;
            Ok(HeadObjectOutput {
                content_length: version.size(),
                e_tag: version.tag(),
                last_modified: Some(version.modified.into()),
                version_id: shelf.id_of(version),
                ..HeadObjectOutput::default()
            })
        })
    }

    async fn get_object(&self, req: S3Request<GetObjectInput>) -> S3Result<S3Response<GetObjectOutput>> {
        let key = req.input.key;
        self.on(&req.input.bucket, |shelf| {
            shelf.may("GetObject", &key)?;
            let version = shelf.latest(&key).ok_or_else(|| s3_error!(NoSuchKey))?;
            let content = version.content.clone().unwrap_or_default();
            let pieces =
                content.as_bytes().chunks(64 * 1024).map(|piece| Ok::<_, std::io::Error>(piece.to_vec().into()));
            Ok(GetObjectOutput {
                content_length: version.size(),
                e_tag: version.tag(),
                last_modified: Some(version.modified.into()),
                version_id: shelf.id_of(version),
                body: Some(StreamingBlob::wrap(futures_util::stream::iter(pieces.collect::<Vec<_>>()))),
                ..GetObjectOutput::default()
            })
        })
    }

    async fn delete_object(&self, req: S3Request<DeleteObjectInput>) -> S3Result<S3Response<DeleteObjectOutput>> {
        let DeleteObjectInput { bucket, key, version_id, .. } = req.input;
        self.on(&bucket, |shelf| {
            shelf.may("DeleteObject", &key)?;
            match (version_id, shelf.versioned) {
                (Some(id), _) => shelf.remove(&key, &id),
                (None, false) => shelf.remove(&key, "null"),
                (None, true) => {
                    shelf.put(&key, None);
                    let id = Some(format!("v{}", shelf.puts));
                    return Ok(DeleteObjectOutput { delete_marker: Some(true), version_id: id, ..Default::default() });
                }
            }
            Ok(DeleteObjectOutput::default())
        })
    }
}
