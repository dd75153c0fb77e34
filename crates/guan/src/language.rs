//! English and Chinese.

use clap::ValueEnum;

/// A language of the output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Language {
    /// English.
    #[default]
    #[value(name = "en")]
    English,
    /// Chinese 中文.
    #[value(name = "zh")]
    Chinese,
}

impl Language {
    /// The language that a locale such as `zh_CN.UTF-8` asks for.
    pub(crate) fn of_locale(locale: &str) -> Self {
        if locale.to_ascii_lowercase().starts_with("zh") { Self::Chinese } else { Self::English }
    }
    /// The text in this language.
    pub(crate) const fn pick<'t>(self, english: &'t str, chinese: &'t str) -> &'t str {
        match self {
            Self::English => english,
            Self::Chinese => chinese,
        }
    }
}
