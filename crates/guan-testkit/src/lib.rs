//! Reference evaluator, random organizations, case corpus; never shipped.

pub mod sample;
