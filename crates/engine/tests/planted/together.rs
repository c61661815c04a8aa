//! All mistakes at once.
