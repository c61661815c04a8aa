//! Opening the store.

use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use proof::key::Signer;
use tokio::sync::Mutex;

use crate::error::StoreError;
use crate::keys::StoreKeys;
use crate::ledger::Folder;
use crate::master::Master;
use crate::tx::Tx;
use crate::{db, entropy, files};

/// How to open a store.
#[derive(Debug, Clone)]
pub struct Options {
    /// The present time; a store that is new gets it as its keys' date of birth.
    pub now: Timestamp,
    /// Where the master key lies; `master.key` in the store's folder when absent.
    pub master_key: Option<PathBuf>,
    /// Name of the ledger and its key, such as `acme.example/ledger`. Fixed on first use; invented then when absent.
    pub origin: Option<String>,
    /// How long to wait for another process that holds the database's lock.
    pub patience: Duration,
    /// How long a sequencer that died keeps others waiting. One that is merely slower does no harm.
    pub sequencer_lease: SignedDuration,
}

impl Options {
    /// The usual choices.
    pub fn new(now: Timestamp) -> Self {
        let (patience, sequencer_lease) = (Duration::from_secs(5), SignedDuration::from_secs(2));
        Self { now, master_key: None, origin: None, patience, sequencer_lease }
    }
}

/// An open store. One for each process is enough: it may be shared by all tasks.
pub struct Store {
    pub(crate) db: db::Pool,
    pub(crate) folder: PathBuf,
    pub(crate) ledger: Folder,
    pub(crate) master: Master,
    pub(crate) keys: StoreKeys,
    pub(crate) sequencer: String,
    pub(crate) sequencer_lease: SignedDuration,
    /// Writers of this process queue here, in order, instead of polling the database's lock.
    pub(crate) turn: Mutex<()>,
}

impl Store {
    /// Opens the store in `folder`, and makes it on first use.
    ///
    /// # Errors
    /// When the master key is missing or another one, the schema is newer than this program, or a file cannot be used.
    pub async fn open(folder: &Path, options: Options) -> Result<Self, StoreError> {
        files::private_folder(folder)?;
        let path = folder.join("upheld.db");
        // In this order: the key exists before the database does, so a database without a key is one that lost it.
        let exists = path.try_exists().map_err(|e| StoreError::io(&path, e))?;
        let master = Master::load(options.master_key.unwrap_or_else(|| folder.join("master.key")), exists)?;
        files::create_empty(&path)?;
        let db = db::open(&path, options.patience).await?;
        let keys = StoreKeys::load(&db, &master, options.origin.as_deref(), options.now).await?;
        let ledger = Folder::open(folder.join("ledger"), &keys.signer.verifier())?;
        Ok(Self {
            db,
            folder: folder.to_owned(),
            ledger,
            master,
            keys,
            sequencer: entropy::id("sequencer")?,
            sequencer_lease: options.sequencer_lease,
            turn: Mutex::new(()),
        })
    }

    /// Begins a change. Other writers wait until it is committed or dropped, so do nothing slow in between, and never
    /// begin a second one in the same task.
    ///
    /// # Errors
    /// When another process keeps the lock for too long.
    pub async fn begin(&self) -> Result<Tx<'_>, StoreError> {
        Tx::begin(self).await
    }

    /// The public key of the ledger, as those who verify need it. It also lies in `ledger/key.pub`.
    pub fn vkey(&self) -> String {
        self.keys.signer.verifier().to_string()
    }

    /// The key that signs certificates and checkpoints.
    pub fn signer(&self) -> &Signer {
        &self.keys.signer
    }

    /// The folder that this store lies in.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The folder of the ledger's public files.
    pub fn ledger_folder(&self) -> &Path {
        self.ledger.path()
    }

    /// The file of the master key, if this call of [`open`](Store::open) made it: tell the operator to move it and keep
    /// a copy.
    pub fn fresh_master_key(&self) -> Option<&Path> {
        self.master.fresh.then_some(self.master.path.as_path())
    }

    /// Closes all connections. A store that is dropped instead loses nothing that was committed.
    pub async fn close(self) {
        self.db.close().await;
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("folder", &self.folder).finish_non_exhaustive()
    }
}
