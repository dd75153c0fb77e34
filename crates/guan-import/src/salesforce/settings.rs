//! Settings of the organization that bear on sharing.

use super::directory::is_true;
use super::draft::Draft;
use super::layout::{Document, of_kind};
use super::objects::rate_ignored;
use crate::report::Rating;

/// Settings that add paths to records. Switched off they change nothing.
const OPENING: [(&str, &str); 6] = [
    ("enableCommunityUserVisibility", "community users who see one another are not modelled"),
    ("enablePartnerSuperUserAccess", "partner super users get no wider access"),
    ("enablePortalUserCaseSharing", "case access of portal users by contact is not added"),
    ("enablePortalUserVisibility", "portal users who see one another are not modelled"),
    ("enableStandardReportVisibility", "reports that show hidden users are not modelled"),
    ("enableAssetSharing", "assets are shared as their own sharing model says"),
];

/// Takes `Sharing.settings`; the other settings bear no permission on records.
pub(super) fn take(draft: &mut Draft<'_>, documents: &[Document]) {
    for document in of_kind(documents, "SharingSettings") {
        for part in &document.parts {
            let name = part.element.name.as_str();
            let on = is_true(&part.element.text);
            let rating = match name {
                "deferSharingRules" | "deferGroupMembership" if on => {
                    Rating::approximated("deferred calculation: everything is calculated at once")
                }
                "enableSecureGuestAccess" if !on => {
                    Rating::approximated("guests have no access by default all the same")
                }
                "deferSharingRules"
                | "deferGroupMembership"
                | "enableSecureGuestAccess"
                | "enableExternalSharingModel"
                | "enableManualUserRecordSharing"
                | "enableManagerGroups"
                | "enableAccountRoleOptimization"
                | "enableRestrictAccessLookupRecords" => Rating::Exact,
                _ => match OPENING.iter().find(|(known, _)| *known == name) {
                    Some((_, why)) if on => Rating::not_supported(*why),
                    Some(_) => Rating::Exact,
                    None => continue,
                },
            };
            draft.rate(part.site(), "SharingSettings", name, rating);
        }
        let known = |name: &str| {
            name.starts_with("defer")
                || OPENING.iter().any(|(known, _)| *known == name)
                || matches!(
                    name,
                    "enableSecureGuestAccess"
                        | "enableExternalSharingModel"
                        | "enableManualUserRecordSharing"
                        | "enableManagerGroups"
                        | "enableAccountRoleOptimization"
                        | "enableRestrictAccessLookupRecords"
                )
        };
        let rest = document.parts.iter().filter(|part| !known(&part.element.name));
        rate_ignored(draft, rest, "Sharing", "this setting opens no record");
    }
    for document in of_kind(documents, "SecuritySettings") {
        let has_ranges = document.all("networkAccess").next().is_some();
        if has_ranges {
            draft.assume(
                "trusted networks of the organization spare a check at sign-in; they close nothing",
            );
        }
    }
}
