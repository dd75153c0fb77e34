# Daily recipes, the same steps that CI runs. Each can be typed by hand.

# List the recipes.
default:
    @just --list

# Tell the whole story on the sample organization.
demo:
    cargo run --release -- demo

# Run a command of guan, for instance `just run check --help`.
run *arguments:
    cargo run --release --quiet -- {{arguments}}

# All tests.
test:
    cargo test --workspace

# One crate: format, lints, tests.
crate name:
    cargo fmt -p {{name}}
    cargo clippy -p {{name}} --all-targets -- -D warnings
    cargo test -p {{name}}

# Format everything.
fmt:
    cargo fmt --all
    cargo fmt --manifest-path fuzz/Cargo.toml

# Lints, warnings as errors.
lint:
    .ci/run format lints

# The documents of the crates.
doc:
    .ci/run docs

# The rules of the repository: walls, files, documents, licences.
tidy:
    cargo test -p guan --test tidy

# What the off switch survives: every failure, its tests and what they came to.
survive:
    .ci/run survival

# Write anew what is generated: the sample organization and the grids of the cases.
generate:
    cargo run -p guan-testkit --example write-sample
    GUAN_BLESS=1 cargo test -p guan-testkit --test it cases

# The web console: types, lints, tests, build, weight, journeys in a browser.
console:
    .ci/run console

# Each fuzz target for so many seconds.
fuzz seconds="60":
    GUAN_FUZZ_S={{seconds}} .ci/run fuzz

# The benchmarks on the world S, M or L.
bench world="S":
    cargo run --release --manifest-path benches/Cargo.toml -- {{world}}

# The benchmarks of the server over HTTP, on both databases.
bench-http world="M":
    cargo run --release --manifest-path benches/Cargo.toml -- http {{world}}

# The benchmarks of the off switch: decisions under overlays, previews, recording, writes in a window, undo.
bench-switch world="S":
    cargo run --release --manifest-path benches/Cargo.toml -- switch {{world}}

# Everything that CI checks.
ci:
    .ci/run
