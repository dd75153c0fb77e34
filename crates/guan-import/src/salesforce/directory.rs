//! The data rows, and whom and what their ids stand for.

use super::draft::{Draft, MANAGERS, Notes, ROLES, Site, TERRITORIES};
use super::roles::{add_node, note_site, take_level, territory_id};
use crate::Files;
use crate::report::Rating;
use crate::table::{Row, Table};
use guan_engine::model::{
    AssignmentId, GroupId, Node, NodeId, Principal, SetGroupId, SetId, UserId,
};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// One file of rows.
#[derive(Debug)]
pub(super) struct NamedTable {
    /// The name of the vendor's table: the file's name.
    pub(super) name: String,
    pub(super) file: String,
    pub(super) table: Table,
}

impl NamedTable {
    pub(super) fn site<'t>(&'t self, row: &Row<'_>) -> Site<'t> {
        Site { file: &self.file, line: row.line }
    }
    /// The rows that were not deleted.
    pub(super) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.table.rows().filter(|row| !is_true(row.value("IsDeleted")))
    }
}

/// What a row of `PermissionSet` stands for.
#[derive(Clone, Debug)]
pub(super) enum SetRow {
    Set(SetId),
    OwnedByProfile,
}

/// Rows by table, and ids by kind.
#[derive(Debug, Default)]
pub(super) struct Directory {
    tables: BTreeMap<String, Vec<Rc<NamedTable>>>,
    used: BTreeSet<String>,
    pub(super) users: BTreeMap<String, UserId>,
    pub(super) usernames: BTreeMap<String, UserId>,
    pub(super) roles: BTreeMap<String, NodeId>,
    pub(super) territories: BTreeMap<String, NodeId>,
    pub(super) groups: BTreeMap<String, Principal>,
    pub(super) set_rows: BTreeMap<String, SetRow>,
    pub(super) set_groups: BTreeMap<String, SetGroupId>,
    pub(super) profiles: BTreeMap<String, String>,
    /// Groups that a file or row states: rated when their members are known.
    pub(super) stated_groups: BTreeMap<GroupId, (&'static str, String, u64)>,
    pub(super) has_portal_roles: bool,
    pub(super) assignment_ids: BTreeSet<AssignmentId>,
}

impl Directory {
    /// Reads every table, and the names of users.
    pub(super) fn read(draft: &mut Draft<'_>, rows: Option<&Files>) -> Self {
        let mut directory = Self::default();
        for (path, why) in rows.into_iter().flat_map(Files::skipped) {
            draft.rate(Site { file: path, line: 0 }, "file", path, Rating::ignored(why));
        }
        for (path, bytes) in rows.into_iter().flat_map(Files::iter) {
            let file = path.rsplit('/').next().unwrap_or(path);
            let Some((name, "csv" | "CSV" | "Csv")) = file.rsplit_once('.') else {
                let why = Rating::ignored("not a table of rows");
                draft.rate(Site { file: path, line: 0 }, "file", path, why);
                continue;
            };
            match Table::parse(bytes) {
                Ok(mut table) => {
                    if NAMING.contains(&name) {
                        table.tidy();
                    }
                    for (line, why) in &table.misfits {
                        let site = Site { file: path, line: *line };
                        draft.rate(site, name, "row", Rating::not_supported(why));
                    }
                    let named = NamedTable { name: name.to_owned(), file: path.to_owned(), table };
                    directory.tables.entry(name.to_lowercase()).or_default().push(Rc::new(named));
                }
                Err(error) => {
                    let site = Site { file: path, line: error.line };
                    let why = Rating::not_supported(error.to_string());
                    draft.rate_widening(site, "file", path, why);
                }
            }
        }
        directory.name_users(draft);
        directory.name_sets();
        directory
    }

    /// The files of one table; they count as read from now on.
    pub(super) fn tables(&mut self, name: &str) -> Vec<Rc<NamedTable>> {
        self.used.insert(name.to_lowercase());
        self.tables.get(&name.to_lowercase()).cloned().unwrap_or_default()
    }
    /// Whether there are rows of a table.
    pub(super) fn has(&self, name: &str) -> bool {
        self.tables.contains_key(&name.to_lowercase())
    }
    /// Whether some group stands for a place in the reporting line.
    pub(super) fn names_managers(&self) -> bool {
        let line = format!("{MANAGERS}/");
        self.groups.values().any(|principal| match principal {
            Principal::Above(node) | Principal::NodeAndBelow(node) => {
                node.as_str().starts_with(&line)
            }
            _ => false,
        })
    }
    /// The names of tables that nobody asked for yet.
    pub(super) fn unused(&self) -> Vec<String> {
        self.tables
            .iter()
            .filter(|(key, _)| !self.used.contains(*key))
            .filter_map(|(_, tables)| tables.first().map(|table| table.name.clone()))
            .collect()
    }

    /// Who a user id, or a user name, stands for.
    pub(super) fn user(&self, id_or_name: &str) -> Option<&UserId> {
        self.users
            .get(&long_id(id_or_name))
            .or_else(|| self.usernames.get(&id_or_name.to_lowercase()))
    }
    /// Who the id of a user or group stands for.
    pub(super) fn principal(&self, id: &str) -> Option<Principal> {
        let id = long_id(id);
        let user = self.users.get(&id).map(|user| Principal::User(user.clone()));
        user.or_else(|| self.groups.get(&id).cloned())
    }

    fn name_users(&mut self, draft: &mut Draft<'_>) {
        for table in self.tables("User") {
            for row in table.rows() {
                let id = long_id(row.value("Id"));
                let name = row.any(&["Username", "Id"]);
                if name.is_empty() {
                    let why = "a user without `Username` and `Id`";
                    draft.rate(table.site(&row), "User", "row", Rating::not_supported(why));
                    continue;
                }
                let user = UserId::new(name);
                let key = name.to_lowercase();
                let repeated = self.usernames.contains_key(&key)
                    || (!id.is_empty() && self.users.contains_key(&id));
                if repeated {
                    let why = "the user stands in the rows twice: the first row counts";
                    draft.rate(table.site(&row), "User", name, Rating::not_supported(why));
                    continue;
                }
                self.usernames.insert(key, user.clone());
                if !id.is_empty() {
                    self.users.insert(id, user);
                }
            }
        }
    }

    fn name_sets(&mut self) {
        for table in self.tables("Profile") {
            for row in table.rows() {
                self.profiles.insert(long_id(row.value("Id")), row.value("Name").to_owned());
            }
        }
        for table in self.tables("PermissionSet") {
            for row in table.rows() {
                let is_owned = is_true(row.value("IsOwnedByProfile"));
                let set = if is_owned {
                    SetRow::OwnedByProfile
                } else {
                    SetRow::Set(SetId::new(row.value("Name")))
                };
                self.set_rows.insert(long_id(row.value("Id")), set);
            }
        }
        for table in self.tables("PermissionSetGroup") {
            for row in table.rows() {
                let name = row.value("DeveloperName");
                self.set_groups.insert(long_id(row.value("Id")), SetGroupId::new(name));
            }
        }
    }

    /// Roles by id; a role without a file comes from its row.
    pub(super) fn take_roles(&mut self, draft: &mut Draft<'_>) {
        let tables = self.tables("UserRole");
        for table in &tables {
            for row in table.rows() {
                let name = row.any(&["DeveloperName", "Name", "Id"]);
                if name.is_empty() {
                    let why = Rating::not_supported("a role without a name");
                    draft.rate(table.site(&row), "UserRole", "row", why);
                    continue;
                }
                self.roles.insert(long_id(row.value("Id")), NodeId::new(name));
                self.has_portal_roles |= !matches!(row.value("PortalType"), "" | "None");
            }
        }
        for table in &tables {
            for row in table.rows() {
                let Some(id) = self.roles.get(&long_id(row.value("Id"))).cloned() else { continue };
                if draft.policy.nodes.contains_key(&id) {
                    draft.count_row("UserRole");
                    continue;
                }
                let mut notes = Notes::default();
                let mut levels = BTreeMap::new();
                for (column, object) in [
                    ("CaseAccessForAccountOwner", "Case"),
                    ("ContactAccessForAccountOwner", "Contact"),
                    ("OpportunityAccessForAccountOwner", "Opportunity"),
                ] {
                    take_level(&mut levels, row.value(column), object, &mut notes);
                }
                let parent = self.parent(&self.roles, row.value("ParentRoleId"), &mut notes);
                let name = row.value("Name").to_owned();
                note_site(draft, id.as_str(), table.site(&row));
                add_node(
                    draft,
                    ROLES,
                    id.clone(),
                    Node { tree: ROLES.into(), parent, name, levels },
                );
                rate_row(draft, table.site(&row), "UserRole", id.as_str(), &notes);
            }
        }
    }

    /// Territories by id; a territory without a file comes from its row.
    pub(super) fn take_territories(&mut self, draft: &mut Draft<'_>) {
        let tables = self.tables("Territory2");
        for table in &tables {
            for row in table.rows() {
                let name = row.any(&["DeveloperName", "Name", "Id"]);
                if name.is_empty() {
                    let why = Rating::not_supported("a territory without a name");
                    draft.rate(table.site(&row), "Territory2", "row", why);
                    continue;
                }
                let id = territory_id(name);
                self.territories.insert(long_id(row.value("Id")), id);
            }
        }
        for table in &tables {
            for row in table.rows() {
                let key = long_id(row.value("Id"));
                let Some(id) = self.territories.get(&key).cloned() else { continue };
                if draft.policy.nodes.contains_key(&id) {
                    draft.count_row("Territory2");
                    continue;
                }
                let mut notes = Notes::default();
                let mut levels = BTreeMap::new();
                for (column, object) in [
                    ("AccountAccessLevel", "Account"),
                    ("CaseAccessLevel", "Case"),
                    ("ContactAccessLevel", "Contact"),
                    ("OpportunityAccessLevel", "Opportunity"),
                ] {
                    take_level(&mut levels, row.value(column), object, &mut notes);
                }
                let parent =
                    self.parent(&self.territories, row.value("ParentTerritory2Id"), &mut notes);
                let name = row.value("Name").to_owned();
                note_site(draft, id.as_str(), table.site(&row));
                let node = Node { tree: TERRITORIES.into(), parent, name, levels };
                add_node(draft, TERRITORIES, id.clone(), node);
                rate_row(draft, table.site(&row), "Territory2", id.as_str(), &notes);
            }
        }
    }

    #[expect(clippy::unused_self, reason = "reads one of its maps")]
    fn parent(
        &self,
        ids: &BTreeMap<String, NodeId>,
        id: &str,
        notes: &mut Notes,
    ) -> Option<NodeId> {
        if id.is_empty() {
            return None;
        }
        let parent = ids.get(&long_id(id)).cloned();
        if parent.is_none() {
            notes.add(format!("its parent `{id}` is not in the rows: it stands at the top"));
        }
        parent
    }

    /// Rates tables that no module asked for.
    pub(super) fn rate_the_rest(&self, draft: &mut Draft<'_>) {
        for name in self.unused() {
            for table in self.tables.get(&name.to_lowercase()).into_iter().flatten() {
                let site = Site { file: &table.file, line: 1 };
                let count = table.rows().count() as u64;
                let rating = match IGNORED.iter().find(|(known, _)| *known == table.name) {
                    Some((_, why)) => Rating::ignored(*why),
                    None => Rating::not_supported(
                        "there is no object of this name; add its metadata, or leave the file out",
                    ),
                };
                draft.rate_many(site, &table.name, "rows", rating, count);
            }
        }
    }
}

/// Tables whose values become ids.
const NAMING: [&str; 9] = [
    "Group",
    "PermissionSet",
    "PermissionSetAssignment",
    "PermissionSetGroup",
    "Profile",
    "Territory2",
    "User",
    "UserRole",
    "UserTerritory2Association",
];

/// Tables that say what something else says too.
const IGNORED: [(&str, &str); 8] = [
    ("FieldPermissions", "the sets' own files state the same"),
    ("ObjectPermissions", "the sets' own files state the same"),
    ("PermissionSetGroupComponent", "the groups' own files state the same"),
    ("QueueSobject", "which objects a queue may own opens no record"),
    ("SetupEntityAccess", "it opens pages and code, not records"),
    ("Territory2Model", "the model itself; its territories are taken"),
    ("Territory2Type", "a label of territories"),
    ("RecordType", "record types choose forms, and hide no record"),
];

/// Counts an exact row, and gives any other an entry.
pub(super) fn rate_row(
    draft: &mut Draft<'_>,
    site: Site<'_>,
    element: &str,
    name: &str,
    notes: &Notes,
) {
    if notes.rating() == Rating::Exact {
        draft.count_row(element);
    } else {
        draft.rate_noted(site, element, name, notes);
    }
}

/// Whether a cell says yes.
pub(super) fn is_true(cell: &str) -> bool {
    cell.eq_ignore_ascii_case("true") || cell == "1"
}

/// The 18-character form of a 15-character id; any other text stays as it is.
pub(super) fn long_id(id: &str) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
    if id.len() != 15 || !id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return id.to_owned();
    }
    let mut long = id.to_owned();
    for chunk in id.as_bytes().chunks(5) {
        let upper = chunk
            .iter()
            .enumerate()
            .filter(|(_, byte)| byte.is_ascii_uppercase())
            .fold(0_usize, |bits, (at, _)| bits | 1 << at);
        long.push(LETTERS.get(upper).copied().map_or('A', char::from));
    }
    long
}
