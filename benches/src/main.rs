//! The benchmarks: `cargo run --release --manifest-path benches/Cargo.toml -- [S|M|L] [--smoke]`
//! builds a world, compares answers, measures every operation and prints one table;
//! `-- http [S|M|L] [--sqlite|--postgres] [--smoke]` does so with the server over HTTP;
//! `-- switch [S|M|L] [--smoke]` does so with overlays in force, windows, previews and undo.

mod agreement;
#[cfg(feature = "peer")]
mod cedar;
mod clock;
mod house;
#[cfg(feature = "http")]
mod http;
mod load;
mod measure;
mod random;
mod scale;
#[cfg(any(feature = "peer", feature = "http"))]
#[cfg_attr(
    not(feature = "peer"),
    expect(dead_code, reason = "the peer of the engine alone asks for all of it")
)]
mod society;
mod switch;
mod table;
mod timing;
mod world;

use measure::Bench;
use std::process::ExitCode;
use table::Table;
use world::World;

/// The one of the executable.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1).peekable();
    #[cfg(feature = "http")]
    if arguments.next_if(|first| first == "http").is_some() {
        return ended(http::Wanted::read(arguments).and_then(http::run));
    }
    let done = if arguments.next_if(|first| first == "switch").is_some() {
        switch::Wanted::read(arguments).and_then(switch::run)
    } else {
        let mut named = arguments.map(|name| scale::named(&name));
        named.next().unwrap_or(Ok(scale::S)).and_then(run)
    };
    ended(done)
}

fn ended(done: Result<(), String>) -> ExitCode {
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}

fn run(chosen: scale::Scale) -> Result<(), String> {
    let tiny = World::of(scale::T);
    let compared = agreement::with_reference(&Bench::of(&tiny)?)?;
    eprintln!("{compared} answers equal the reference's on world T");
    let world = World::of(chosen);
    let bench = Bench::of(&world)?;
    let own = agreement::with_itself(&bench)?;
    eprintln!("{own} answers of list, count, who and check agree on world {}", chosen.name);
    let mut table = Table::default();
    measure::all(bench, &mut table)?;
    drop(world);
    #[cfg(feature = "peer")]
    cedar::beside(chosen, &mut table)?;
    println!(
        "World {}; {compared} answers equal the reference's, {own} agree with each other.\n",
        chosen.name
    );
    table.print();
    Ok(())
}
