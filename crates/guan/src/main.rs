//! The executable: hands the machine's arguments, environment, clocks and terminal to the program.

use std::process::ExitCode;

fn main() -> ExitCode {
    let mut shell = guan::Shell::of_this_machine();
    guan::run(std::env::args_os(), &mut shell).into()
}
