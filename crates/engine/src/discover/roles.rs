//! What a column that points at a person makes of that person: whose row it is, who wrote it, who merely handled it.

use super::words::any;

/// How a column that points at a person is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Handled the row, or is merely named in it: `assignee_id`, `approved_by`.
    Handler,
    /// Changed it last: `updated_by_id`.
    Changer,
    /// Gets it: `recipient_id`.
    Receiver,
    /// Made the row: `created_by_id`.
    Maker,
    /// Holds it, or works on it: `owner_id`.
    Holder,
    /// Wrote it: `author_id`, `sender_id`.
    Writer,
    /// Is whom the row is about: `user_id`, `customer_id`.
    Subject,
}

const CHANGERS: [&str; 6] = ["updated", "modified", "changed", "edited", "editor", "updater"];
const MAKERS: [&str; 5] = ["created", "creator", "added", "inserted", "registered"];
const WRITERS: [&str; 10] =
    ["author", "writer", "sender", "poster", "submitter", "uploader", "commenter", "from", "posted", "written"];
const RECEIVERS: [&str; 5] = ["recipient", "receiver", "addressee", "to", "target"];
const HOLDERS: [&str; 1] = ["owner"];
const SUBJECTS: [&str; 26] = [
    "user",
    "customer",
    "client",
    "patient",
    "member",
    "subscriber",
    "requester",
    "requestor",
    "buyer",
    "student",
    "employee",
    "person",
    "contact",
    "attendee",
    "participant",
    "guest",
    "holder",
    "applicant",
    "candidate",
    "account",
    "subject",
    "resource",
    "visitor",
    "customers",
    "learner",
    "donor",
];
const HANDLERS: [&str; 42] = [
    "assignee",
    "assigned",
    "agent",
    "moderator",
    "approver",
    "approved",
    "reviewer",
    "reviewed",
    "granted",
    "banned",
    "invited",
    "inviter",
    "handler",
    "handled",
    "admin",
    "manager",
    "supervisor",
    "replacement",
    "deleted",
    "locked",
    "closed",
    "resolved",
    "disabled",
    "verified",
    "cancelled",
    "canceled",
    "archived",
    "published",
    "opened",
    "new",
    "performed",
    "actor",
    "completed",
    "rejected",
    "accepted",
    "operator",
    "responsible",
    "referrer",
    "referred",
    "sponsor",
    "blocked",
    "processed",
];

/// Reads the words of a column's name without the word for the key and without the name of the persons' table.
pub fn part(role: &[String]) -> Part {
    let passive = role.last().is_some_and(|w| w == "by");
    if any(role, &CHANGERS) {
        Part::Changer
    } else if any(role, &MAKERS) {
        Part::Maker
    } else if any(role, &HANDLERS) {
        Part::Handler
    } else if any(role, &WRITERS) {
        Part::Writer
    } else if any(role, &RECEIVERS) {
        Part::Receiver
    } else if role.iter().any(|w| HOLDERS.contains(&w.as_str())) && !any(role, &SUBJECTS) {
        Part::Holder
    } else if passive {
        Part::Handler
    } else {
        // What is called as the persons are, or by a word that says nothing, is about them.
        Part::Subject
    }
}

/// Does a name mean a person by its role alone?
pub fn names_person(stem: &[String]) -> bool {
    let last = stem.last().map(String::as_str).unwrap_or_default();
    let roles = [&CHANGERS[4..], &MAKERS[1..2], &WRITERS[..7], &RECEIVERS[..3], &HOLDERS, &SUBJECTS].concat();
    let handlers = [
        "assignee",
        "agent",
        "moderator",
        "approver",
        "reviewer",
        "handler",
        "admin",
        "manager",
        "supervisor",
        "actor",
    ];
    last == "by" && stem.len() > 1 || roles.contains(&last) || handlers.contains(&last)
}

/// Tables of what somebody did or set, row by row, whoever else may see it: views, votes, sessions, flags.
pub fn is_trace(table: &[String]) -> bool {
    const TRACES: [&str; 34] = [
        "view",
        "visit",
        "read",
        "login",
        "session",
        "device",
        "token",
        "vote",
        "like",
        "follow",
        "follower",
        "favorite",
        "favourite",
        "bookmark",
        "subscription",
        "setting",
        "preference",
        "notification",
        "star",
        "reaction",
        "watch",
        "watcher",
        "seen",
        "credential",
        "consent",
        "identity",
        "membership",
        "profile",
        "wishlist",
        "cart",
        "basket",
        "search",
        "click",
        "ribbon",
    ];
    table.iter().any(|w| TRACES.contains(&super::words::singular(w).as_str()))
}
