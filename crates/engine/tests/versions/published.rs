//! Changes that companies published, told of the company of our folder: who and when stands at each. The facts are public
//! knowledge, the words are ours.

use crate::pair::{comes_to, editorial, fresh, from_to, notice};

const NEW_PURPOSE: &str = "people are told of a new purpose before it begins";
const FURTHER: &str = "GDPR Art. 13(3), 14(4)";
const NEW_DATA: &str = "a new kind of data is gathered";
const NEW_DATA_LAW: &str = "GDPR Art. 14(1)(d); Cal. Civ. Code 1798.100(a)(1)";
const MORE_DATA: &str = "more data is used for it";
const MORE_DATA_LAW: &str = "GDPR Art. 13(3), 14(1)(d)";

const TRAIN: &str = "[purpose.train]\ntitle = \"Train models\"\nbasis = \"legitimate_interests\"\nassessment = \"improve\"\n\
    consent = \"opt_out\"\ncategories = [\"user.content\"]\npopulations = [\"user\"]";

/// Google, March 2012: one policy instead of some sixty, so that what one product learns may be used in the others.
#[test]
fn a_search_company_merges_its_policies() {
    let first = [(
        "collection.toml",
        "[\"contact\", \"content\", \"usage\"]\npopulations",
        "[\"contact\", \"content\", \"usage\"]\npurposes    = [\"service\"]\npopulations",
    )];
    let merged = "[\"user.behavior\", \"user.contact\"]\npopulations = [\"user\"]\nclosed_to";
    from_to(
        &first,
        &[("purposes.toml", "[\"user.behavior\"]\npopulations = [\"user\"]\nclosed_to", merged)],
        &[
            notice("source:account", Some("purposes"), "data from it may be used for more", "GDPR Art. 13(1)(c)")
                .of(&["user"]),
            notice("purpose:improve", Some("categories"), MORE_DATA, MORE_DATA_LAW).of(&["user"]),
        ],
    );
}

/// Instagram, December 2012: pictures and names of people could stand in advertising that others pay for. Taken back in days.
#[test]
fn a_photo_service_claims_pictures_for_advertising() {
    let ads = "[purpose.ads]\ntitle = \"Show people and pictures in paid advertising\"\nbasis = \"contract\"\nmarketing = true\n\
        categories = [\"user.content\"]\npopulations = [\"user\"]";
    let sponsors = "[recipient.sponsors]\nname = \"Advertisers\"\nrole = \"controller\"\nkind = \"advertising\"\n\
        purposes = [\"ads\"]\ncategories = [\"content\"]\nconsideration = \"money\"";
    comes_to(
        &[
            ("purposes.toml", "", ads),
            ("recipients.toml", "", sponsors),
            ("policy.toml", "[claim.not-sold]\nsays = \"not_sold\"\n", ""),
        ],
        &[
            notice("purpose:ads", None, NEW_PURPOSE, FURTHER).of(&["user"]),
            fresh("recipient:sponsors", None, "data is sold", "GDPR Art. 6(1)(a); Cal. Civ. Code 1798.120")
                .of(&["user"]),
            fresh(
                "claim:not-sold",
                None,
                "something that people were promised is no longer said",
                "GDPR Art. 5(1)(a); 15 U.S.C. 45(a)",
            ),
        ],
    );
}

/// Spotify, August 2015: contacts, photos and where a phone is, besides what is listened to.
#[test]
fn a_music_service_asks_for_contacts_and_photos() {
    let more = "[category.contacts]\ntitle = \"Address book\"\ncovers = [\"user.social\"]\n\n\
        [category.photos]\ntitle = \"Photos\"\ncovers = [\"user.content.self_image\"]\n\n\
        [source.phone]\ntitle = \"The phone\"\nkind = \"automatic\"\ncategories = [\"contacts\", \"photos\"]\npopulations = [\"user\"]";
    comes_to(
        &[("collection.toml", "", more), ("settings.toml", "precision = \"city\"", "precision = \"exact\"")],
        &[
            notice("category:contacts", None, NEW_DATA, NEW_DATA_LAW).of(&["user"]),
            notice("category:photos", None, NEW_DATA, NEW_DATA_LAW).of(&["user"]),
            notice("source:phone", None, "data comes from somewhere new", "GDPR Art. 14(2)(f)").of(&["user"]),
            notice(
                "setting:location.precision",
                Some("value"),
                "a place is recorded more exactly",
                "GDPR Art. 5(1)(c), 13(1)(c)",
            ),
        ],
    );
}

/// Uber, November 2016: the app recorded where a phone was for five minutes after the ride.
#[test]
fn a_ride_service_follows_people_after_the_ride() {
    comes_to(
        &[(
            "collection.toml",
            "screen = \"user.behavior\" }",
            "screen = \"user.behavior\", place_after_ride = \"user.location\" }",
        )],
        &[notice("telemetry:app", Some("attributes"), "more is recorded", "GDPR Art. 13(1)(c)").of(&["user"])],
    );
}

/// Evernote, December 2016: staff could read notes to check what programs had learned, unless people switched it off. Taken back.
#[test]
fn a_note_service_lets_staff_read_notes() {
    comes_to(
        &[
            (
                "purposes.toml",
                "[\"user.behavior\"]\npopulations = [\"user\"]\nclosed_to   = [\"content\"]",
                "[\"user.behavior\", \"user.content\"]\npopulations = [\"user\"]",
            ),
            ("purposes.toml", "No content is read", "A few people read a few notes"),
        ],
        &[
            fresh(
                "purpose:improve",
                Some("closed_to"),
                "data that people were told is never used for it is open",
                "GDPR Art. 5(1)(b), 6(4)",
            )
            .of(&["user"]),
            notice("purpose:improve", Some("categories"), MORE_DATA, MORE_DATA_LAW).of(&["user"]),
            editorial("assessment:improve", Some("balance"), "nobody is worse off").of(&["user"]),
        ],
    );
}

/// The Court of Justice of the EU, 16 July 2020 (C-311/18): the Privacy Shield ends, and companies go over to clauses.
#[test]
fn the_shield_falls() {
    comes_to(
        &[
            (
                "recipients.toml",
                "mechanism     = \"privacy_shield\"",
                "mechanism     = \"standard_contractual_clauses\"",
            ),
            ("recipients.toml", "certification = \"shield\"", "measures      = [\"encryption\"]"),
            ("security.toml", "status    = \"held\"", "status    = \"expired\""),
            ("policy.toml", "[claim.certified]\nsays   = \"certified\"\nscheme = \"Privacy Shield\"\n", ""),
        ],
        &[
            notice("transfer:cloud", Some("mechanism"), "something else allows the transfer", "GDPR Art. 13(1)(f)")
                .of(&["applicant", "user"]),
            notice("transfer:cloud", Some("certification"), "it rests on another certification", "GDPR Art. 13(1)(f)")
                .of(&["applicant", "user"]),
            editorial("transfer:cloud", Some("measures"), "nobody is worse off").of(&["applicant", "user"]),
            notice("certification:shield", Some("status"), "what was certified is no longer so", "GDPR Art. 5(1)(a)")
                .of(&["applicant", "user"]),
            notice("claim:certified", None, "how a certification stands is no longer said", "GDPR Art. 5(1)(a)"),
        ],
    );
}

/// WhatsApp, January 2021: data goes to companies of the group, also so that they can advertise; who said no had to leave.
#[test]
fn a_messenger_shares_with_its_group() {
    let group = "[recipient.group]\nname = \"Fern Networks\"\nrole = \"controller\"\nkind = \"parent\"\nneeds = \"contract\"\n\
        purposes = [\"news\"]\ncategories = [\"contact\", \"usage\"]\npopulations = [\"user\"]\nbehavioural_advertising = true";
    let parent = "[entity.parent]\nname = \"Fern Networks\"\nrelation = \"parent\"\ncountry = \"US\"";
    comes_to(
        &[("recipients.toml", "", group), ("policy.toml", "", parent)],
        &[
            fresh(
                "recipient:group",
                None,
                "data goes to somebody who advertises with it elsewhere",
                "GDPR Art. 6(1)(a); Cal. Civ. Code 1798.120",
            )
            .of(&["user"]),
            notice("entity:parent", None, "another company is part of it", "GDPR Art. 13(1)(a)"),
        ],
    );
}

/// Zoom, August 2023: terms of March had let the company use what customers say and write for training. Changed after protest.
#[test]
fn a_video_service_claims_content_for_training() {
    comes_to(
        &[("purposes.toml", "", TRAIN), ("policy.toml", "we_are      = \"processor\"", "we_are      = \"controller\"")],
        &[
            notice("purpose:train", None, NEW_PURPOSE, FURTHER).of(&["user"]),
            fresh(
                "role:calls",
                Some("we_are"),
                "data that was held for others becomes the company's own",
                "GDPR Art. 6(1), 28(10)",
            )
            .of(&["guest"]),
        ],
    );
}

/// Zoom, 11 August 2023: content is used for no training at all, and it says so.
#[test]
fn a_video_service_takes_it_back() {
    from_to(
        &[("purposes.toml", "", TRAIN)],
        &[],
        &[editorial("purpose:train", None, "nobody is worse off").of(&["user"])],
    );
}

/// X (Twitter), September 2023: biometric data with agreement, and where people worked and learned, for offers of jobs.
#[test]
fn a_short_text_service_adds_biometrics_and_work_history() {
    let more = "[category.biometrics]\ntitle = \"Biometrics\"\ncovers = [\"user.biometrics\"]\nsensitive = true\n\n\
        [category.work]\ntitle = \"Work and schools\"\ncovers = [\"user.professional_information\"]";
    let purposes = "[purpose.safety]\ntitle = \"Tell who somebody is\"\nbasis = \"consent\"\nconsent = \"explicit\"\ncategories = [\"user.biometrics\"]\n\
        populations = [\"user\"]\n\n[purpose.jobs]\ntitle = \"Offer jobs\"\nbasis = \"contract\"\ncategories = [\"user.professional_information\"]\npopulations = [\"user\"]";
    comes_to(
        &[("collection.toml", "", more), ("purposes.toml", "", purposes)],
        &[
            fresh("category:biometrics", None, "sensitive data is gathered", "GDPR Art. 9(2)(a)").of(&["user"]),
            fresh("purpose:safety", None, "nobody has agreed to it yet", "GDPR Art. 6(1)(a), 7").of(&["user"]),
            notice("category:work", None, NEW_DATA, NEW_DATA_LAW).of(&["user"]),
            notice("purpose:jobs", None, NEW_PURPOSE, FURTHER).of(&["user"]),
        ],
    );
}

/// Slack, May 2024: after a protest, clearer words for what was done already; nothing was done in another way.
#[test]
fn a_chat_service_explains_its_models() {
    comes_to(
        &[(
            "notice.md",
            "We run calls and notes.",
            "We run calls and notes. No model that makes text learns from them.",
        )],
        &[editorial("words", None, "only the words differ; what they say is the same")],
    );
}

/// Meta, June 2024 in Europe: public posts of years train generative models, on legitimate interests, with a form to object.
#[test]
fn a_social_network_trains_generative_models() {
    comes_to(
        &[
            ("purposes.toml", "", TRAIN),
            ("settings.toml", "categories = []", "categories = [\"content\"]"),
            ("settings.toml", "recipients = []", "recipients = [\"cloud\"]"),
        ],
        &[
            notice("purpose:train", None, NEW_PURPOSE, FURTHER).of(&["user"]),
            notice(
                "setting:ai.categories",
                Some("value"),
                "more data may be given to generative tools",
                "GDPR Art. 13(3), 6(4)",
            )
            .of(&["user"]),
            notice(
                "setting:ai.recipients",
                Some("value"),
                "others receive data for generative tools",
                "GDPR Art. 13(1)(e)",
            ),
        ],
    );
}

/// LinkedIn, November 2024 (and September before): profiles and posts train models, of the company and of its group.
#[test]
fn a_careers_network_trains_models_and_had_promised_to_ask() {
    let strict = ("settings.toml", "", "[change]\nless_restrictive_needs_consent = true");
    let because = "people are told of a new purpose before it begins; the old version promises that such a change waits for consent";
    from_to(
        &[strict],
        &[strict, ("purposes.toml", "", TRAIN)],
        &[fresh("purpose:train", None, because, FURTHER).of(&["user"])],
    );
}

/// Mozilla, February 2025: the promise never to sell data leaves the pages of its browser.
#[test]
fn a_browser_maker_no_longer_says_never() {
    comes_to(
        &[("policy.toml", "says = \"not_sold\"", "says = \"not_sold_for_money\"")],
        &[fresh(
            "claim:not-sold",
            Some("says"),
            "something else is promised than before",
            "GDPR Art. 5(1)(a); 15 U.S.C. 45(a)",
        )],
    );
}
