//! Persons that tools for privacy requests get wrong, at fixed numbers.
//!
//! | person | tenant | e-mail | awkward because |
//! |---|---|---|---|
//! | 1 Maria Lindqvist | fjord-cargo | maria.lindqvist@fjord-cargo.example | not awkward: one of everything, for the demonstration |
//! | 2 Ann Hovland | fjord-cargo | ann@fjord-cargo.example | her address ends the address of person 3 |
//! | 3 Joann Hovland | fjord-cargo | joann@fjord-cargo.example | her address contains that of person 2 |
//! | 4 Mark | fjord-cargo | mark@fjord-cargo.example | the whole name is a common word of many texts |
//! | 5 Tore Myklebust | fjord-cargo | tore.myklebust@fjord-cargo.example | phone `n/a`, as person 6 |
//! | 6 Unni Myklebust | fjord-cargo | unni.myklebust@fjord-cargo.example | phone `n/a`, as person 5 |
//! | 7 Kari Nordmann | fjord-cargo | kari.nordmann@freelance.example | the same e-mail as person 12 |
//! | 8 Eirik Vold | fjord-cargo | eirik.vold@harbour-desk.example | also agent 3, with the same e-mail |
//! | 9 Bjørn Ødegård | fjord-cargo | bjørn.ødegård@fjord-cargo.example | letters outside ASCII, also in the e-mail |
//! | 10 Sunniva Lykkeli | fjord-cargo | sunniva.lykkeli@fjord-cargo.example | four-byte emoji in texts |
//! | 11 | linden-clinic | none | NULL in every column that may be null |
//! | 12 Kari Nordmann | linden-clinic | kari.nordmann@freelance.example | the same e-mail as person 7, another tenant |
//! | 13 Merete Casperi | linden-clinic | Mixed.Case@Linden-Clinic.EXAMPLE | stored in mixed case here, in lower case elsewhere |
//! | 14 Einar Tomrom | linden-clinic | einar.tomrom@linden-clinic.example | no row anywhere else |
//! | 15 Wenche Mangeland | linden-clinic | wenche.mangeland@linden-clinic.example | several hundred rows |
//! | 16 Rolf Kvittering | linden-clinic | rolf.kvittering@linden-clinic.example | nothing but one invoice that law keeps |
//! | 17 Yngve Sifferdal | linden-clinic | yngve.sifferdal@linden-clinic.example | one phone number in four notations |
//! | 18 Seán O'Brien | linden-clinic | sean.o'brien@linden-clinic.example | braces in documents; quotes, semicolons, backslashes, line ends in texts |
//! | 19 Null Nullberg | linden-clinic | null.nullberg@linden-clinic.example | NUL inside bytes, sentiment infinity; all rows around hold NULL wherever they may |
//! | 20 Nanna Ikketall | linden-clinic | nanna.ikketall@linden-clinic.example | sentiment NaN (infinity on SQLite) |
//! | 21 Hedda Sitat | blue-bakery | hedda.sitat@blue-bakery.example | quoted by person 22 in a thread of person 23 |
//! | 22 Gorm Gjengir | blue-bakery | gorm.gjengir@blue-bakery.example | quotes person 21 |
//! | 23 Vigdis Tradeier | blue-bakery | vigdis.tradeier@blue-bakery.example | owns the thread of the quotation |

use super::people::{Agent, Person};

/// The last number that is fixed.
pub const LAST: u64 = 23;

/// The agent of whom nothing is known that may be unknown.
pub const BARE_AGENT: u64 = 6;

/// The number, the full name and the e-mail of each.
const FIXED: &[(u64, &str, &str)] = &[
    (1, "Maria Lindqvist", "maria.lindqvist@fjord-cargo.example"),
    (2, "Ann Hovland", "ann@fjord-cargo.example"),
    (3, "Joann Hovland", "joann@fjord-cargo.example"),
    (4, "Mark", "mark@fjord-cargo.example"),
    (5, "Tore Myklebust", "tore.myklebust@fjord-cargo.example"),
    (6, "Unni Myklebust", "unni.myklebust@fjord-cargo.example"),
    (7, "Kari Nordmann", "kari.nordmann@freelance.example"),
    (8, "Eirik Vold", "eirik.vold@harbour-desk.example"),
    (9, "Bjørn Ødegård", "bjørn.ødegård@fjord-cargo.example"),
    (10, "Sunniva Lykkeli", "sunniva.lykkeli@fjord-cargo.example"),
    (12, "Kari Nordmann", "kari.nordmann@freelance.example"),
    (13, "Merete Casperi", "Mixed.Case@Linden-Clinic.EXAMPLE"),
    (14, "Einar Tomrom", "einar.tomrom@linden-clinic.example"),
    (15, "Wenche Mangeland", "wenche.mangeland@linden-clinic.example"),
    (16, "Rolf Kvittering", "rolf.kvittering@linden-clinic.example"),
    (17, "Yngve Sifferdal", "yngve.sifferdal@linden-clinic.example"),
    (18, "Seán O'Brien", "sean.o'brien@linden-clinic.example"),
    (19, "Null Nullberg", "null.nullberg@linden-clinic.example"),
    (20, "Nanna Ikketall", "nanna.ikketall@linden-clinic.example"),
    (21, "Hedda Sitat", "hedda.sitat@blue-bakery.example"),
    (22, "Gorm Gjengir", "gorm.gjengir@blue-bakery.example"),
    (23, "Vigdis Tradeier", "vigdis.tradeier@blue-bakery.example"),
];

/// Gives a person of a fixed number its fixed name and its oddity.
pub fn amend(person: &mut Person) {
    if person.id > LAST {
        return;
    }
    if let Some((id, name, email)) = FIXED.iter().find(|(id, ..)| *id == person.id) {
        person.name = Some((*name).to_owned());
        person.email = Some((*email).to_owned());
        let handle: String = name.to_lowercase().chars().filter(char::is_ascii_alphabetic).collect();
        person.username = Some(format!("{handle}{id:02}"));
    }
    match person.id {
        1 => person.phone = Some("+47 41 23 45 67".to_owned()),
        5 | 6 => person.phone = Some("n/a".to_owned()),
        11 => {
            (person.name, person.email, person.phone) = (None, None, None);
            (person.username, person.locale, person.external_ref) = (None, None, None);
        }
        17 => person.phone = Some("+47 22 12 34 56".to_owned()),
        _ => {}
    }
}

/// Makes agent 3 the same human being as person 8.
pub fn amend_agent(agent: &mut Agent) {
    if agent.id == 3 {
        agent.name = "Eirik Vold".to_owned();
        agent.email = "eirik.vold@harbour-desk.example".to_owned();
    }
}

/// Whether the person takes no part in the threads, nor in anything else that is made for everybody.
pub fn stays_apart(id: u64) -> bool {
    matches!(id, 11 | 14 | 16)
}

/// Whether the person has at least a row in every table.
pub fn has_everything(id: u64) -> bool {
    matches!(id, 1 | 19)
}

/// Whether the rows around the person hold NULL wherever they may.
pub fn all_null(id: u64) -> bool {
    id == 19
}

/// How many tickets the person has at least.
pub fn tickets(id: u64) -> Option<u64> {
    match id {
        1 => Some(3),
        15 => Some(60),
        19 => Some(8),
        11 | 14 | 16 => Some(0),
        _ => None,
    }
}

/// What stands in the notes on the person, where it is special.
pub fn notes(id: u64) -> Option<&'static str> {
    match id {
        4 => Some("Mark my words: he is called Mark. Please mark him as a friend of the house."),
        10 => Some("Signs with 🦊 and answers with 👩‍🚀🎉."),
        18 => {
            Some("O'Brien; DROP TABLE \"persons\"; -- \\ said {braces}\r\nand a second line\twith a tab, C:\\temp\\new")
        }
        _ => None,
    }
}
