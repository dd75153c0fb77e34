//! What one entry of a set grants, and what follows from it.

use super::draft::{Draft, Notes};
use super::layout::Part;
use crate::report::Rating;
use crate::xml::Element;
use guan_engine::model::{Action, FieldAccess, Grant, ObjectPermission, PermissionSet, SetKind};

/// A flag of the vendor. An odd spelling of `true` counts, any other word does not; both are noted.
pub(super) fn flag(element: &Element, name: &str, notes: &mut Notes) -> bool {
    let text = element.value(name);
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" => true,
        "" | "false" | "0" => false,
        "ture" => {
            notes.add(format!("`{name}` says `{text}`: taken as true"));
            true
        }
        _ => {
            notes.add(format!("`{name}` says `{text}`: taken as false"));
            false
        }
    }
}

/// The flags of an object permission.
#[expect(clippy::struct_excessive_bools, reason = "the vendor's own flags, each by its name")]
struct Flags {
    read: bool,
    create: bool,
    edit: bool,
    delete: bool,
    view_all: bool,
    modify_all: bool,
    all_fields: bool,
}

impl Flags {
    fn of(element: &Element, notes: &mut Notes) -> Self {
        let mut is = |name| flag(element, name, notes);
        Self {
            read: is("allowRead"),
            create: is("allowCreate"),
            edit: is("allowEdit"),
            delete: is("allowDelete"),
            view_all: is("viewAllRecords"),
            modify_all: is("modifyAllRecords"),
            all_fields: is("viewAllFields"),
        }
    }

    const fn grant_nothing(&self) -> bool {
        !(self.read
            || self.create
            || self.edit
            || self.delete
            || self.view_all
            || self.modify_all
            || self.all_fields)
    }

    /// Adds what each right cannot be without.
    fn normalise(&mut self, notes: &mut Notes) {
        let Self { create, edit, delete, view_all, modify_all, .. } = *self;
        let mut need = |flag: &mut bool, by: bool, what: &str| {
            if by && !*flag {
                *flag = true;
                notes.add(format!("normalised: {what}"));
            }
        };
        need(&mut self.view_all, modify_all, "`modifyAllRecords` needs `viewAllRecords`");
        need(&mut self.delete, modify_all, "`modifyAllRecords` needs `allowDelete`");
        need(&mut self.edit, modify_all || delete, "`allowDelete` needs `allowEdit`");
        need(
            &mut self.read,
            modify_all || view_all || create || edit || delete,
            "the other rights need `allowRead`",
        );
    }
}

/// `objectPermissions`
pub(super) fn take_object(draft: &mut Draft<'_>, set: &mut PermissionSet, part: &Part) {
    let name = part.element.value("object");
    let mut notes = Notes::default();
    let mut flags = Flags::of(&part.element, &mut notes);
    if name.is_empty() {
        let why = "an object permission without `object`";
        return draft.rate(part.site(), "objectPermissions", &set.name, Rating::not_supported(why));
    }
    let object = draft.object(name);
    let element = format!("{}.{object}", set.name);
    if flags.grant_nothing() {
        draft.report.count_no_op("objectPermissions");
        return draft.rate_noted(part.site(), "objectPermissions", &element, &notes);
    }
    let permission = if set.kind == SetKind::Muting {
        muted(&flags)
    } else {
        flags.normalise(&mut notes);
        granted(&flags)
    };
    if set.objects.contains_key(&object) {
        let why = "the set states this object twice in different words: the first counts";
        return draft.rate(part.site(), "objectPermissions", &element, Rating::not_supported(why));
    }
    set.objects.insert(object, permission);
    draft.rate_noted(part.site(), "objectPermissions", &element, &notes);
}

/// Full on the record is what sharing and a new owner need beside the verb, so the verbs that the
/// vendor does not name apart come with reading and editing.
fn verbs(flags: &Flags) -> ObjectPermission {
    let mut permission = ObjectPermission::default();
    let mut grant = |action, on: bool| {
        if on {
            permission.actions.insert(action, Grant::REACHABLE);
        }
    };
    grant(Action::Read, flags.read);
    grant(Action::Share, flags.read);
    grant(Action::Create, flags.create);
    grant(Action::Edit, flags.edit);
    grant(Action::Assign, flags.edit);
    grant(Action::Delete, flags.delete);
    if flags.all_fields {
        permission.all_fields = FieldAccess::READ;
    }
    permission
}

/// Who may create may do so for any owner.
fn granted(flags: &Flags) -> ObjectPermission {
    let mut permission =
        ObjectPermission { view_all: flags.view_all, modify_all: flags.modify_all, ..verbs(flags) };
    if flags.create {
        permission.actions.insert(Action::Create, Grant::ALL);
    }
    permission
}

/// Muting "modify all" leaves "view all", so it is written verb by verb.
fn muted(flags: &Flags) -> ObjectPermission {
    let mut permission = ObjectPermission { view_all: flags.view_all, ..verbs(flags) };
    if flags.modify_all {
        for action in [Action::Edit, Action::Delete, Action::Assign, Action::Share] {
            permission.actions.entry(action).or_insert(Grant::ALL);
        }
    }
    permission
}

/// `fieldPermissions`, and `fieldLevelSecurities` of old versions
pub(super) fn take_field(draft: &mut Draft<'_>, set: &mut PermissionSet, part: &Part) {
    let full_name = part.element.value("field");
    let mut notes = Notes::default();
    let parts =
        full_name.split_once('.').filter(|(object, field)| !object.is_empty() && !field.is_empty());
    let Some((object, field)) = parts else {
        let why = format!("`{full_name}` is not OBJECT.FIELD");
        return draft.rate(part.site(), "fieldPermissions", &set.name, Rating::not_supported(why));
    };
    let element = format!("{}.{full_name}", set.name);
    let hidden = part.element.child("hidden").map(|_| flag(&part.element, "hidden", &mut notes));
    let editable = flag(&part.element, "editable", &mut notes);
    let readable = match (part.element.child("readable"), hidden) {
        (None, Some(hidden)) => !hidden,
        _ => flag(&part.element, "readable", &mut notes),
    };
    let object = draft.object(object);
    let field = draft.field(&object, field);
    let access = match (readable, editable) {
        (false, false) => FieldAccess::HIDDEN,
        (true, false) => FieldAccess::READ,
        (true, true) => FieldAccess::EDIT,
        (false, true) if set.kind == SetKind::Muting => FieldAccess::ONLY_EDIT,
        (false, true) if hidden == Some(true) => {
            notes.add("hidden and editable: taken as hidden");
            FieldAccess::HIDDEN
        }
        (false, true) => {
            notes.add("normalised: `editable` needs `readable`");
            FieldAccess::EDIT
        }
    };
    let fields = set.fields.entry(object.clone()).or_default();
    if fields.contains_key(&field) {
        let why = "the set states this field twice in different words: the first counts";
        return draft.rate(part.site(), "fieldPermissions", &element, Rating::not_supported(why));
    }
    if access == FieldAccess::HIDDEN {
        draft.report.count_no_op("fieldPermissions");
        if fields.is_empty() {
            set.fields.remove(&object);
        }
    } else {
        fields.insert(field, access);
    }
    draft.rate_noted(part.site(), "fieldPermissions", &element, &notes);
}

/// `userPermissions`
pub(super) fn take_system(draft: &mut Draft<'_>, set: &mut PermissionSet, part: &Part) {
    let name = part.element.value("name").to_owned();
    let mut notes = Notes::default();
    let enabled = flag(&part.element, "enabled", &mut notes);
    let element = format!("{}.{name}", set.name);
    if name.is_empty() {
        let why = "a user permission without `name`";
        return draft.rate(part.site(), "userPermissions", &element, Rating::not_supported(why));
    }
    if !enabled {
        draft.report.count_no_op("userPermissions");
        return draft.rate_noted(part.site(), "userPermissions", &element, &notes);
    }
    match name.as_str() {
        "TransferAnyEntity" | "TransferAnyCase" | "TransferAnyLead" => {
            notes.add("a new owner still needs full access to the record");
        }
        "ViewEncryptedData" => notes.add("encrypted fields are not masked for anybody"),
        "EditReadonlyFields" | "ViewAllUsers" | "ManageUsers" | "ViewAllForecasts" => {
            notes.add("kept as a name; what it opens beyond the objects' own rights is not");
        }
        _ => {}
    }
    set.system.insert(name);
    draft.rate_noted(part.site(), "userPermissions", &element, &notes);
}

/// `customPermissions`
pub(super) fn take_custom(draft: &mut Draft<'_>, set: &mut PermissionSet, part: &Part) {
    let name = part.element.value("name").to_owned();
    let mut notes = Notes::default();
    let enabled = flag(&part.element, "enabled", &mut notes);
    let element = format!("{}.{name}", set.name);
    if enabled && !name.is_empty() {
        set.system.insert(format!("custom:{name}"));
    } else {
        draft.report.count_no_op("customPermissions");
    }
    draft.rate_noted(part.site(), "customPermissions", &element, &notes);
}

/// Gives the objects what system permissions mean for them.
pub(super) fn spread(set: &mut PermissionSet) {
    let is_muting = set.kind == SetKind::Muting;
    let has = |name: &str| set.system.contains(name);
    let mut any = ObjectPermission::default();
    if has("ViewAllData") {
        any.view_all = true;
    }
    if has("ModifyAllData") {
        if is_muting {
            for action in [Action::Edit, Action::Delete, Action::Assign, Action::Share] {
                any.actions.insert(action, Grant::ALL);
            }
        } else {
            any.view_all = true;
            any.modify_all = true;
        }
        any.actions.insert(Action::Create, Grant::ALL);
    }
    if has("ViewAllFields") || has("ViewAllFieldsGlobal") {
        any.all_fields = FieldAccess::READ;
    }
    if has("ExportReport") {
        // Exporting goes exactly as far as reading does: the engine asks for both.
        let grant = if is_muting { Grant::REACHABLE } else { Grant::ALL };
        any.actions.insert(Action::Export, grant);
    }
    if any != ObjectPermission::default() {
        set.any_object = Some(any);
    }
}
