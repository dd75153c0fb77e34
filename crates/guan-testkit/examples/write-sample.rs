//! Writes the sample organization to `examples/lanhai`, in the place of what is there.

use std::path::Path;
use std::{fs, io};

use guan_testkit::sample;

fn main() -> io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/lanhai");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    for (path, bytes) in sample::generate(sample::SEED) {
        let file = folder.join(path);
        if let Some(parent) = file.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(file, bytes)?;
    }
    Ok(())
}
