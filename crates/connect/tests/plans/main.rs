//! What the planner does with small maps and rows, in memory: each file of vectors here, judged by what it says comes out.

#[path = "../oracle/memory.rs"]
mod memory;
mod trial;

#[tokio::test]
async fn every_vector_comes_out_as_written() {
    let mut wrong = Vec::new();
    for vector in trial::vectors() {
        let found = trial::outcome(&vector).await;
        if found != vector.gives {
            let (expected, found) = (vector.gives.join("\n    "), found.join("\n    "));
            wrong.push(format!("{}\n  expected\n    {expected}\n  found\n    {found}", vector.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
