//! Every command of Guan: reads arguments, calls the other crates, prints, and says how it ended.
//!
//! # Invariants
//!
//! * [`Printer`] is the only door to the terminal, [`Clock`] the only one to the machine's clocks,
//!   and `arguments` the only one to the environment. All three arrive as values, so that a test
//!   calls [`run`] as a person calls the program. A shipped program has no flag that moves a clock.
//! * What only a window allows is recorded durably before it is printed.
//! * Only `serving` starts an async runtime; every other command runs on the thread that called it.
//! * No command decides anything: decisions come from the engine, writes go through the store.

mod arguments;
mod clock;
mod command;
mod exit;
mod installation;
mod instant;
mod language;
mod names;
mod nearest;
mod printer;
mod resolve;
mod sample;
mod serving;
mod shell;
mod starter;
mod table;
mod words;

pub use arguments::definition;
pub use clock::Clock;
pub use exit::Exit;
pub use printer::{Captured, Printer};
pub use shell::{Shell, run};
