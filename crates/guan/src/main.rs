//! The executable: hands the machine's arguments, environment, clocks and terminal to the program.

use std::process::ExitCode;

/// Records are read on one thread and let go on another, which the system's allocator pays for with its locks.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // Customer data and backups are nobody else's business: what is made is for this account alone.
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
    let mut shell = guan::Shell::of_this_machine();
    guan::run(std::env::args_os(), &mut shell).into()
}
