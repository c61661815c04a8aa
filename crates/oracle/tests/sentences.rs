//! Every sentence of the language's reference is shown by a vector, and every vector shows one.

mod folder;

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sentence {
    about: String,
    by: Vec<String>,
}

fn sentences() -> BTreeMap<String, BTreeMap<u32, Sentence>> {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("sentences.toml");
    let sections: BTreeMap<String, BTreeMap<String, Sentence>> =
        toml::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    let numbered = |s: BTreeMap<String, Sentence>| s.into_iter().map(|(n, s)| (n.parse().unwrap(), s)).collect();
    sections.into_iter().map(|(name, s)| (name, numbered(s))).collect()
}

#[test]
fn each_sentence_has_a_vector_and_each_vector_a_sentence() {
    let (ready, later) = folder::vectors();
    let ready: BTreeSet<String> = ready.into_iter().map(|v| v.name).collect();
    let later: BTreeSet<String> = later.into_iter().collect();
    let (mut wrong, mut told, mut count) = (Vec::new(), BTreeSet::new(), 0);
    for (section, sentences) in sentences() {
        if !(1..=sentences.len() as u32).eq(sentences.keys().copied()) {
            wrong.push(format!("{section} is not numbered from 1"));
        }
        for (number, sentence) in sentences {
            count += 1;
            let id = format!("{section}.{number} ({})", sentence.about);
            if sentence.by.is_empty() {
                wrong.push(format!("{id} has no vector"));
            }
            wrong.extend(
                sentence
                    .by
                    .iter()
                    .filter(|n| !ready.contains(*n) && !later.contains(*n))
                    .map(|n| format!("{id}: no vector `{n}`")),
            );
            if !sentence.by.iter().any(|n| ready.contains(n)) {
                eprintln!("waits for the planner: {id}");
            }
            told.extend(sentence.by);
        }
    }
    wrong.extend(ready.union(&later).filter(|n| !told.contains(*n)).map(|n| format!("`{n}` shows no sentence")));
    eprintln!("{count} sentences, {} vectors, {} of them later", ready.len() + later.len(), later.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
