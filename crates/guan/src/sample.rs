//! The sample organization, inside the program, so that the demo needs nothing else.

use guan_import::Files;
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "../../examples/lanhai"]
struct Sample;

/// Its files by path.
pub(crate) fn files() -> Files {
    let file = |path: std::borrow::Cow<'static, str>| {
        Sample::get(&path).map(|file| (path.into_owned(), file.data.into_owned()))
    };
    Sample::iter().filter_map(file).collect()
}

#[cfg(test)]
mod tests {
    use super::files;

    #[test]
    fn the_sample_is_inside_the_program_whole() {
        let files = files();
        assert!(files.len() > 100, "{} files", files.len());
        assert!(files.bytes("rows/Account.csv").is_some());
        assert!(files.bytes("sfdx-project.json").is_some());
    }
}
