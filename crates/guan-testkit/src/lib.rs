//! Reference evaluator, random organizations, case corpus; never shipped.

pub mod case;
pub mod sample;
