//! What the tables of a `files` system stand on: a place that lists, shows and deletes objects.

use std::ops::ControlFlow;

use crate::connector::{Answer, EachPiece};

/// An object as a listing shows it.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Object {
    /// Path below the root.
    pub path: String,
    /// Bytes.
    pub size: i64,
    /// When its content was last written, UTC.
    pub modified: String,
    /// Changes when the content is replaced.
    pub version: String,
}

/// Takes objects one by one; `Break` ends the listing.
pub(super) type EachObject<'a> = dyn FnMut(Object) -> ControlFlow<()> + Send + 'a;

/// An open root. Paths that are given to it are below the root ([`super::path`]); only regular objects are ever shown.
pub(super) trait Place: Send + Sync {
    /// All objects whose path begins so, in no order.
    fn list<'a>(&'a self, prefix: &'a str, each: &'a mut EachObject<'_>) -> Answer<'a, ()>;

    /// The objects of these paths, as far as they are there.
    fn look<'a>(&'a self, paths: &'a [String]) -> Answer<'a, Vec<Object>>;

    /// The bytes of an object, in pieces.
    fn content<'a>(&'a self, path: &'a str, each: &'a mut EachPiece<'_>) -> Answer<'a, ()>;

    /// Fails where it can be seen beforehand that [`Place::delete`] would.
    fn may_delete<'a>(&'a self, objects: &'a [Object]) -> Answer<'a, ()>;

    /// Deletes the objects, durably. One that is gone is well; if one is no longer what it was, nothing is deleted. After
    /// a failure that left some deleted, it is `Unreachable`: the outcome is open.
    fn delete<'a>(&'a self, objects: &'a [Object]) -> Answer<'a, ()>;
}
