//! Guan's own system permissions: what a caller needs to administer, by the names under which permission sets hold them.

macro_rules! powers {
    ($($variant:ident $name:literal $meaning:literal,)+) => {
        /// A system permission of Guan itself.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Power {
            $(#[doc = $meaning] $variant,)+
        }

        impl Power {
            /// Every power.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The system permission: `guan.manage_users`.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => concat!("guan.", $name),)+ }
            }
        }
    };
}

powers! {
    ManageUsers "manage_users" "Create, change and deactivate users.",
    ManageStructure "manage_structure" "Trees, nodes and placements.",
    ManageObjects "manage_objects" "Objects, fields and masks.",
    ManageSets "manage_sets" "Permission sets and groups of sets.",
    ManageAssignments "manage_assignments" "Assignments of sets.",
    ManageSharing "manage_sharing" "Baselines, sharing rules, restrictions and pools.",
    ManageDelegations "manage_delegations" "Who administers which subtree.",
    ManageOverlays "manage_overlays" "Open and close overlays.",
    ApproveOverlays "approve_overlays" "Approve overlays that need it.",
    ManageCredentials "manage_credentials" "Passwords, sessions and tokens of others.",
    RunImports "run_imports" "Imports of policies and records.",
    ManageBackups "manage_backups" "Take and read backups.",
    ManageSettings "manage_settings" "Settings of the organization.",
    AskAboutOthers "ask_about_others" "Check, explain, list, who and what for another subject.",
    ReadLedger "read_ledger" "Read, verify and export the ledger.",
    ReviewOverlays "review_overlays" "Review the report of a closed overlay.",
    ManageRecycleBin "manage_recycle_bin" "Restore and purge what others deleted.",
}
