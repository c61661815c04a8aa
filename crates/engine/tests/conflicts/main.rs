//! Where notices differ from each other (a), contradict themselves (b), leave numbers open (c) and are silent (d): each row
//! of that study has a test that bears its number, and the setting or the finding that decides it.

mod a;
mod b;
mod c;
mod d;
mod decisions;
mod examples;
mod folder;
mod requests;
