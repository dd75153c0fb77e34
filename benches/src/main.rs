//! The benchmarks: `cargo run --release --manifest-path benches/Cargo.toml -- [S|M|L] [--smoke]`
//! builds a world, compares answers, measures every operation and prints one table.

mod agreement;
#[cfg(feature = "peer")]
mod cedar;
mod load;
mod measure;
mod random;
mod scale;
mod table;
mod timing;
mod world;

use measure::Bench;
use std::process::ExitCode;
use table::Table;
use world::World;

fn main() -> ExitCode {
    let mut chosen = scale::S;
    for argument in std::env::args().skip(1) {
        chosen = match argument.as_str() {
            "S" | "s" => scale::S,
            "M" | "m" => scale::M,
            "L" | "l" => scale::L,
            "--smoke" => scale::SMOKE,
            other => {
                eprintln!("`{other}` is no world; write S, M, L or --smoke");
                return ExitCode::from(2);
            }
        };
    }
    match run(chosen) {
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
