//! Checks of what is said: whether the words of the notice and the declarations agree with each other and with the calendar.

/// The names of all lints, as promises write them in `lint`.
pub const NAMES: [&str; 11] = [
    "references",
    "terms",
    "claims",
    "transfers",
    "populations",
    "contradictions",
    "silence",
    "dates",
    "boundaries",
    "grounds",
    "channels",
];
