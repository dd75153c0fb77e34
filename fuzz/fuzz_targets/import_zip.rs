//! Feeds `guan_fuzz::import_zip` to the fuzzer.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| guan_fuzz::import_zip(bytes));
