//! Feeds `guan_fuzz::ledger_export` to the fuzzer.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| guan_fuzz::ledger_export(bytes));
