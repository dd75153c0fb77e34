//! The executable: reads arguments, calls the crates, prints, exits.
fn main() {}
