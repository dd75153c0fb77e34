//! Feeds `guan_fuzz::salesforce_metadata` to the fuzzer.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| guan_fuzz::salesforce_metadata(bytes));
