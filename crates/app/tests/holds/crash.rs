//! Killed in the middle of a rest that is due, the program ends where it would have ended undisturbed.

use std::os::unix::process::ExitStatusExt as _;
use std::process::Command;

use serde_json::Value;

use crate::desk::{ANN, Desk, day};
use crate::kill;
use crate::support::later;

/// A desk from which Ann was erased, but for what a law keeps for a month.
fn erased(desk: Desk) -> Desk {
    desk.with_law(&day(30));
    desk.erase(&["--email", ANN]);
    desk
}

/// `resume --due` after that month, with the library that kills.
fn due(desk: &Desk) -> Command {
    let mut command = desk.company.command_later(31);
    let libraries = format!("{}:{}", kill::library().display(), later::library().display());
    let out = desk.company.path("");
    command.env("LD_PRELOAD", libraries).args(["--json", "resume", desk.company.folder(), "--due", "--out", &out]);
    command
}

#[test]
fn a_rest_that_was_cut_short_is_finished() {
    for (make, wanted) in [(Desk::sqlite as fn() -> Desk, 14), (Desk::postgres, 8)] {
        let desk = erased(make());
        let log = desk.company.dir().join("calls");
        let done = crate::support::output(due(&desk).env("CRASH_LOG", &log));
        assert_eq!(done.code, 0, "{done:?}");
        let expected = desk.company.dump();
        assert_eq!((desk.ids("users"), desk.ids("files")), (vec!["2".to_owned()], vec!["29".to_owned()]));
        let mut killed = 0;
        for point in kill::around_commits(&kill::calls(&log), wanted) {
            let desk = erased(make());
            let ended = due(&desk).env("CRASH_AT", point.to_string()).output().expect("run the program");
            killed += usize::from(ended.status.signal() == Some(9));
            let told = desk.due(31);
            let open: Vec<&Value> = told.iter().filter(|t| t["state"] != "complete").collect();
            assert!(open.is_empty(), "point {point}: {open:?}");
            assert!(desk.company.dump() == expected, "point {point}: other rows than undisturbed");
            told.iter().for_each(|t| desk.verified(&crate::desk::certificate(t)));
            assert_eq!(desk.due(32), Vec::<Value>::new(), "point {point}: nothing is left");
        }
        assert!(killed >= wanted / 2, "killed at {killed} points only");
    }
}
