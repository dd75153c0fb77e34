//! Profiles, permission sets, the group of sets with its muting set, custom permissions.

use super::bundles::{Bundle, Fields, PROFILES, SETS};
use super::xml::Element;
use super::{Files, objects, people};

/// The set that works only after its session was activated.
const SESSION_SET: &str = "Contract_Approver";

/// The group of sets that all sales people get, and the muting set inside it.
pub(super) const SALES_KIT: &str = "Sales_Kit";
const SALES_KIT_MUTE: &str = "Sales_Kit_No_Export";

/// Name, label and activation of each permission set, in the order that fixes their ids.
pub(super) fn sets() -> impl Iterator<Item = (&'static str, &'static str, bool)> {
    SETS.iter().map(|set| (set.name, set.label, set.name == SESSION_SET))
}

/// Id of a permission set; empty when there is none of that name.
pub(super) fn set_id(name: &str) -> String {
    people::numbered("0PS", SETS.iter().position(|set| set.name == name))
}

/// Writes profiles, sets, the group, the muting set and the custom permissions.
pub(super) fn write(files: &mut Files) {
    for profile in PROFILES {
        let path = format!("profiles/{}.profile", profile.name);
        files.metadata(&path, &profile_file(profile));
    }
    for set in SETS {
        let path = format!("permissionsets/{}.permissionset", set.name);
        files.metadata(&path, &set_file(set));
    }
    files.metadata(
        &format!("permissionsetgroups/{SALES_KIT}.permissionsetgroup"),
        &Element::new("PermissionSetGroup")
            .leaf("description", "What every sales person gets; exports are muted")
            .flag("hasActivationRequired", false)
            .leaf("label", "Sales Kit 销售套件")
            .leaf("mutingPermissionSets", SALES_KIT_MUTE)
            .leaf("permissionSets", "Sales_Core")
            .leaf("permissionSets", "Sales_Insight")
            .leaf("status", "Updated"),
    );
    // In a muting set `true` takes the right away.
    files.metadata(
        &format!("mutingpermissionsets/{SALES_KIT_MUTE}.mutingpermissionset"),
        &Element::new("MutingPermissionSet")
            .leaf("label", "Sales Kit without export 销售套件（禁止导出）")
            .child(object_permissions("Opportunity", "D"))
            .child(user_permission("ExportReport")),
    );
    for (name, label) in [
        ("Approve_Contract", "Approve Contract 审批合同"),
        ("Reveal_Id_Number", "Reveal ID Number 查看证件号码"),
    ] {
        files.metadata(
            &format!("customPermissions/{name}.customPermission"),
            &Element::new("CustomPermission").flag("isLicensed", false).leaf("label", label),
        );
    }
}

fn profile_file(profile: &Bundle) -> Element {
    let licence = people::PROFILES
        .iter()
        .find(|(name, ..)| *name == profile.name)
        .map_or("", |(.., licence)| licence);
    let mut file = Element::new("Profile")
        .flag("custom", profile.name != "Admin")
        .children(custom_permissions(profile));
    if !profile.description.is_empty() {
        file = file.leaf("description", profile.description);
    }
    file = file.children(field_permissions(profile));
    if profile.name == "Lanhai Service" {
        file = file.child(working_hours()).children(office_networks());
    }
    file.children(objects_of(profile))
        .leaf("userLicense", licence)
        .children(profile.system.iter().map(|name| user_permission(name)))
}

fn set_file(set: &Bundle) -> Element {
    Element::new("PermissionSet")
        .children(custom_permissions(set))
        .leaf("description", set.description)
        .children(field_permissions(set))
        .flag("hasActivationRequired", set.name == SESSION_SET)
        .leaf("label", set.label)
        .children(objects_of(set))
        .children(set.system.iter().map(|name| user_permission(name)))
}

/// Monday to Saturday, 7:00 to 21:00; equal start and end closes the Sunday.
fn working_hours() -> Element {
    let days = [
        ("fridayEnd", "fridayStart"),
        ("mondayEnd", "mondayStart"),
        ("saturdayEnd", "saturdayStart"),
        ("thursdayEnd", "thursdayStart"),
        ("tuesdayEnd", "tuesdayStart"),
        ("wednesdayEnd", "wednesdayStart"),
    ];
    days.into_iter()
        .fold(Element::new("loginHours"), |hours, (end, start)| {
            hours.leaf(end, "1260").leaf(start, "420")
        })
        .leaf("sundayEnd", "0")
        .leaf("sundayStart", "0")
}

/// Office networks, in address blocks reserved for documentation.
fn office_networks() -> Vec<Element> {
    [
        ("Shanghai office 上海办公室", "192.0.2.255", "192.0.2.0"),
        ("Munich office 慕尼黑办公室", "198.51.100.127", "198.51.100.0"),
    ]
    .into_iter()
    .map(|(description, end, start)| {
        Element::new("loginIpRanges")
            .leaf("description", description)
            .leaf("endAddress", end)
            .leaf("startAddress", start)
    })
    .collect()
}

fn custom_permissions(bundle: &Bundle) -> impl Iterator<Item = Element> {
    bundle
        .custom
        .iter()
        .map(|name| Element::new("customPermissions").flag("enabled", true).leaf("name", *name))
}

fn objects_of(bundle: &Bundle) -> impl Iterator<Item = Element> {
    bundle.objects.iter().map(|(object, rights)| object_permissions(object, rights))
}

fn object_permissions(object: &str, rights: &str) -> Element {
    let file = Element::new("objectPermissions")
        .flag("allowCreate", rights.contains('C'))
        .flag("allowDelete", rights.contains('D'))
        .flag("allowEdit", rights.contains('E'))
        .flag("allowRead", rights.contains('R'))
        .flag("modifyAllRecords", rights.contains('M'))
        .leaf("object", object);
    let file = if rights.contains('F') { file.flag("viewAllFields", true) } else { file };
    file.flag("viewAllRecords", rights.contains('V'))
}

fn user_permission(name: &str) -> Element {
    Element::new("userPermissions").flag("enabled", true).leaf("name", name)
}

/// Read and edit of one field.
#[derive(Clone, Copy)]
enum Level {
    Closed,
    Read,
    Edit,
}

fn field_permissions(bundle: &Bundle) -> Vec<Element> {
    let (listed, level) = match &bundle.fields {
        Fields::Read(names) => (names, Level::Read),
        Fields::Edit(names) => (names, Level::Edit),
        Fields::AllBut(closed) => return all_fields(bundle, closed, Level::Edit),
        Fields::ReadAllBut(closed) => return all_fields(bundle, closed, Level::Read),
    };
    listed.iter().map(|name| field_permission(name, level)).collect()
}

/// Every field of the objects that the bundle opens; closed ones are written out, as the vendor does.
fn all_fields(bundle: &Bundle, closed: &[&str], level: Level) -> Vec<Element> {
    let mut names = objects::field_names();
    names.retain(|name| {
        let object = name.split('.').next();
        bundle.objects.iter().any(|(opened, _)| Some(*opened) == object)
    });
    names.sort();
    names
        .iter()
        .map(|name| {
            let is_closed = closed.contains(&name.as_str());
            field_permission(name, if is_closed { Level::Closed } else { level })
        })
        .collect()
}

fn field_permission(name: &str, level: Level) -> Element {
    Element::new("fieldPermissions")
        .flag("editable", matches!(level, Level::Edit))
        .leaf("field", name)
        .flag("readable", !matches!(level, Level::Closed))
}
