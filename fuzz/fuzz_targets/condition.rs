//! Feeds `guan_fuzz::condition` to the fuzzer.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| guan_fuzz::condition(bytes));
