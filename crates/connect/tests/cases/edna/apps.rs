//! The applications.

use super::meanwhile::Meanwhile;

/// One application.
pub struct App {
    /// Its name, also of its one system.
    pub name: &'static str,
    /// Its ways of leaving: profile of ours, and file of the material.
    pub profiles: &'static [(&'static str, &'static str)],
    /// Columns of a person's record that say who they are.
    pub words: &'static [&'static str],
    /// How many rows are made of each table, whatever refers to others after them.
    pub rows: &'static [(&'static str, usize)],
    /// References that the map does not have: table, columns, table, columns.
    pub references: &'static [(&'static str, &'static str, &'static str, &'static str)],
    /// Columns with values of their own.
    pub values: &'static [(&'static str, &'static str, &'static [&'static str])],
    /// Tables of one owner, where the material counts somebody else who had to do with them.
    pub alone: &'static [(&'static str, &'static str)],
    /// Columns beyond the material's that refer to people, and that ours undoes too.
    pub beyond: &'static [(&'static str, &'static str)],
    /// Columns that lead to rows which go with somebody else: table, column, table.
    pub follows: &'static [(&'static str, &'static str, &'static str)],
    /// What the application does while somebody is away.
    pub meanwhile: Option<Meanwhile>,
    /// Dumps of the material, taken before somebody left: way of leaving, file of the material, person.
    pub observed: &'static [(&'static str, &'static str, &'static str)],
    /// Descriptions of the material, and what is known to be wrong with each.
    pub lint: &'static [(&'static str, &'static [&'static str])],
    /// Tables whose key names people: by what their rows are known instead.
    pub known_by: &'static [(&'static str, &'static [&'static str])],
}

/// All of them.
pub const APPS: &[App] = &[WEBSUBMIT, LOBSTERS, HOTCRP, UNIT];

const WEBSUBMIT: App = App {
    name: "websubmit",
    profiles: &[("gdpr", "gdpr_disguise.json"), ("apart", "universal_anon_disguise.json")],
    words: &["email", "apikey"],
    rows: &[("lectures", 4), ("users", 12), ("questions", 16), ("answers", 192)],
    references: &[("questions", "lec", "lectures", "id"), ("answers", "lec,q", "questions", "lec,q")],
    values: &[("users", "is_anon", &["0"])],
    alone: &[],
    beyond: &[],
    follows: &[],
    meanwhile: None,
    observed: &[],
    lint: &[],
    known_by: &[("answers", &["lec", "q", "submitted_at"])],
};

const LOBSTERS: App = App {
    name: "lobsters",
    profiles: &[("gdpr", "gdpr_disguise.json"), ("hobby", "hobby_anon.json"), ("decay", "data_decay.json")],
    words: &["email", "username", "rss_token", "session_token"],
    rows: &[
        ("users", 10),
        ("tags", 4),
        ("hats", 10),
        ("stories", 16),
        ("taggings", 24),
        ("comments", 40),
        ("votes", 60),
        ("messages", 24),
        ("moderations", 12),
        ("mod_notes", 12),
        ("hat_requests", 8),
        ("hidden_stories", 14),
        ("read_ribbons", 16),
        ("saved_stories", 14),
        ("suggested_taggings", 10),
        ("suggested_titles", 10),
        ("tag_filters", 12),
        ("invitations", 12),
        ("invitation_requests", 6),
        ("keystores", 6),
    ],
    references: &[
        ("taggings", "story_id", "stories", "id"),
        ("taggings", "tag_id", "tags", "id"),
        ("tag_filters", "tag_id", "tags", "id"),
        ("suggested_taggings", "tag_id", "tags", "id"),
        ("suggested_taggings", "story_id", "stories", "id"),
        ("suggested_titles", "story_id", "stories", "id"),
        ("hidden_stories", "story_id", "stories", "id"),
        ("saved_stories", "story_id", "stories", "id"),
        ("read_ribbons", "story_id", "stories", "id"),
    ],
    values: &[
        ("tags", "tag", &["starwars", "rust", "law", "gardens"]),
        (
            "keystores",
            "key",
            &["user:1:unread", "user:2:unread", "traffic", "user:3:unread", "user:11:unread", "user:x"],
        ),
    ],
    // Whoever gave it does not own it.
    alone: &[("hats", "user_id")],
    beyond: &[
        ("hats", "granted_by_user_id"),
        ("invitations", "email"),
        ("invitation_requests", "email"),
        ("keystores", "key"),
    ],
    follows: &[("comments", "hat_id", "hats")],
    meanwhile: None,
    observed: &[("gdpr", "gdpr_disguise.json", "100"), ("decay", "data_decay.json", "111")],
    lint: &[
        (
            "gdpr_disguise.json",
            &[
                "U0103 table `tag_filters` has no column `comment_id`",
                "U0103 table `tag_filters` has no column `story_id`",
                "U0401 nothing is said of table `invitation_requests` of system `lobsters`",
                "U0402 text column `description` of table `stories` has no category",
                "U0402 text column `markeddown_description` of table `stories` has no category",
                "U0402 text column `story_cache` of table `stories` has no category",
            ],
        ),
        (
            "current_delete_disguise.json",
            &[
                "U0103 table `comments` has no column `is_delete`",
                "U0103 table `comments` has no column `score`",
                "U0401 nothing is said of table `invitation_requests` of system `lobsters`",
                "U0401 nothing is said of table `votes` of system `lobsters`",
                "U0402 text column `email` of table `users` has no category",
            ],
        ),
    ],
    known_by: &[],
};

/// What is wrong with both descriptions of it.
const CONFERENCE: &[&str] = &[
    "U0103 table `PaperReviewRefused` has no column `refusedBy, requestedBy`",
    "U0103 table `ContactInfo` has no column `firstname`",
    "U0102 system `hotcrp` has no table `Topic`",
    "U0401 nothing is said of table `ReviewRequest` of system `hotcrp`",
    "U0401 nothing is said of table `Formula` of system `hotcrp`",
    "U0401 nothing is said of table `DeletedContactInfo` of system `hotcrp`",
    "U0401 nothing is said of table `MailLog` of system `hotcrp`",
];

const HOTCRP: App = App {
    name: "hotcrp",
    profiles: &[("gdpr", "gdpr_disguise.json"), ("anon", "universal_anon_disguise.json")],
    words: &["email", "preferredEmail"],
    rows: &[
        ("ContactInfo", 14),
        ("TopicArea", 4),
        ("Paper", 12),
        ("PaperReview", 60),
        ("PaperComment", 30),
        ("PaperConflict", 40),
        ("PaperReviewPreference", 40),
        ("PaperWatch", 20),
        ("PaperReviewRefused", 16),
        ("ReviewRequest", 16),
        ("ReviewRating", 30),
        ("TopicInterest", 24),
        ("Capability", 12),
        ("ActionLog", 60),
        ("Formula", 8),
        ("DeletedContactInfo", 3),
        ("MailLog", 3),
        ("PaperTag", 6),
    ],
    references: &[
        ("PaperReview", "paperId", "Paper", "paperId"),
        ("PaperComment", "paperId", "Paper", "paperId"),
        ("PaperConflict", "paperId", "Paper", "paperId"),
        ("PaperReviewPreference", "paperId", "Paper", "paperId"),
        ("PaperWatch", "paperId", "Paper", "paperId"),
        ("PaperReviewRefused", "paperId", "Paper", "paperId"),
        ("ReviewRequest", "paperId", "Paper", "paperId"),
        ("ReviewRating", "paperId,reviewId", "PaperReview", "paperId,reviewId"),
        ("TopicInterest", "topicId", "TopicArea", "topicId"),
        ("Capability", "paperId", "Paper", "paperId"),
        ("ActionLog", "paperId", "Paper", "paperId"),
        ("PaperTag", "paperId", "Paper", "paperId"),
    ],
    values: &[("ContactInfo", "isGuise", &["0"]), ("ContactInfo", "roles", &["0", "1", "5", "0", "1"])],
    alone: &[],
    beyond: &[
        ("PaperReviewRefused", "contactId"),
        ("PaperReviewRefused", "email"),
        ("ReviewRequest", "email"),
        ("Formula", "createdBy"),
        ("DeletedContactInfo", "email"),
    ],
    follows: &[],
    meanwhile: None,
    observed: &[],
    lint: &[("gdpr_disguise.json", CONFERENCE), ("universal_anon_disguise.json", CONFERENCE)],
    known_by: &[("PaperReviewRefused", &["paperId", "timeRequested", "timeRefused"])],
};

const UNIT: App = App {
    name: "unit",
    profiles: &[
        ("gdpr", "gdpr_disguise.json"),
        ("apart", "universal_anon_disguise.json"),
        ("grouped", "universal_anon_grouped_disguise.json"),
        ("hobby", "hobby_decorrelation.json"),
        ("shared", "gdpr_disguise_remove.json"),
    ],
    words: &["username"],
    rows: &[("users", 10), ("stories", 50), ("tags", 2), ("taggings", 40), ("moderations", 50)],
    references: &[("taggings", "story_id", "stories", "id"), ("taggings", "tag_id", "tags", "id")],
    values: &[
        ("tags", "tag", &["star wars", "rust"]),
        ("stories", "url", &["https://a.example/1", "https://b.example/2", "https://a.example/1"]),
    ],
    alone: &[],
    beyond: &[],
    follows: &[("moderations", "story_id", "stories")],
    meanwhile: Some(Meanwhile {
        does: "UPDATE moderations SET action = 'edited' WHERE user_id > 10 ORDER BY id LIMIT 1;
            INSERT INTO stories (id, user_id, url) SELECT 900, user_id, 'https://c.example/' FROM moderations
                WHERE user_id > 10 ORDER BY id DESC LIMIT 1",
        // No foreign key leads from the new story to the stand-in record, so that it does not keep it.
        differs: &["moderations * differs in action", "stories 900 is new"],
    }),
    observed: &[],
    lint: &[],
    known_by: &[],
};
