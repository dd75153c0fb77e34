//! An installation with its database on a server, a second node of it, and the way there from a file.

use crate::world::World;
use guan::Exit;
use guan_testkit::postgres::fresh_database;

#[test]
fn a_second_node_joins_and_both_see_the_same() {
    let Some(address) = fresh_database() else { return };
    let (mut first, mut second) = (World::empty(), World::empty());
    first.run(&format!("guan init --database {address}")).expect(Exit::Done);
    let copy = first.data().join("installation.toml");
    let joined = second.run(&format!("guan join {}", copy.display())).expect(Exit::Done);
    assert!(joined.starts_with("a node of installation"), "{joined}");
    second.run("guan --org further init").expect(Exit::Done);
    first.run("guan --org further status").expect(Exit::Done);
    second.run("guan backup").expect(Exit::Done);
    first.run("guan --org further ledger verify").expect(Exit::Done);
}

#[test]
fn a_database_that_is_in_use_is_not_made_anew() {
    let Some(address) = fresh_database() else { return };
    World::empty().run(&format!("guan init --database {address}")).expect(Exit::Done);
    let said = World::empty().run(&format!("guan init --database {address}"));
    assert!(said.complains(Exit::Failed).contains("holds an installation already"));
}

#[test]
fn an_address_without_sense_is_told_without_its_password() {
    let said = World::empty().run("guan init --database postgres://guan:secret@/");
    let words = said.complains(Exit::Failed);
    assert!(words.contains("address of the database"), "{words}");
    assert!(!words.contains("secret"), "{words}");
}
