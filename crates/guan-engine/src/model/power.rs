//! Guan's own system permissions, and the posts that they belong to.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// What every power's name begins with; other system permissions are the organization's own.
pub(crate) const PREFIX: &str = "guan.";

/// One of the three posts that an organization may keep apart: no user holds powers of two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Post {
    /// Runs the system 系统管理员: users, structure, objects, backups.
    System,
    /// Decides who may do what 安全管理员.
    Security,
    /// Watches both 审计管理员.
    Audit,
}

macro_rules! powers {
    ($($variant:ident $name:literal $post:expr, $meaning:literal;)+) => {
        /// A system permission of Guan itself. In text and in permission sets `guan.manage_users`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub enum Power {
            $(#[doc = $meaning] $variant,)+
        }

        impl Power {
            /// Every power.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The system permission under which permission sets hold it.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => concat!("guan.", $name),)+ }
            }
            /// What it is for.
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning,)+ }
            }
            /// The post that it belongs to; none for a power that every post may hold.
            pub const fn post(self) -> Option<Post> {
                match self { $(Self::$variant => $post,)+ }
            }
        }
    };
}

powers! {
    ManageUsers "manage_users" Some(Post::System), "Create, change and deactivate users.";
    ManageStructure "manage_structure" Some(Post::System), "Trees, nodes, placements and groups.";
    ManageObjects "manage_objects" Some(Post::System), "Objects, fields, masks and custom actions.";
    ManageSets "manage_sets" Some(Post::Security), "Permission sets and groups of sets.";
    ManageAssignments "manage_assignments" Some(Post::Security), "Assignments of sets.";
    ManageSharing "manage_sharing" Some(Post::Security), "Baselines, roll-ups, sharing rules, restrictions and pools.";
    ManageDelegations "manage_delegations" Some(Post::Security), "Who administers what: delegations, and the powers of others.";
    ManageOverlays "manage_overlays" Some(Post::Security), "Open and close overlays.";
    ApproveOverlays "approve_overlays" Some(Post::Security), "Approve overlays that need it.";
    ManageCredentials "manage_credentials" Some(Post::System), "Passwords, sessions and tokens of others.";
    RunImports "run_imports" Some(Post::System), "Imports of policies and records.";
    ManageBackups "manage_backups" Some(Post::System), "Take and read backups.";
    ManageSettings "manage_settings" Some(Post::System), "Settings of the organization.";
    AskAboutOthers "ask_about_others" None, "Check, explain, list, who and what for another subject.";
    ReadLedger "read_ledger" Some(Post::Audit), "Read, verify and export the ledger.";
    ReviewOverlays "review_overlays" Some(Post::Audit), "Review the report of a closed overlay.";
    ManageRecycleBin "manage_recycle_bin" Some(Post::System), "Restore and purge what others deleted.";
}

impl Power {
    /// Whether it can be held for a part of a tree alone.
    pub const fn is_delegable(self) -> bool {
        matches!(
            self,
            Self::ManageUsers
                | Self::ManageStructure
                | Self::ManageAssignments
                | Self::ManageCredentials
                | Self::AskAboutOthers
        )
    }
}
impl fmt::Display for Power {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
impl FromStr for Power {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL
            .iter()
            .find(|power| power.name() == text)
            .copied()
            .ok_or_else(|| format!("`{text}` is not a power; the powers begin with `{PREFIX}`"))
    }
}
impl TryFrom<String> for Power {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}
impl From<Power> for String {
    fn from(power: Power) -> Self {
        power.name().to_owned()
    }
}
