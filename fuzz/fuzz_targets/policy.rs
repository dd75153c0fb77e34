//! Feeds `guan_fuzz::policy` to the fuzzer.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| guan_fuzz::policy(bytes));
