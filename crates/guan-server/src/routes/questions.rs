//! Questions of access: may they, why, what, who; about oneself freely, about others with the power for it.

mod check;
mod explanation;
mod list;
mod many;
mod matrix;
mod others;

use crate::guarded;
use crate::operation::{Operation, Routes};
use guan_engine::administration::Power;

const CHECK: Operation = Operation::oneself("check").answering();
const CHECK_MANY: Operation = Operation::oneself("check_many").answering();
const EXPLAIN: Operation = Operation::oneself("explain").answering();
const EXPLAIN_REFERENCE: Operation = Operation::oneself("explain_reference").answering();
const SHOW_ABILITIES: Operation = Operation::oneself("show_abilities").answering();
const SHOW_FIELD_ACCESS: Operation = Operation::oneself("show_field_access").answering();
const LIST_IDS: Operation = Operation::oneself("list_ids").answering();
const COUNT_IDS: Operation = Operation::oneself("count_ids").answering();
const SHOW_MATRIX: Operation = Operation::oneself("show_matrix").answering();
const FIND_WHO: Operation = Operation::needs("find_who", Power::AskAboutOthers).answering();
const COMPARE_SUBJECTS: Operation =
    Operation::needs("compare_subjects", Power::AskAboutOthers).answering();
const COMPARE_REVISION_DECISIONS: Operation =
    Operation::needs("compare_revision_decisions", Power::AskAboutOthers).answering();

/// The operations of these files.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .with(guarded!(CHECK, check::check))
        .with(guarded!(CHECK_MANY, many::check_many))
        .with(guarded!(EXPLAIN, check::explain))
        .with(guarded!(EXPLAIN_REFERENCE, explanation::explain_reference))
        .with(guarded!(SHOW_ABILITIES, check::show_abilities))
        .with(guarded!(SHOW_FIELD_ACCESS, check::show_field_access))
        .with(guarded!(LIST_IDS, list::list_ids))
        .with(guarded!(COUNT_IDS, list::count_ids))
        .with(guarded!(SHOW_MATRIX, matrix::show_matrix))
        .with(guarded!(FIND_WHO, others::find_who))
        .with(guarded!(COMPARE_SUBJECTS, others::compare_subjects))
        .with(guarded!(COMPARE_REVISION_DECISIONS, others::compare_revision_decisions))
}
