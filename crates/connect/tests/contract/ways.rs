//! How a question would be answered: by an index, or by a pass over the table that the printed statements mend.

use engine::ask::{By, Way};
use engine::value::Value;

use crate::backend::*;

async fn way(backend: &Backend, by: By) -> Way {
    let mut session = backend.open().read().await.unwrap();
    let way = session.explain(&select("w", &["id", "email"], by)).await.unwrap();
    session.close().await.unwrap();
    way
}

async fn the_printed_statements_make_what_serves(backend: Backend) {
    let row = |n: u32| format!("({n}, {}, 'code-{n}', 'u{n}@x.no', '+47 400 {n:05}')", n % 700);
    let rows: Vec<String> = (0..3000).map(row).collect();
    let columns = "id bigint primary key, org bigint, code text, email varchar(100), phone varchar(40)";
    backend.sql(&format!("create table w ({columns})")).await;
    for some in rows.chunks(1_000) {
        backend.sql(&format!("insert into w values {}", some.join(", "))).await;
    }
    let folded = By::Folded { column: "email".into(), values: vec!["u7@x.no".into()] };
    let phone = By::Phone { column: "phone".into(), values: vec!["+4740000007".into()] };
    assert_eq!(way(&backend, by(&["id"], ints(&[7]))).await, Way::Index);
    for (asked, mended) in [
        (by(&["org"], ints(&[7])), true),
        (by(&["code"], one([Value::text("code-7")])), true),
        (by(&["org", "code"], vec![vec![Value::Int(7), Value::text("code-8")]]), true),
        (folded, true),
        (phone, !backend.is_mariadb()),
        (By::Containing { column: "code".into(), needles: vec!["ode-7".into()] }, false),
    ] {
        let indexes = match way(&backend, asked.clone()).await {
            Way::Scan { indexes } => indexes,
            // By an index that an earlier question needed.
            other => {
                assert!(other == Way::Index && matches!(&asked, By::Values { columns, .. } if columns.len() == 2));
                continue;
            }
        };
        assert_eq!(indexes.is_empty(), !mended, "{asked:?}");
        for statement in &indexes {
            backend.sql(statement).await;
        }
        assert_eq!(way(&backend, asked).await, if mended { Way::Index } else { Way::Scan { indexes } });
    }
}

crate::contract!(the_printed_statements_make_what_serves);
