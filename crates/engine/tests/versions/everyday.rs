//! Changes as they come every day, each with its class and why.

use crate::pair::{comes_to, editorial, fresh, from_to, notice};

const TRANSFER: &str = "GDPR Art. 13(1)(f)";
const HELD: &str = "GDPR Art. 13(2)(a)";
const RIGHTS: &str = "GDPR Art. 13(2)(b)";
const RECIPIENT: &str = "GDPR Art. 13(1)(e)";
const EPRIVACY: &str = "Directive 2002/58/EC Art. 13";
const SALE: &str = "Cal. Civ. Code 1798.120";

#[test]
fn words_alone() {
    comes_to(
        &[("notice.md", "We run calls and notes.", "We run calls, and keep notes.")],
        &[editorial("words", None, "only the words differ; what they say is the same")],
    );
}

#[test]
fn a_name_and_a_day_alone_are_words() {
    comes_to(
        &[("notice.md", "version   = \"1\"", "version   = \"2\"")],
        &[editorial("words", None, "only the words differ; what they say is the same")],
    );
}

#[test]
fn an_office_moves() {
    comes_to(
        &[("policy.toml", "4 Quay Lane", "19 Mill Road")],
        &[editorial("company:self", Some("address"), "nobody is worse off")],
    );
}

#[test]
fn a_new_officer_with_the_old_mailbox() {
    comes_to(
        &[("policy.toml", "M. Daly", "R. Byrne")],
        &[editorial("officer:dpo", Some("name"), "nobody is worse off")],
    );
}

#[test]
fn an_officer_is_reached_elsewhere() {
    comes_to(
        &[("policy.toml", "contacts = [\"officer\"]", "contacts = [\"mailbox\"]")],
        &[notice("officer:dpo", Some("contacts"), "the officer is reached in another way", "GDPR Art. 13(1)(b)")],
    );
}

#[test]
fn rights_are_asked_for_elsewhere() {
    comes_to(
        &[(
            "policy.toml",
            "kind    = \"email\"\naddress = \"privacy@fernhollow.example\"",
            "kind    = \"email\"\naddress = \"rights@fernhollow.example\"",
        )],
        &[notice("contact:mailbox", Some("address"), "people reach the company in another way", "GDPR Art. 12(2)")],
    );
}

#[test]
fn somebody_else_answers() {
    comes_to(
        &[("policy.toml", "\"Fernhollow Ltd\"", "\"Great Fern Inc\"")],
        &[notice("company:self", Some("name"), "somebody else answers for the data", "GDPR Art. 13(1)(a)")],
    );
}

#[test]
fn logs_are_held_shorter() {
    comes_to(
        &[("retention.toml", "P90D", "P30D")],
        &[editorial("retention:logs", Some("period"), "data is held shorter, so nobody is worse off").of(&["user"])],
    );
}

#[test]
fn logs_are_held_longer() {
    comes_to(
        &[("retention.toml", "P90D", "P1Y")],
        &[notice("retention:logs", Some("period"), "data is held longer", HELD).of(&["user"])],
    );
}

#[test]
fn twelve_months_are_a_year() {
    from_to(&[("retention.toml", "P90D", "P12M")], &[("retention.toml", "P90D", "P1Y")], &[]);
}

#[test]
fn a_month_may_be_longer_than_thirty_days() {
    comes_to(
        &[("settings.toml", "access  = \"P30D\"", "access  = \"P1M\"")],
        &[notice("setting:clock.access", Some("value"), "an answer may take longer", "GDPR Art. 12(3)")
            .of(&["applicant", "user"])],
    );
}

#[test]
fn a_period_counts_from_another_day() {
    let because = "the period counts from another day or under another condition";
    comes_to(
        &[("retention.toml", "the day of the decision", "the last letter")],
        &[notice("retention:applications", Some("from"), because, HELD).of(&["applicant"])],
    );
}

#[test]
fn data_is_no_longer_deleted() {
    comes_to(
        &[("retention.toml", "[\"user\"]\naction      = \"delete\"", "[\"user\"]\naction      = \"deidentify\"")],
        &[notice("retention:logs", Some("action"), "something else than deletion is at the end", HELD).of(&["user"])],
    );
}

#[test]
fn as_long_as_necessary_is_longer() {
    comes_to(
        &[("settings.toml", "usage = \"P90D\"", "usage = \"P180D\"")],
        &[notice("setting:retention.as_long_as_necessary.usage", Some("value"), "data is held longer", HELD)
            .of(&["user"])],
    );
}

#[test]
fn a_new_sub_processor() {
    let mail = "[recipient.mail]\nname = \"Postbird\"\nrole = \"processor\"\nkind = \"email\"\npurposes = [\"news\"]\ncategories = [\"contact\"]";
    comes_to(
        &[("recipients.toml", "", mail)],
        &[notice("recipient:mail", None, "somebody new receives data", RECIPIENT).of(&["user"])],
    );
}

#[test]
fn a_sub_processor_leaves() {
    let gone = "[recipient.press]\nname        = \"Newsroom\"\nrole        = \"controller\"\nkind        = \"partner\"\npurposes    = [\"news\"]\ncategories  = [\"contact\"]\npopulations = [\"user\"]\nneeds       = \"consent\"";
    comes_to(
        &[("recipients.toml", gone, "")],
        &[editorial("recipient:press", None, "nobody is worse off").of(&["user"])],
    );
}

#[test]
fn a_recipient_moves_abroad() {
    comes_to(
        &[("recipients.toml", "country       = \"US\"", "country       = \"IN\"")],
        &[notice("recipient:cloud", Some("country"), "data goes to another country", TRANSFER)
            .of(&["applicant", "user"])],
    );
}

#[test]
fn a_recipient_needs_less() {
    let because = "it receives data without the agreement that it needed";
    for to in ["needs       = \"opt_out\"", "needs       = \"instrument\"", "needs       = \"contract\""] {
        comes_to(
            &[("recipients.toml", "needs       = \"consent\"", to)],
            &[fresh("recipient:press", Some("needs"), because, "GDPR Art. 6(1)(a)").of(&["user"])],
        );
    }
}

#[test]
fn what_a_recipient_needs_is_left_out() {
    let because = "it receives data without the agreement that it needed";
    comes_to(
        &[("recipients.toml", "needs       = \"consent\"", "")],
        &[fresh("recipient:press", Some("needs"), because, "GDPR Art. 6(1)(a)").of(&["user"])],
    );
}

#[test]
fn a_contract_that_is_said_is_no_more_than_one_that_is_not() {
    comes_to(
        &[("recipients.toml", "needs         = \"contract\"\n", "")],
        &[editorial("recipient:cloud", Some("needs"), "nobody is worse off").of(&["applicant", "user"])],
    );
}

#[test]
fn a_recipient_pays() {
    comes_to(
        &[("recipients.toml", "consideration = \"none\"", "consideration = \"other_value\"")],
        &[fresh("recipient:cloud", Some("consideration"), "the company gets something for the data", SALE)
            .of(&["applicant", "user"])],
    );
}

#[test]
fn that_nothing_is_paid_need_not_be_said() {
    comes_to(
        &[("recipients.toml", "consideration = \"none\"\n", "")],
        &[editorial("recipient:cloud", Some("consideration"), "nobody is worse off").of(&["applicant", "user"])],
    );
}

#[test]
fn a_contract_binds_to_less() {
    comes_to(
        &[(
            "recipients.toml",
            "[\"confidentiality\", \"security\", \"deletion\"]",
            "[\"confidentiality\", \"security\"]",
        )],
        &[notice("recipient:cloud", Some("terms"), "its contract binds it to less", "GDPR Art. 28(3)")
            .of(&["applicant", "user"])],
    );
}

#[test]
fn the_order_of_a_list_is_nothing() {
    comes_to(
        &[
            (
                "recipients.toml",
                "[\"confidentiality\", \"security\", \"deletion\"]",
                "[\"deletion\", \"security\", \"confidentiality\"]",
            ),
            (
                "purposes.toml",
                "[\"user.contact\", \"user.content\", \"user.behavior\"]",
                "[\"user.behavior\", \"user.content\", \"user.contact\"]",
            ),
        ],
        &[],
    );
}

#[test]
fn a_right_for_fewer_people() {
    comes_to(
        &[("rights.toml", "[\"user\", \"applicant\"]", "[\"user\"]")],
        &[notice("right:access", Some("populations"), "some people lose it", RIGHTS).of(&["applicant"])],
    );
}

#[test]
fn a_right_of_everybody_for_some() {
    comes_to(
        &[("rights.toml", "[right.erasure]", "[right.erasure]\npopulations = [\"user\"]")],
        &[notice("right:erasure", Some("populations"), "some people lose it", RIGHTS)],
    );
}

#[test]
fn a_right_of_some_for_everybody() {
    comes_to(
        &[("rights.toml", "populations = [\"user\", \"applicant\"]", "")],
        &[editorial("right:access", Some("populations"), "nobody is worse off")],
    );
}

#[test]
fn a_right_only_in_some_places() {
    comes_to(
        &[("rights.toml", "[right.erasure]", "[right.erasure]\nplaces = [\"EEA\"]")],
        &[notice("right:erasure", Some("places"), "some people lose it", RIGHTS)],
    );
}

#[test]
fn a_group_of_places_holds_its_countries() {
    from_to(
        &[("rights.toml", "[right.erasure]", "[right.erasure]\nplaces = [\"DE\", \"FR\"]")],
        &[("rights.toml", "[right.erasure]", "[right.erasure]\nplaces = [\"EEA\"]")],
        &[editorial("right:erasure", Some("places"), "nobody is worse off")],
    );
}

#[test]
fn a_right_is_gone() {
    comes_to(
        &[("rights.toml", "[right.deactivation]\npopulations = [\"user\"]\nwindow      = \"P90D\"", "")],
        &[notice("right:deactivation", None, "a right is no longer given", RIGHTS).of(&["user"])],
    );
}

#[test]
fn less_time_to_take_a_deactivation_back() {
    comes_to(
        &[("rights.toml", "P90D", "P30D")],
        &[notice("right:deactivation", Some("window"), "there is less time to take it back", RIGHTS).of(&["user"])],
    );
}

#[test]
fn a_law_gives_fewer_rights() {
    comes_to(
        &[("policy.toml", "[\"access\", \"erasure\", \"portability\"]", "[\"access\", \"erasure\"]")],
        &[notice("regime:gdpr", Some("rights"), "people of some places lose a right", RIGHTS)],
    );
}

#[test]
fn a_request_costs_something() {
    comes_to(
        &[("settings.toml", "access = \"zero\"", "access = \"tariff\"")],
        &[notice("setting:fees.access", Some("value"), "a request may cost something", "GDPR Art. 12(5)")
            .of(&["applicant", "user"])],
    );
}

#[test]
fn an_answer_takes_longer() {
    comes_to(
        &[("settings.toml", "erasure = \"P30D\"", "erasure = \"P60D\"")],
        &[notice("setting:clock.erasure", Some("value"), "an answer may take longer", "GDPR Art. 12(3)")],
    );
}

#[test]
fn an_answer_comes_sooner() {
    comes_to(
        &[("settings.toml", "erasure = \"P30D\"", "erasure = \"P10D\"")],
        &[editorial("setting:clock.erasure", Some("value"), "an answer comes sooner")],
    );
}

#[test]
fn a_deadline_is_no_longer_said() {
    comes_to(
        &[("settings.toml", "erasure = \"P30D\"", "")],
        &[notice("setting:clock.erasure", Some("value"), "an answer may take longer", "GDPR Art. 12(3)")],
    );
}

#[test]
fn a_signal_is_ignored() {
    let because = "a refusal that people gave by a signal no longer holds";
    let article = "Cal. Civ. Code 1798.120(d), 1798.135";
    for to in ["gpc = \"ignore\"", "gpc = \"browser\""] {
        comes_to(
            &[("settings.toml", "gpc = \"person\"", to)],
            &[fresh("setting:signals.gpc", Some("value"), because, article)],
        );
    }
}

#[test]
fn younger_people() {
    comes_to(
        &[("settings.toml", "min_age = 16", "min_age = 13")],
        &[fresh("setting:children.min_age", Some("value"), "data of younger people is gathered", "GDPR Art. 8")],
    );
}

#[test]
fn no_age_at_all() {
    comes_to(
        &[("settings.toml", "min_age = 16", "")],
        &[fresh("setting:children.min_age", Some("value"), "data of younger people is gathered", "GDPR Art. 8")],
    );
}

#[test]
fn marketing_does_not_wait() {
    comes_to(
        &[("settings.toml", "\"*\" = \"opt_in\"", "\"*\" = \"opt_out\"")],
        &[fresh("setting:marketing.model.*", Some("value"), "marketing no longer waits for agreement", EPRIVACY)],
    );
}

#[test]
fn a_setting_that_no_rule_names() {
    comes_to(
        &[("settings.toml", "", "[backup]\nmode = \"rewrite\"")],
        &[notice(
            "setting:backup.mode",
            Some("value"),
            "something that people were told is decided in another way",
            "GDPR Art. 13",
        )],
    );
}

#[test]
fn something_more_is_not_promised() {
    let boundary = "[boundary.links]\nabout = \"links\"\nsays = \"Pages to which we link have rules of their own.\"";
    comes_to(
        &[
            ("policy.toml", "", boundary),
            (
                "notice.md",
                "We run calls and notes.",
                "We run calls and notes. Pages to which we link have rules of their own.",
            ),
        ],
        &[notice("boundary:links", None, "something more is not promised", "GDPR Art. 5(1)(a)")],
    );
}

#[test]
fn other_people() {
    comes_to(
        &[("policy.toml", "", "[subjects.supplier]\nlabel = \"Supplier\"")],
        &[notice("population:supplier", None, "data of people is held of whom nothing was said", "GDPR Art. 13, 14")
            .of(&["supplier"])],
    );
}

#[test]
fn a_purpose_reaches_more_people() {
    comes_to(
        &[("purposes.toml", "populations = [\"applicant\"]", "populations = [\"applicant\", \"guest\"]")],
        &[notice("purpose:hiring", Some("populations"), "it reaches more people", "GDPR Art. 13(1)(c)").of(&["guest"])],
    );
}

#[test]
fn a_purpose_reaches_everybody() {
    comes_to(
        &[("purposes.toml", "populations = [\"applicant\"]", "")],
        &[notice("purpose:hiring", Some("populations"), "it reaches more people", "GDPR Art. 13(1)(c)")],
    );
}

#[test]
fn a_purpose_is_open_to_what_was_closed() {
    let because = "data that people were told is never used for it is open";
    comes_to(
        &[("purposes.toml", "closed_to   = [\"content\"]", "")],
        &[fresh("purpose:improve", Some("closed_to"), because, "GDPR Art. 5(1)(b), 6(4)").of(&["user"])],
    );
}

#[test]
fn a_purpose_takes_sensitive_data() {
    comes_to(
        &[(
            "purposes.toml",
            "categories  = [\"user.contact\"]\npopulations = [\"applicant\"]",
            "categories  = [\"user.contact\", \"user.health\"]\npopulations = [\"applicant\"]",
        )],
        &[fresh("purpose:hiring", Some("categories"), "sensitive data is used for it", "GDPR Art. 9(2)(a)")
            .of(&["applicant"])],
    );
}

#[test]
fn a_narrower_key_of_the_taxonomy_is_not_more() {
    comes_to(
        &[("collection.toml", "[\"user.behavior\"]", "[\"user.behavior.browsing_history\"]")],
        &[notice(
            "category:usage",
            Some("covers"),
            "less data belongs to it, so other rules hold for the rest",
            "GDPR Art. 14(1)(d)",
        )
        .of(&["user"])],
    );
}

#[test]
fn consent_gives_way_to_an_interest() {
    comes_to(
        &[(
            "purposes.toml",
            "basis       = \"consent\"\nconsent     = \"opt_in\"",
            "basis       = \"legitimate_interests\"\nassessment  = \"improve\"\nconsent     = \"opt_out\"",
        )],
        &[
            fresh(
                "purpose:news",
                Some("basis"),
                "another ground takes the place of the one that people were told",
                "GDPR Art. 5(1)(a), 6(1)",
            )
            .of(&["user"]),
            fresh(
                "purpose:news",
                Some("consent"),
                "it no longer waits for agreement",
                "GDPR Art. 7; Directive 2002/58/EC Art. 13",
            )
            .of(&["user"]),
            editorial("purpose:news", Some("assessment"), "nobody is worse off").of(&["user"]),
        ],
    );
}

#[test]
fn a_cookie_lives_longer_than_the_browser() {
    comes_to(
        &[("collection.toml", "setter   = \"us\"", "setter   = \"us\"\nlifetime = \"P1Y\"")],
        &[notice("tracker:session", Some("lifetime"), "a tracker lives longer", HELD).of(&["user"])],
    );
    from_to(
        &[("collection.toml", "setter   = \"us\"", "setter   = \"us\"\nlifetime = \"P1Y\"")],
        &[],
        &[editorial("tracker:session", Some("lifetime"), "nobody is worse off").of(&["user"])],
    );
}

#[test]
fn a_certification_is_lost() {
    comes_to(
        &[(
            "security.toml",
            "status   = \"held\"\nevidence = \"Certificate 12\"",
            "status   = \"withdrawn\"\nevidence = \"Certificate 12\"",
        )],
        &[notice("certification:iso", Some("status"), "what was certified is no longer so", "GDPR Art. 5(1)(a)")],
    );
}

#[test]
fn a_protection_is_gone() {
    comes_to(
        &[(
            "security.toml",
            "[safeguard.at-rest]\ntitle    = \"Data is encrypted at rest\"\nclass    = \"technical\"\nevidence = \"Scan of the configuration\"\nreviewed = \"2026-01-05\"\nevery    = \"P6M\"",
            "",
        )],
        &[notice("safeguard:at-rest", None, "something that protected data is gone", "GDPR Art. 32")],
    );
}

#[test]
fn a_letter_cannot_be_declined_any_more() {
    comes_to(
        &[("messages.toml", "declined_by = [\"footer_link\", \"email\"]", "declined_by = []")],
        &[notice("message:letter", Some("declined_by"), "a way to decline it is gone", "GDPR Art. 21(2)")
            .of(&["user"])],
    );
}

#[test]
fn a_letter_comes_by_telephone() {
    comes_to(
        &[(
            "messages.toml",
            "channels    = [\"email\"]\npurpose     = \"news\"",
            "channels    = [\"email\", \"phone\"]\npurpose     = \"news\"",
        )],
        &[notice("message:letter", Some("channels"), "it comes by another way", EPRIVACY).of(&["user"])],
    );
}

const UNLIMITED: &str = "GDPR Art. 5(1)(b), 13(1)(c)";

/// A form is a place where data is gathered, also where no kind of data is new; the limit of what it may be used for goes with it.
#[test]
fn a_form_comes_and_goes() {
    const FORM: &str = "[point.booking]\ntitle = \"Booking\"\nkind = \"form\"\nrequired = { email = \"user.contact.email\" }\n\
        populations = [\"user\"]\nsource = \"account\"";
    const LIMITED: &str = "[point.booking]\ntitle = \"Booking\"\nkind = \"form\"\nrequired = { email = \"user.contact.email\" }\n\
        populations = [\"user\"]\nsource = \"account\"\npurposes = [\"service\"]";
    let new = "data is gathered in a new place";
    comes_to(&[("collection.toml", "", FORM)], &[notice("point:booking", None, new, "GDPR Art. 13(1)").of(&["user"])]);
    let gone = "nothing limits any more what data from it is used for";
    from_to(&[("collection.toml", "", LIMITED)], &[], &[notice("point:booking", None, gone, UNLIMITED).of(&["user"])]);
    from_to(
        &[("collection.toml", "", FORM)],
        &[],
        &[editorial("point:booking", None, "nobody is worse off").of(&["user"])],
    );
}

#[test]
fn a_source_with_a_limit_goes() {
    const BROKER: &str = "[source.broker]\ntitle = \"A broker\"\nkind = \"person\"\ncategories = [\"contact\"]\n\
        populations = [\"user\"]\npurposes = [\"service\"]";
    let gone = "nothing limits any more what data from it is used for";
    from_to(&[("collection.toml", "", BROKER)], &[], &[notice("source:broker", None, gone, UNLIMITED).of(&["user"])]);
}

#[test]
fn what_was_said_not_to_be_gathered_is_said_no_more() {
    const PLACES: &str = "[category.places]\ntitle = \"Places\"\ncovers = [\"user.location\"]\ncollected = false";
    let gone = "it is no longer said that this is not gathered";
    from_to(
        &[("collection.toml", "", PLACES)],
        &[],
        &[notice("category:places", None, gone, "GDPR Art. 5(1)(a), 14(1)(d)")],
    );
}

/// A period that leaves the calendar was taken for none, and the change for one that hurts nobody.
#[test]
fn data_is_held_for_ever() {
    comes_to(
        &[("retention.toml", "P6M", "P8000Y")],
        &[notice("retention:applications", Some("period"), "data is held longer", HELD).of(&["applicant"])],
    );
}
