//! How far something is that is kept: enums with their names in the database.

/// An enum of states with a meaning each, its name in the database and the way back from the name.
macro_rules! states {
    (#[doc = $about:literal] $of:ident; $($variant:ident $name:literal $meaning:literal,)+) => {
        #[doc = $about]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, ::serde::Serialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $of {
            $(#[doc = $meaning] $variant,)+
        }

        impl $of {
            /// The name in the database.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            fn parse(text: &str) -> Option<Self> {
                match text {
                    $($name => Some(Self::$variant),)+
                    _ => None,
                }
            }
        }
    };
}

pub(crate) use states;
