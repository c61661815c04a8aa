//! A private S3-compatible store for tests: it checks signatures, pages its listings, keeps versions, and what it holds is in
//! memory.

use std::net::SocketAddr;

use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use s3s::S3;
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::shelf::{Shelf, Shelves};

const KEY: &str = "AKTESTS";
/// It has characters that an address must escape.
const SECRET: &str = "sesame/+open@7";
const SECRET_IN_ADDRESS: &str = "sesame%2F%2Bopen%407";

/// A running store on this machine. Dropping it stops it.
pub struct S3Server {
    shelves: Shelves,
    address: SocketAddr,
    accepts: JoinHandle<()>,
}

impl S3Server {
    /// The only name and secret it accepts.
    pub const CREDENTIALS: (&str, &str) = (KEY, SECRET);

    /// Starts a store without buckets, on the runtime of the caller.
    pub async fn start() -> S3Server {
        let shelves = Shelves::default();
        S3Server::on(shelves.clone(), shelves).await
    }

    /// Serves a store of somebody else's making, without anything of what follows but [`S3Server::url`].
    pub async fn serve(store: impl S3) -> S3Server {
        S3Server::on(store, Shelves::default()).await
    }

    async fn on(store: impl S3, shelves: Shelves) -> S3Server {
        let mut service = S3ServiceBuilder::new(store);
        service.set_auth(SimpleAuth::from_single(KEY, SECRET));
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        S3Server { shelves, address, accepts: tokio::spawn(accept(listener, service.build())) }
    }

    /// Makes a bucket, with versions or without.
    pub fn make_bucket(&self, name: &str, versioned: bool) {
        self.shelves.lock().insert(name.to_owned(), Shelf { versioned, ..Shelf::default() });
    }

    /// The address of a bucket, or of a prefix in it (`bucket/prefix`), with credentials.
    pub fn url(&self, place: &str) -> String {
        format!("s3://{KEY}:{SECRET_IN_ADDRESS}@{place}?endpoint={}", self.endpoint())
    }

    /// The store's own address.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Puts an object, as somebody else would.
    pub fn put(&self, bucket: &str, key: &str, content: &str) {
        self.shelf(bucket, |shelf| shelf.put(key, Some(content.into())));
    }

    /// Whether there is an object of that key.
    pub fn has(&self, bucket: &str, key: &str) -> bool {
        self.shelf(bucket, |shelf| shelf.latest(key).is_some())
    }

    /// How many versions and marks of deletion are kept of a key.
    pub fn versions(&self, bucket: &str, key: &str) -> usize {
        self.shelf(bucket, |shelf| shelf.keys.get(key).map_or(0, Vec::len))
    }

    /// Refuses nothing any more.
    pub fn allow(&self, bucket: &str) {
        self.shelf(bucket, |shelf| shelf.forbidden.clear());
    }

    /// From now on refuses an operation (`ListObjectVersions`), or an operation on a key (`DeleteObject papers/7`).
    pub fn forbid(&self, bucket: &str, what: &str) {
        self.shelf(bucket, |shelf| {
            shelf.forbidden.insert(what.to_owned());
        });
    }

    fn shelf<T>(&self, bucket: &str, act: impl FnOnce(&mut Shelf) -> T) -> T {
        act(self.shelves.lock().get_mut(bucket).expect("the bucket was made"))
    }
}

impl Drop for S3Server {
    fn drop(&mut self) {
        self.accepts.abort();
    }
}

async fn accept(listener: TcpListener, service: S3Service) {
    while let Ok((socket, _)) = listener.accept().await {
        let connection = http1::Builder::new().serve_connection(TokioIo::new(socket), service.clone());
        // How a connection ends is its client's matter.
        tokio::spawn(async move { drop(connection.await) });
    }
}
