//! Reference evaluator, random organizations, case corpus; never shipped.
