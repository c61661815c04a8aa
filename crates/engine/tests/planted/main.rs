//! Every mistake of the language, planted and found: one by one in the manual's pages, and all at once in one folder.

mod compact;
mod known;
mod notice;
mod observed;
mod pages;
mod reference;
mod schemas;
mod size;
mod together;
