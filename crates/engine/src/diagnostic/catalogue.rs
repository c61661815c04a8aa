//! The manual page of each code.
