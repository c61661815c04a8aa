//! Threads written by hand: the one of the demonstration, and those with an awkward text.

use super::draft::Draft;
use super::people::{agent, person};
use super::thread::{Thread, Writer, quotation, signature};
use super::time::DAY;

/// A text that breaks careless SQL, CSV, JSON and HTML.
const NASTY: &str = "Robert'); DROP TABLE tickets;-- said \"hi\" \\ {\"a\": [1]} <b>&amp;</b>\r\n=1+1\tend";

impl Draft<'_> {
    /// Adds the threads that person `id` owns by hand.
    pub fn scripted_threads(&mut self, id: u64) {
        let posts = match id {
            1 => maria(),
            2 => ann(),
            9 => mark(),
            10 => emoji(),
            18 => vec![(customer(18), format!("{NASTY}{}", signature(&person(18)))), (desk(4), NASTY.to_owned())],
            23 => quoted(),
            _ => return,
        };
        let (subject, cc): (&str, &[u64]) = match id {
            1 => ("Cold boxes for Bergen arrived warm", &[2]),
            2 => ("Who signs for the night delivery?", &[1, 3]),
            9 => ("Mark as urgent", &[4]),
            10 => ("The 🦊 is missing on our labels", &[9]),
            18 => (NASTY, &[]),
            _ => ("Which flour was in the last delivery?", &[21, 22]),
        };
        let thread = Thread {
            requester: person(id),
            assignee: Some(agent(2)),
            cc: cc.iter().map(|id| person(*id)).collect(),
            subject: subject.to_owned(),
            note: "a {brace}, a \"quote\" and a }{ pair".to_owned(),
            status: "solved",
            opened: (400 + id) * DAY,
            posts,
        };
        self.thread(&thread);
        self.scripted_files(&thread.requester, thread.posts.len() as u64);
    }
}

fn customer(id: u64) -> Writer {
    Writer::Customer(person(id))
}

fn desk(id: u64) -> Writer {
    Writer::Agent(agent(id))
}

fn maria() -> Vec<(Writer, String)> {
    let maria = person(1);
    let first = format!(
        "Hello,\ntwo of the cold boxes for Bergen were warm when they arrived. The driver's list is attached.{}",
        signature(&maria)
    );
    let second = format!(
        "Hello Maria,\nwe are sorry. Which boxes were it?\n\n{}\n{}\n\n{}",
        agent(2).name,
        agent(2).email,
        quotation(&customer(1), &first)
    );
    let third = format!(
        "It was 17 and 18; I stood beside her when she opened them.{}\n\n{}",
        signature(&person(2)),
        quotation(&customer(1), &first)
    );
    let fourth = format!("Exactly, 17 and 18. Thank you both!{}", signature(&maria));
    vec![(customer(1), first), (desk(2), second), (customer(2), third), (customer(1), fourth)]
}

fn ann() -> Vec<(Writer, String)> {
    let first = format!("Hello,\nwho may sign for the delivery at night?{}", signature(&person(2)));
    let second = format!("I may, until the end of the month.{}", signature(&person(1)));
    let third = format!(
        "Then we have two: the night guard, and as she says herself:\n\n{}{}",
        quotation(&customer(1), &second),
        signature(&person(2))
    );
    let fourth = format!("Noted: {} and {}.", customer(1).mailbox(), customer(3).mailbox());
    vec![(customer(2), first), (customer(1), second), (customer(2), third), (desk(2), fourth)]
}

fn mark() -> Vec<(Writer, String)> {
    let first = format!(
        "Please mark this as urgent. Mark my words: {} will ask for it.{}",
        customer(4).mailbox(),
        signature(&person(9))
    );
    let second = format!("The mark on the box is mine.{}", signature(&person(4)));
    let third = "We will mark it. A watermark stays a watermark, and Mark knows why.".to_owned();
    vec![(customer(9), first), (customer(4), second), (desk(1), third)]
}

fn emoji() -> Vec<(Writer, String)> {
    let first = format!("Hi! 🦊🎉 our labels lack the 🦊 next to the name.{}", signature(&person(10)));
    let second = format!("👩‍🚀 sees it too: {} is right.{}", customer(10).mailbox(), signature(&person(9)));
    vec![(customer(10), first), (customer(9), second)]
}

fn quoted() -> Vec<(Writer, String)> {
    let first = format!("Hello,\nwhich flour was it?{}", signature(&person(23)));
    let second = format!("Rye, the dark one; I carried it in myself.{}", signature(&person(21)));
    let third = format!("She is right.{}\n\nOn Tuesday {}", signature(&person(22)), quotation(&customer(21), &second));
    vec![(customer(23), first), (customer(21), second), (customer(22), third)]
}
