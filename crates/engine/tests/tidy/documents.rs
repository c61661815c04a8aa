//! Documents name only what exists.

use std::os::unix::fs::PermissionsExt;

use crate::{files, none, read, root};

const DOCUMENTS: [&str; 3] = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"];

/// Text between single backticks, outside of code blocks.
fn quoted(text: &str) -> Vec<String> {
    let prose = text.split("```").step_by(2);
    prose.flat_map(|p| p.split('`').skip(1).step_by(2).map(str::to_owned)).collect()
}

/// Lines of code blocks.
fn commands(text: &str) -> Vec<String> {
    text.split("```").skip(1).step_by(2).flat_map(|block| block.lines().skip(1).map(str::to_owned)).collect()
}

#[test]
fn paths_in_the_architecture_exist() {
    let is_pattern = |name: &String| name.contains(['<', '*', '{', ' ', '(']);
    let names = quoted(&read("ARCHITECTURE.md")).into_iter().filter(|n| n.contains('/') && !is_pattern(n));
    let found: Vec<String> = names.filter(|name| !root().join(name).exists()).collect();
    none("ARCHITECTURE.md names paths that exist", found);
}

#[test]
fn links_between_documents_lead_somewhere() {
    let mut documents: Vec<String> = DOCUMENTS.iter().map(|d| d.to_string()).collect();
    documents.extend(files("docs").into_iter().map(|f| f.path).filter(|p| p.ends_with(".md")));
    let mut found = Vec::new();
    for document in documents {
        let text = read(&document);
        let folder = root().join(&document).parent().expect("a file lies in a folder").to_owned();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = link.split('#').next().unwrap_or_default();
            if !file.is_empty() && !file.contains("://") && !folder.join(file).exists() {
                found.push(format!("{document}: {link}"));
            }
        }
    }
    none("links lead to files that exist", found);
}

#[test]
fn programs_that_documents_start_can_be_started() {
    let mut found = Vec::new();
    for document in DOCUMENTS {
        for line in commands(&read(document)) {
            let Some(program) = line.split(' ').find(|word| word.starts_with("./")) else { continue };
            let runs =
                root().join(program).metadata().is_ok_and(|m| m.is_file() && m.permissions().mode() & 0o111 != 0);
            if !runs {
                found.push(format!("{document}: {program}"));
            }
        }
    }
    none("a command of a document can be typed as it stands", found);
}

#[test]
fn the_two_commands_are_in_the_readme() {
    let commands = commands(&read("README.md"));
    for command in ["./demo", "./test"] {
        assert!(commands.iter().any(|line| line.split(' ').next() == Some(command)), "README.md shows {command}");
    }
}
