//! Tables of the notice and of the papers beside it, each computed from the folder.

use jiff::civil::Date;
use serde::Serialize;

use super::lookback::{lookback, year};
use super::spoken::{begun, listed, lowered, spoken, titles};
use super::{grounds, spoken, words};
use crate::policy::category::covers;
use crate::policy::model::{Policy, Said};
use crate::policy::place;
use crate::policy::written::Declaration;

/// A table for people.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Table {
    /// What it shows.
    pub title: String,
    /// Names of the columns.
    pub head: Vec<&'static str>,
    /// Rows; as many cells as there are columns.
    pub rows: Vec<Vec<String>>,
}

/// The table of that name, of those in [`super::fill::TABLES`].
pub fn table(policy: &Policy, said: &Said, name: &str, today: Date) -> Option<Table> {
    let of = Sheet { policy, said };
    Some(match name {
        "recipients" => of.recipients(),
        "purposes" => of.purposes(),
        "retention" => of.retention(),
        "trackers" => of.trackers(),
        "transfers" => of.transfers(),
        "sources" => of.sources(),
        "categories" => of.categories(),
        "rights" => of.rights(),
        "contacts" => of.contacts(),
        "authorities" => of.authorities(),
        "sub_processors" => of.sub_processors(),
        "safeguards" => of.safeguards(),
        "messages" => of.messages(),
        "lookback" => of.lookback(today),
        _ => return None,
    })
}

/// Draws tables from one folder.
pub(super) struct Sheet<'a> {
    pub(super) policy: &'a Policy,
    pub(super) said: &'a Said,
}

impl Sheet<'_> {
    fn drawn(
        &self,
        title: &str,
        head: &[&'static str],
        family: &str,
        row: impl Fn(&Declaration) -> Vec<String>,
    ) -> Table {
        let begun = |cells: Vec<String>| cells.iter().map(|cell| begun(cell)).collect();
        let rows = self.said.of(family).map(|d| begun(row(d))).collect();
        Table { title: title.to_owned(), head: head.to_vec(), rows }
    }

    fn recipients(&self) -> Table {
        let head = ["Who", "What they do for us", "What they receive", "Where", "What allows it"];
        self.drawn("Who receives data", &head, "recipient", |r| {
            let ways = match r.text("needs") {
                Some(need) if need != "contract" => spoken("needs", need),
                _ => spoken("mechanism", r.text("mechanism").unwrap_or("contract")),
            };
            let receives = self.titles("category", &r.list("categories"));
            let country = r.text("country").map_or_else(|| "depends on who it is".to_owned(), place::name);
            vec![own(r, "name"), self.function(r), receives, country, ways]
        })
    }

    fn function(&self, recipient: &Declaration) -> String {
        match recipient.text("function") {
            Some(function) => function.to_owned(),
            None => recipient.text("kind").map(|kind| spoken("recipient", kind)).unwrap_or_default(),
        }
    }

    fn purposes(&self) -> Table {
        let head = ["What for", "Which data", "What allows it", "Who receives it", "How long"];
        self.drawn("Why data is used", &head, "purpose", |p| {
            vec![
                own(p, "title"),
                self.data(&p.list("categories")),
                self.ground(p),
                or(self.recipients_of(p), "nobody else"),
                or(self.period(p.text("retention")), "no period of its own"),
            ]
        })
    }

    /// Categories in the words of the notice, or of the taxonomy; what another one of them covers is not said twice.
    pub(super) fn data(&self, keys: &[&str]) -> String {
        let covering = |key: &str| self.said.of("category").find(|c| c.id.it == key || c.list("covers").contains(&key));
        let named: Vec<&Declaration> = keys.iter().filter_map(|key| covering(key)).collect();
        let is_said = |key: &str| named.iter().flat_map(|c| c.list("covers")).any(|own| own != key && covers(own, key));
        let label = |key: &&str| match (covering(key), self.policy.about.categories.get(*key)) {
            (Some(category), _) => Some(lowered(&own_text(category, "title"))),
            _ if is_said(key) => None,
            (_, Some(meaning)) => Some(lowered(meaning)),
            _ => Some(spoken::category(key)),
        };
        let mut labels: Vec<String> = Vec::new();
        for label in keys.iter().filter_map(label) {
            if !labels.contains(&label) {
                labels.push(label);
            }
        }
        begun(&listed(&labels))
    }

    /// Who receives data for a purpose.
    pub(super) fn recipients_of(&self, purpose: &Declaration) -> String {
        self.names("recipient", &purpose.list("recipients"))
    }

    /// The legal ground in words, with its article.
    pub(super) fn ground(&self, purpose: &Declaration) -> String {
        let word = purpose.text("basis").unwrap_or_default();
        let Some(ground) = grounds::all().ground.get(word) else { return words::plain(word) };
        let law = purpose.text("law").and_then(|id| self.said.find("law", id)).map(|l| own(l, "title"));
        let words = law.map_or_else(|| ground.words.clone(), |law| format!("{}: {law}", ground.words));
        format!("{words} ({})", ground.article)
    }

    /// How long a retention rule keeps.
    pub(super) fn period(&self, rule: Option<&str>) -> String {
        let rule = rule.and_then(|id| self.said.find("retention", id));
        rule.and_then(|r| r.text("period")).and_then(words::period).unwrap_or_default()
    }

    /// Declarations of a family in words, by id.
    pub(super) fn names(&self, family: &str, ids: &[&str]) -> String {
        listed(&self.each(family, ids))
    }

    /// The same where titles are words and not names: only the first begins with a capital letter.
    pub(super) fn titles(&self, family: &str, ids: &[&str]) -> String {
        titles(self.each(family, ids).iter().map(String::as_str))
    }

    fn each(&self, family: &str, ids: &[&str]) -> Vec<String> {
        let named = |id: &&str| match self.said.find(family, id) {
            Some(d) => ["name", "title", "label", "word"].iter().find_map(|key| d.text(key)).unwrap_or(id).to_owned(),
            None => words::plain(id.rsplit('.').next().unwrap_or(id)),
        };
        ids.iter().map(named).collect()
    }

    fn retention(&self) -> Table {
        let head = ["What", "How long", "From", "Then", "Law"];
        self.drawn("How long data is held", &head, "retention", |r| {
            let what = self.titles("category", &r.list("categories"));
            let what = if what.is_empty() { words::plain(&r.id.it.replace('-', " ")) } else { what };
            let law =
                r.text("law").and_then(|id| self.said.find("law", id)).map(|l| own(l, "title")).unwrap_or_default();
            let from = r.text("when").or(r.text("from")).map(|f| f.replace(['_', '.'], " ")).unwrap_or_default();
            let then = r.text("action").map(ended).unwrap_or_default();
            vec![what, r.text("period").and_then(words::period).unwrap_or_default(), from, then, law]
        })
    }

    fn trackers(&self) -> Table {
        let head = ["Name", "What it is", "Set by", "What for", "How long"];
        self.drawn("Cookies and other trackers", &head, "tracker", |t| {
            let setter = match t.text("setter") {
                Some("us") | None => "us".to_owned(),
                Some(id) => self.names("recipient", &[id]),
            };
            let stays = matches!(t.text("kind"), Some("cookie" | "local_storage" | "device_id") | None);
            let until = if stays { "until you close the browser" } else { "while the page is open" };
            let lives = t.text("lifetime").and_then(words::period).unwrap_or_else(|| until.to_owned());
            let kind = spoken("tracker", &own(t, "kind"));
            vec![own(t, "title"), kind, setter, self.titles("purpose", &t.list("purposes")), lives]
        })
    }

    fn transfers(&self) -> Table {
        let head = ["From", "To", "To whom", "What allows it"];
        self.drawn("Data that goes abroad", &head, "transfer", |t| {
            let from: Vec<String> = t.list("from").into_iter().map(place::in_words).collect();
            let whom = self.names("recipient", &t.list("recipients"));
            let whom = if whom.is_empty() { "us".to_owned() } else { whom };
            let to = t.text("to").map(place::name).unwrap_or_default();
            vec![words::joined(&from), to, whom, spoken("mechanism", &own(t, "mechanism"))]
        })
    }

    fn sources(&self) -> Table {
        let head = ["Where from", "Which data", "About whom"];
        self.drawn("Where data comes from", &head, "source", |s| {
            let whom = or(self.titles("population", &s.list("populations")), "everybody");
            vec![own(s, "title"), self.titles("category", &s.list("categories")), whom]
        })
    }

    fn categories(&self) -> Table {
        let head = ["What we call it", "For example", "Where it comes from"];
        let gathered = |c: &Declaration| {
            let id = c.id.it.as_str();
            let sources = self.said.of("source").filter(|s| s.list("categories").contains(&id));
            let sources: Vec<String> = sources.map(|s| own(s, "title")).collect();
            let examples: Vec<String> = c.list("examples").into_iter().map(str::to_owned).collect();
            let from = or(titles(sources.iter().map(String::as_str)), OURS);
            vec![own(c, "title"), listed(&examples), from]
        };
        let mut table = self.drawn("Which data there is", &head, "category", gathered);
        let kept = self.said.of("category").map(|c| c.flag("collected") != Some(false));
        let mut kept = kept.collect::<Vec<_>>().into_iter();
        table.rows.retain(|_| kept.next().unwrap_or(true));
        table
    }

    fn rights(&self) -> Table {
        let head = ["What you can ask for", "Where", "What it costs", "Limits"];
        self.drawn("What you can ask for", &head, "right", |r| {
            let fee = match r.text("fee") {
                None | Some("none" | "zero") => "nothing".to_owned(),
                Some(other) => words::plain(other),
            };
            let ways = self.names_of_contacts(&r.list("contacts"));
            let limits: Vec<String> = r.list("exceptions").iter().map(|e| self.names("law", &[e])).collect();
            vec![spoken("right", &r.id), ways, fee, listed(&limits)]
        })
    }

    /// Where contacts are reached.
    pub(super) fn names_of_contacts(&self, ids: &[&str]) -> String {
        let address = |id: &&str| self.said.find("contact", id).map_or_else(|| (*id).to_owned(), |c| own(c, "address"));
        listed(&ids.iter().map(address).collect::<Vec<_>>())
    }

    fn contacts(&self) -> Table {
        let head = ["What about", "How", "Address"];
        self.drawn("How to reach us", &head, "contact", |c| {
            let about: Vec<String> = c.list("serves").into_iter().map(|word| spoken("serves", word)).collect();
            vec![words::joined(&about), spoken("channel", &own(c, "kind")), own(c, "address")]
        })
    }

    fn authorities(&self) -> Table {
        let head = ["For people in", "Who hears you", "How"];
        self.drawn("Who hears complaints", &head, "authority", |a| {
            let places: Vec<String> = a.list("places").into_iter().map(place::in_words).collect();
            let ways: Vec<String> =
                ["url", "email", "phone", "address"].iter().filter_map(|k| a.text(k)).map(str::to_owned).collect();
            vec![words::joined(&places), own(a, "name"), ways.join("; ")]
        })
    }

    fn sub_processors(&self) -> Table {
        let head = ["Who", "What they do", "Where", "Since"];
        let mut table = self.drawn("Sub-processors", &head, "recipient", |r| {
            let since = r.text("since").or(r.text("agreement")).and_then(words::date).unwrap_or_default();
            vec![own(r, "name"), self.function(r), r.text("country").map(place::name).unwrap_or_default(), since]
        });
        let mut published =
            self.said.of("recipient").map(|r| r.flag("published") == Some(true)).collect::<Vec<_>>().into_iter();
        table.rows.retain(|_| published.next().unwrap_or(false));
        table
    }

    fn safeguards(&self) -> Table {
        let head = ["What we do", "Kind", "Last looked at"];
        self.drawn("How data is protected", &head, "safeguard", |s| {
            vec![own(s, "title"), own(s, "class"), s.text("reviewed").and_then(words::date).unwrap_or_default()]
        })
    }

    fn messages(&self) -> Table {
        let head = ["What we send", "Kind", "How", "Declined by"];
        self.drawn("What we send you", &head, "message", |m| {
            let list = |key: &str, of: &str| {
                words::joined(&m.list(key).into_iter().map(|w| spoken(of, w)).collect::<Vec<_>>())
            };
            let declined = list("declined_by", "decline");
            let declined = if declined.is_empty() { "cannot be declined".to_owned() } else { declined };
            vec![own(m, "title"), words::plain(&own(m, "class")), list("channels", "channel"), declined]
        })
    }

    fn lookback(&self, today: Date) -> Table {
        let seen = lookback(self.said, today, year());
        let date = |day: Date| words::date(&day.to_string()).unwrap_or_default();
        let list = |kinds: &[String]| match kinds {
            [] => "Nobody".to_owned(),
            kinds => begun(&listed(&kinds.iter().map(|k| spoken("recipient", k)).collect::<Vec<_>>())),
        };
        let rows = seen.rows.iter().map(|row| {
            let sources: Vec<&str> = row.sources.iter().map(String::as_str).collect();
            let law = row.law_name.as_ref().filter(|law| !law.eq_ignore_ascii_case(&row.title));
            let title = law.map_or_else(|| row.title.clone(), |law| format!("{} ({law})", row.title));
            let from = or(self.titles("source", &sources), &begun(OURS));
            vec![title, from, list(&row.disclosed), list(&row.sold), list(&row.shared)]
        });
        Table {
            title: format!(
                "What was collected, disclosed, sold and shared from {} to {}",
                date(seen.from),
                date(seen.to)
            ),
            head: vec!["Collected", "From", "Disclosed for our work to", "Sold to", "Shared for advertising with"],
            rows: rows.collect(),
        }
    }
}

fn own(said: &Declaration, key: &str) -> String {
    own_text(said, key)
}

fn own_text(said: &Declaration, key: &str) -> String {
    said.text(key).unwrap_or(&said.id).to_owned()
}

fn ended(action: &str) -> String {
    match action {
        "delete" => "deleted".to_owned(),
        "deidentify" => "de-identified".to_owned(),
        other => words::plain(other),
    }
}

/// Where data comes from that no source is named for.
const OURS: &str = "our own records";

/// A cell, or what is said where there is nothing to say.
pub(super) fn or(cell: String, nothing: &str) -> String {
    if cell.is_empty() { nothing.to_owned() } else { cell }
}

impl Table {
    /// As Markdown, with its title above.
    pub fn markdown(&self) -> String {
        let cell = |text: &str| text.replace('|', "\\|").replace('\n', " ");
        let line = |cells: Vec<String>| format!("| {} |", cells.join(" | "));
        let mut lines = vec![format!("*{}*\n", self.title), line(self.head.iter().map(|h| (*h).to_owned()).collect())];
        lines.push(line(self.head.iter().map(|_| "---".to_owned()).collect()));
        lines.extend(self.rows.iter().map(|row| line(row.iter().map(|text| cell(text)).collect())));
        lines.join("\n")
    }
}
