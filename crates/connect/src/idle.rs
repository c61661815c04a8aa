//! Connections that wait for their next session, with their prepared statements.

use std::sync::Mutex;

/// A stack of open connections. Reuse is by the next session's first statement: if that fails, the connection had died.
pub(crate) struct Idle<C>(Mutex<Vec<C>>);

/// More than this many are closed rather than kept.
const KEPT: usize = 4;

impl<C> Idle<C> {
    pub fn new() -> Self {
        Idle(Mutex::new(Vec::new()))
    }

    pub fn take(&self) -> Option<C> {
        self.0.lock().unwrap_or_else(|e| e.into_inner()).pop()
    }

    pub fn put(&self, connection: C) {
        let mut kept = self.0.lock().unwrap_or_else(|e| e.into_inner());
        if kept.len() < KEPT {
            kept.push(connection);
        }
    }
}
