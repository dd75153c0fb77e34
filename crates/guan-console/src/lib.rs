//! The web console as it was built into `console/dist`, inside the executable.
//!
//! **Promises**
//! - It knows no request and decides nothing: it maps a path to bytes.
//! - Building it needs no Node: the built files are committed, and CI builds them anew and compares.
//! - Every file but the page is kept compressed; its name holds a digest of its content, so it never changes.

use std::borrow::Cow;

use rust_embed::RustEmbed;

/// Where the files with digests in their names are.
pub const ASSETS: &str = "assets/";

/// What the build leaves in the page, to be replaced by the nonce of an answer.
const NONCE: &str = "nonce-of-this-answer";

#[derive(RustEmbed)]
#[folder = "../../console/dist"]
struct Built;

/// A file of the console, compressed with gzip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// The compressed bytes.
    pub gzip: Cow<'static, [u8]>,
    /// What it is, for `Content-Type`.
    pub kind: &'static str,
}

/// The file at `path`, without a slash before it; none when the build made none of that name.
pub fn file(path: &str) -> Option<File> {
    let kind = kind(path)?;
    let built = Built::get(&format!("{path}.gz"))?;
    Some(File { gzip: built.data, kind })
}

/// The page that loads everything else, for every address of the console.
///
/// The nonce is the one that the answer's content security policy names; a new one for each answer.
pub fn page(nonce: &str) -> String {
    let page = Built::get("index.html").map(|file| file.data).unwrap_or_default();
    String::from_utf8_lossy(&page).replace(NONCE, nonce)
}

fn kind(path: &str) -> Option<&'static str> {
    Some(match path.rsplit_once('.')?.1 {
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "md" => "text/plain; charset=utf-8",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{ASSETS, Built, NONCE, file, page};

    #[test]
    fn the_page_names_only_files_that_are_there_and_takes_a_nonce() {
        let text = page("n1");
        assert!(text.contains("nonce=\"n1\""));
        assert!(!text.contains(NONCE));
        let named = text.split('"').filter(|part| part.starts_with("/assets/"));
        let named: Vec<_> = named.collect();
        assert!(!named.is_empty());
        for path in named {
            assert!(file(path.trim_start_matches('/')).is_some(), "{path}");
        }
        assert!(!text.contains("http://") && !text.contains("https://"), "{text}");
    }

    #[test]
    fn every_built_file_is_served_compressed_and_has_a_type() {
        for path in Built::iter().filter(|path| path != "index.html") {
            let plain = path.strip_suffix(".gz");
            assert!(plain.and_then(file).is_some(), "{path}");
            let is_digested = path.starts_with(ASSETS) || path == "licences.md.gz";
            assert!(is_digested, "{path}");
        }
    }

    #[test]
    fn no_other_file_is_found() {
        for path in ["", "index.html", "../Cargo.toml", "assets/", "assets/none.js", "etc/passwd"] {
            assert_eq!(file(path), None, "{path}");
        }
    }
}
