//! Locks, deadlocks, lost connections and closed doors.

use engine::ask::{Failure, Select};

use super::*;

const PAIR: &str = "create table t (id int primary key, s text); insert into t values (1, 'a'), (2, 'b'), (3, 'c')";

fn lock(id: i64) -> Select {
    Select { lock: true, ..select("t", &["id"], by(&["id"], ints(&[id]))) }
}

#[tokio::test]
async fn a_wait_for_a_lock_undoes_everything() {
    let (backend, connector) = made(PAIR).await;
    let mut first = connector.begin().await.unwrap();
    first.answer(&lock(2)).await.unwrap();
    let mut second = connector.begin().await.unwrap();
    second.apply(&delete("t", "id", ints(&[1]))).await.unwrap();
    let Err(Failure::Locked { table, holder }) = second.apply(&delete("t", "id", ints(&[2]))).await else {
        panic!("not locked")
    };
    assert_eq!(table, "t");
    assert!(holder.contains("connection") && holder.contains("user root") && holder.contains("Sleep"), "{holder}");
    // Row 1 is free again although nobody has ended the transaction yet.
    first.apply(&update("t", "id", ints(&[1]), &[("s", "x".into())])).await.unwrap();
    second.apply(&delete("t", "id", ints(&[3]))).await.expect_err("nothing more is done");
    second.commit().await.expect_err("nothing is committed");
    first.commit().await.unwrap();
    assert_eq!(told(&backend, "select group_concat(id, s order by id) from t"), "1x,2b,3c");
}

#[tokio::test]
async fn a_deadlock_undoes_everything() {
    let (backend, connector) = made(PAIR).await;
    let connector = std::sync::Arc::from(connector);
    let both = async |mine: i64, other: i64, connector: std::sync::Arc<dyn Connector>| {
        let mut transaction = connector.begin().await.unwrap();
        transaction.apply(&delete("t", "id", ints(&[mine]))).await.unwrap();
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        let deleted = transaction.apply(&delete("t", "id", ints(&[other]))).await;
        let after = transaction.apply(&update("t", "id", ints(&[3]), &[("s", "x".into())])).await;
        let committed = transaction.commit().await;
        assert_eq!((deleted.is_ok(), after.is_ok()), (committed.is_ok(), committed.is_ok()));
        deleted.err()
    };
    let (one, other) = tokio::join!(both(1, 2, std::sync::Arc::clone(&connector)), both(2, 1, connector));
    let lost: Vec<_> = [one, other].into_iter().flatten().collect();
    assert!(matches!(&lost[..], [Failure::Locked { .. }]), "{lost:?}");
    assert_eq!(told(&backend, "select group_concat(id, s) from t"), "3x");
}

#[tokio::test]
async fn a_locked_table_is_told() {
    let (backend, connector) = made(PAIR).await;
    let options: sqlx::mysql::MySqlConnectOptions = backend.address().parse().unwrap();
    let mut other = sqlx::ConnectOptions::connect(&options).await.unwrap();
    sqlx::Executor::execute(&mut other, sqlx::raw_sql("lock tables t write")).await.unwrap();
    let refused = change(&*connector, delete("t", "id", ints(&[1]))).await.unwrap_err();
    let Failure::Locked { table, holder } = refused else { panic!("{refused:?}") };
    assert!(table == "t" && holder.contains("whole table"), "{holder}");
}

#[tokio::test]
async fn a_snapshot_holds() {
    let (backend, connector) = made(PAIR).await;
    let asked = || select("t", &["id"], by(&["id"], ints(&[1, 2, 3, 4])));
    let mut session = connector.read().await.unwrap();
    backend.sql("insert into t values (4, 'd')").await;
    assert_eq!(session.answer(&asked()).await.unwrap().len(), 3);
    session.close().await.unwrap();
    assert_eq!(read(&*connector, asked()).await.len(), 4);
}

#[tokio::test]
async fn a_server_that_dies_leaves_the_outcome_open() {
    let server = MariaServer::start();
    let url = server.create_database("d");
    server.sql("d", PAIR);
    let connector = open(&url);
    let mut transaction = connector.begin().await.unwrap();
    assert_eq!(transaction.id().await.unwrap(), None);
    transaction.apply(&delete("t", "id", ints(&[1]))).await.unwrap();
    let process = std::fs::read_to_string(server.folder().join("pid")).unwrap();
    assert!(std::process::Command::new("kill").args(["-9", process.trim()]).status().unwrap().success());
    let lost = transaction.commit().await.unwrap_err();
    assert!(matches!(lost, Failure::Unreachable { .. }), "{lost:?}");
    assert_eq!(connector.resolve("1").await.unwrap(), connect::Outcome::Unknown);
    assert!(matches!(connector.read().await.err(), Some(Failure::Unreachable { .. })));
}

#[tokio::test]
async fn who_does_not_get_in_is_told_why() {
    let (backend, _) = made(PAIR).await;
    let (server, name) = (MariaServer::shared(), database(&backend));
    server.sql(name, &format!("create user guarded identified by 'right'; grant select on \"{name}\".t to guarded; create table shut (id int primary key)"));
    let connector = open(&server.url_as("guarded", "right", name));
    assert_eq!(read(&*connector, select("t", &["id"], by(&["id"], ints(&[1])))).await.len(), 1);
    let refused = change(&*connector, delete("t", "id", ints(&[1]))).await.unwrap_err();
    assert!(matches!(&refused, Failure::Forbidden { object, .. } if object == "table t"), "{refused:?}");
    let wrong = open(&server.url_as("guarded", "wrongsecret", name)).read().await.err().unwrap();
    assert!(matches!(wrong, Failure::Denied { .. }) && !wrong.to_string().contains("wrongsecret"), "{wrong}");
    let missing = open(&server.url("nowhere")).read().await.err().unwrap();
    assert!(matches!(&missing, Failure::Missing { object } if object.contains("nowhere")), "{missing}");
    let socket = open("mysql://root@localhost/x?socket=/nowhere").read().await.err().unwrap();
    assert!(matches!(&socket, Failure::Unreachable { detail } if detail.contains("/nowhere")), "{socket}");
    let port = open("mysql://root:topsecret@127.0.0.1:1/x").read().await.err().unwrap();
    assert!(
        matches!(&port, Failure::Unreachable { detail } if detail.contains("127.0.0.1:1: connection refused")),
        "{port}"
    );
    for url in ["host=x password=topsecret", "mysql://root:topsecret@localhost"] {
        let unusable = connect::open(SystemKind::Mysql, url, None, QUICK).err().unwrap();
        assert!(!unusable.to_string().contains("topsecret"), "{unusable}");
    }
}

#[tokio::test]
async fn dead_connections_are_left_behind() {
    let (backend, connector) = made(PAIR).await;
    connector.read().await.unwrap().close().await.unwrap();
    let all = "select group_concat('kill ', id separator ';') from information_schema.processlist where db = database() and id <> connection_id()";
    let kill = told(&backend, all);
    assert_eq!(kill.matches("kill").count(), 1);
    told(&backend, &kill);
    connector.read().await.unwrap().close().await.unwrap();
}

#[tokio::test]
async fn words_of_triggers_are_not_shown() {
    let (_backend, connector) = made(&format!(
        "{PAIR}; create trigger no before delete on t for each row signal sqlstate '45000' set message_text = 'ann@secret.example'"
    ))
    .await;
    let failure = change(&*connector, delete("t", "id", ints(&[1]))).await.unwrap_err();
    assert_eq!(failure, Failure::Constraint { table: "t".into(), constraint: "of a trigger".into() });
}
