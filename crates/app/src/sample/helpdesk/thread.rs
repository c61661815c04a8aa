//! Tickets and what was written in them.
//!
//! A text names a person only if that person is the requester, in copy, the assignee or a writer of the same ticket,
//! and then with the e-mail beside the name; so that whoever is named can also be found.

use serde_json::json;
use sha2::{Digest, Sha256};

use super::draft::Draft;
use super::people::{self, Agent, Person};
use super::time::{DAY, HOUR, SPAN, clock, date, moment};
use super::uploads::{content, has_files};
use super::words::{ANSWERS, FILES, PROBLEMS, STATUSES, SUBJECTS, TAGS, THANKS};
use crate::sample::File;
use crate::sample::table::row;

/// Who wrote a post.
#[derive(Clone)]
pub enum Writer {
    Customer(Person),
    Agent(Agent),
    System,
}

impl Writer {
    fn kind(&self) -> &'static str {
        match self {
            Writer::Customer(_) => "customer",
            Writer::Agent(_) => "agent",
            Writer::System => "system",
        }
    }

    fn id(&self) -> u64 {
        match self {
            Writer::Customer(person) => person.id,
            Writer::Agent(agent) => agent.id,
            Writer::System => 0,
        }
    }

    fn name(&self) -> &str {
        match self {
            Writer::Customer(person) => person.name.as_deref().unwrap_or(""),
            Writer::Agent(agent) => &agent.name,
            Writer::System => "Harbour Desk",
        }
    }

    fn address(&self) -> &str {
        match self {
            Writer::Customer(person) => person.email.as_deref().unwrap_or(""),
            Writer::Agent(agent) => &agent.email,
            Writer::System => "no-reply@harbour-desk.example",
        }
    }

    /// Name and address as they stand in mail.
    pub fn mailbox(&self) -> String {
        format!("{} <{}>", self.name(), self.address())
    }
}

/// A ticket with its posts, before it becomes rows.
pub struct Thread {
    pub requester: Person,
    pub assignee: Option<Agent>,
    pub cc: Vec<Person>,
    pub subject: String,
    pub note: String,
    pub status: &'static str,
    pub opened: u64,
    pub posts: Vec<(Writer, String)>,
}

impl Draft<'_> {
    /// A ticket as it comes: one to six posts by the requester, an agent and perhaps colleagues.
    pub fn ordinary_thread(&mut self, requester: &Person) {
        let agent = people::agent(1 + self.random.below(self.agents));
        let mut cc: Vec<Person> = Vec::new();
        for _ in 0..self.random.below(3) {
            let mate = people::mate(requester.id, self.persons, &mut self.random);
            cc.extend(mate.filter(|mate| cc.iter().all(|other| other.id != mate.id)));
        }
        let mut posts = vec![(Writer::Customer(requester.clone()), self.opening(requester))];
        for number in 1..1 + self.random.below(6) {
            let writer = self.writer(requester, &agent, &cc, number);
            let body = self.answer(&writer, &posts);
            posts.push((writer, body));
        }
        let assigned = self.random.chance(85) || posts.iter().any(|(writer, _)| writer.kind() == "agent");
        let thread = Thread {
            requester: requester.clone(),
            assignee: assigned.then_some(agent),
            cc,
            subject: self.random.pick(SUBJECTS).to_owned(),
            note: format!("{{shelf: {}}}", self.random.below(40)),
            status: self.random.pick(STATUSES),
            opened: self.random.below(SPAN - 30 * DAY),
            posts,
        };
        self.thread(&thread);
    }

    fn writer(&mut self, requester: &Person, agent: &Agent, cc: &[Person], number: u64) -> Writer {
        match self.random.below(10) {
            0 => Writer::System,
            1..=3 if !cc.is_empty() => Writer::Customer(cc[self.random.below(cc.len() as u64) as usize].clone()),
            4..=5 => Writer::Customer(requester.clone()),
            _ if number.is_multiple_of(2) => Writer::Customer(requester.clone()),
            _ => Writer::Agent(agent.clone()),
        }
    }

    fn opening(&mut self, person: &Person) -> String {
        format!("Hello,\n{}{}", self.random.pick(PROBLEMS), signature(person))
    }

    fn answer(&mut self, writer: &Writer, posts: &[(Writer, String)]) -> String {
        let (text, end) = match writer {
            Writer::Customer(person) => (self.random.pick(THANKS), signature(person)),
            Writer::Agent(agent) => (self.random.pick(ANSWERS), format!("\n\n{}\n{}", agent.name, agent.email)),
            Writer::System => return "This ticket has been moved to another queue.".to_owned(),
        };
        let (quoted, words) = &posts[posts.len() - 1];
        if !self.random.chance(30) || matches!(quoted, Writer::System) {
            return format!("Hello,\n{text}{end}");
        }
        format!("Hello,\n{text}{end}\n\n{}", quotation(quoted, words))
    }

    /// Writes the ticket and all that hangs on it.
    pub fn thread(&mut self, thread: &Thread) {
        self.ids.ticket += 1;
        let (id, opened) = (self.ids.ticket, thread.opened);
        let closed = matches!(thread.status, "solved" | "closed").then(|| opened + 9 * DAY);
        let forwarder = thread.cc.first().filter(|_| id.is_multiple_of(5)).and_then(|person| person.email.clone());
        self.desk(
            "tickets",
            row![
                id,
                thread.requester.org,
                thread.requester.id,
                thread.assignee.as_ref().map(|agent| agent.id),
                forwarder.unwrap_or_default(),
                &thread.subject,
                thread.status,
                (!id.is_multiple_of(4)).then_some(id % 4),
                format!(r#"{{"note": {}, "order": {}}}"#, json!(thread.note), id % 10_000),
                (!id.is_multiple_of(3)).then(|| (id % 96) as f64 / 4.0),
                moment(opened),
                closed.map(moment),
                (id.is_multiple_of(2)).then(|| date(opened + 14 * DAY)),
            ],
        );
        self.around(thread, id);
        for (number, (writer, body)) in thread.posts.iter().enumerate() {
            self.post(thread, id, writer, body, opened + (number as u64 * 7 + 1) * HOUR);
        }
        if let Some(closed) = closed.filter(|_| id % 3 != 1) {
            let comment = (id.is_multiple_of(2)).then(|| self.random.pick(THANKS));
            let stars = 1 + self.random.below(5);
            self.desk("ratings", row![id, thread.requester.id, stars, comment, clock(closed + HOUR)]);
        }
    }

    /// Copies, watchers, tags and the line in the log.
    fn around(&mut self, thread: &Thread, id: u64) {
        for person in &thread.cc {
            self.desk("ticket_cc", row![id, person.id, (!id.is_multiple_of(4)).then(|| moment(thread.opened))]);
        }
        if id.is_multiple_of(8) {
            let agent = 1 + self.random.below(self.agents);
            self.desk("ticket_watchers", row![id, "agent", agent, moment(thread.opened)]);
        }
        if let Some(person) = thread.cc.last().filter(|_| id.is_multiple_of(6)) {
            self.desk("ticket_watchers", row![id, "customer", person.id, None::<&str>]);
        }
        if id % 5 < 3 {
            let tag = 1 + self.random.below(TAGS.len() as u64);
            self.desk("ticket_tags", row![id, tag]);
        }
        self.ids.audit += 1;
        let person = &thread.requester;
        let (kind, actor) = match &thread.assignee {
            Some(agent) if id.is_multiple_of(2) => ("agent", agent.id),
            _ => ("customer", person.id),
        };
        let mailbox = Writer::Customer(person.clone()).mailbox();
        let detail = format!("Ticket {id} was opened for {mailbox}.");
        let row = row![
            self.ids.audit,
            kind,
            actor,
            person.id,
            "ticket.opened",
            detail,
            format!("198.51.100.{}", 1 + id % 250),
            clock(thread.opened),
        ];
        self.desk("audit_log", row);
    }

    fn post(&mut self, thread: &Thread, ticket: u64, writer: &Writer, body: &str, at: u64) {
        self.ids.reply += 1;
        let id = self.ids.reply;
        let requester = Writer::Customer(thread.requester.clone());
        let copies: Vec<String> = thread.cc.iter().map(|person| Writer::Customer(person.clone()).mailbox()).collect();
        let headers = json!({
            "from": writer.mailbox(),
            "to": requester.mailbox(),
            "cc": copies,
            "message-id": format!("<reply-{id}@mail.harbour-desk.example>"),
        });
        let internal = matches!(writer, Writer::System);
        self.desk(
            "replies",
            row![
                id,
                ticket,
                writer.kind(),
                writer.id(),
                writer.name(),
                writer.address(),
                body,
                headers.to_string(),
                internal,
                moment(at),
            ],
        );
        if self.random.chance(12) {
            self.ids.attachment += 1;
            let thumb = self.random.chance(50).then(|| self.random.bytes(24));
            let (name, size) = (self.random.pick(FILES), 500 + self.random.below(900_000));
            let attachment = self.ids.attachment;
            let path = format!("attachments/{attachment}/{name}");
            let bytes = has_files(&thread.requester).then(|| content(attachment, name, &thread.requester));
            let size = bytes.as_ref().map_or(size, |b| b.len() as u64);
            let sum = bytes.as_ref().map(|b| hex::encode(Sha256::digest(b)));
            let key = bytes.is_some().then(|| path.clone());
            let row = row![attachment, id, name, "application/octet-stream", size, key, sum, thumb, moment(at)];
            self.desk("attachments", row);
            self.files.extend(bytes.map(|bytes| File { path, bytes }));
        }
    }
}

/// How a person ends what they write.
pub fn signature(person: &Person) -> String {
    let phone = person.phone.as_deref().unwrap_or("");
    format!("\n\nBest regards\n{}\n{phone}", person.name.as_deref().unwrap_or(""))
}

/// The first lines of somebody's words, quoted as mail programs do.
pub fn quotation(writer: &Writer, words: &str) -> String {
    let lines: Vec<String> = words.lines().take(2).map(|line| format!("> {line}")).collect();
    format!("{} wrote:\n{}", writer.mailbox(), lines.join("\n"))
}
