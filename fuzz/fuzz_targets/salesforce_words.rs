//! Feeds `guan_fuzz::salesforce_words` to the fuzzer.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| guan_fuzz::salesforce_words(bytes));
