//! Reference evaluator, random organizations, case corpus; never shipped.

pub mod case;
pub mod coverage;
pub mod postgres;
pub mod reference;
pub mod sample;
pub mod world;
