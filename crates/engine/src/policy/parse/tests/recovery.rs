//! No finding hides another, and no text makes the parser fall over.

use super::{FOLDER, parse, places, source};

#[test]
fn two_mistakes_in_one_table_and_one_in_another_file() {
    let desk = "[system]\nkind = \"sqlite\"\n[table.t]\ntenant = 5\nlinks = [{ role = \"onwer\", column = \"a\", to = \"b\" }]\n";
    let folder = source(&[("policy.toml", "[company]\nnam = \"x\"\n"), ("systems/desk.toml", desk)]);
    let (_, findings) = parse(&folder);
    assert_eq!(
        places(&folder, &findings),
        [("U0006", 1, 1), ("U0003", 2, 1), ("U0004", 4, 10), ("U0005", 5, 19), ("U0010", 5, 47)]
    );
}

#[test]
fn syntax_errors_hide_nothing_else() {
    let desk = "[system]\nkind = sqlite\n[table.t]\nlinks = [\n  { role = \"part\"\n[table.u]\ntenant = 5\nfoo bar\nkey = 1\n[table.v]\nkeys = 1\n";
    let folder = source(&[("policy.toml", "[company\nname = \"x\"\n"), ("systems/desk.toml", desk)]);
    let (written, findings) = parse(&folder);
    assert_eq!(
        places(&folder, &findings),
        [
            ("U0001", 1, 9),
            ("U0001", 2, 8),
            ("U0001", 5, 18),
            ("U0004", 7, 10),
            ("U0001", 8, 5),
            ("U0004", 9, 7),
            ("U0003", 11, 1)
        ]
    );
    assert!(written.systems[0].broken);
    assert_eq!(written.systems[0].tables.len(), 3);
}

/// Cuts, doublings and swaps of the sample: whatever comes out, every place lies within its file.
#[test]
fn mutations_of_the_sample_never_panic() {
    let mut state = 1_u64;
    let mut next = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below.max(1)
    };
    const SCRAPS: &[&str] = &[
        "[", "]", "{", "}", "\"", "'''", "\"\"\"", "=", ".", ",", "\n", "[[", "é", "\u{feff}", "\\", "#", "0x", "1e9",
        "@", ":",
    ];
    for round in 0..1_500 {
        let (path, text) = FOLDER[round % FOLDER.len()];
        let mut text = text.to_owned();
        for _ in 0..=next(4) {
            let at = text.floor_char_boundary(next(text.len()));
            let end = text.floor_char_boundary((at + next(20)).min(text.len()));
            match next(3) {
                0 => text.replace_range(at..end, ""),
                1 => text.insert_str(at, SCRAPS[next(SCRAPS.len())]),
                _ => text.replace_range(at..end, SCRAPS[next(SCRAPS.len())]),
            }
        }
        let folder = source(&[(path, &text)]);
        let (_, findings) = parse(&folder);
        for label in findings.iter().flat_map(|f| &f.labels) {
            assert!(label.span.start <= label.span.end && label.span.end as usize <= text.len());
            folder.line_column(label.span);
        }
    }
}

#[test]
fn every_prefix_of_the_sample_is_read() {
    let (path, text) = FOLDER.iter().find(|(path, _)| *path == "systems/desk.toml").copied().unwrap_or_default();
    for end in (0..text.len()).step_by(7) {
        parse(&source(&[(path, &text[..end])]));
    }
}
