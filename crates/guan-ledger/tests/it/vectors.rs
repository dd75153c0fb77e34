//! Hashes computed with other programs (`sha256sum`, Python's `hashlib`), so that a wrong formula cannot agree with itself.

use guan_ledger::{
    Commitment, Digest, EntryId, Hasher, Imprint, Origin, Tip, chain_hash, leaf_hash,
};

use crate::sample::{full_record, origin};

#[test]
fn leaf_hashes_are_those_of_rfc_6962() {
    let empty = "sha256:6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d";
    assert_eq!(leaf_hash(b"").to_string(), empty);
    let text = "sha256:395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56";
    assert_eq!(leaf_hash(b"L123456").to_string(), text);
}

#[test]
fn an_empty_digest_is_that_of_no_bytes() {
    let empty = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    assert_eq!(Digest::of(b"").to_string(), empty);
    assert_eq!(Hasher::new().finish().to_string(), empty);
}

#[test]
fn the_genesis_and_the_first_link_are_as_documented() {
    let genesis = Tip::genesis(&origin());
    assert_eq!(
        genesis.to_string(),
        "0@sha256:8b9ac85bb4fe954aed001e6271d43b5accb145f8c69293cbe901433a40fa8293"
    );
    let chain = chain_hash(&genesis.chain, &leaf_hash(b""));
    assert_eq!(
        chain.to_string(),
        "sha256:b90b56495b23379f6dbd9b1a9384c98cab17d90211722fab3a4c5e7076a76dd6"
    );
}

#[test]
fn moving_a_letter_between_organization_and_instance_gives_another_genesis() {
    let moved = Origin { organization: "acmei".to_owned(), instance: "-1".to_owned() };
    assert_ne!(Tip::genesis(&moved), Tip::genesis(&origin()));
}

#[test]
fn a_commitment_is_as_documented_and_opens_only_with_its_salt_and_value() {
    let commitment = Commitment::new(&[7; 32], "赵敏".as_bytes());
    let expected = "salted-sha256:9348a2229207ec27f4d339a76647ba8f54a6a85677ea14dc58813e4c56c6dcd8";
    assert_eq!(commitment.to_string(), expected);
    assert_eq!(expected.parse(), Ok(commitment));
    assert_eq!(expected.parse(), Ok(Imprint::Commitment(commitment)));
    assert!(commitment.opens_with(&[7; 32], "赵敏".as_bytes()));
    assert!(!commitment.opens_with(&[8; 32], "赵敏".as_bytes()));
    assert!(!commitment.opens_with(&[7; 32], "赵敏 ".as_bytes()));
}

#[test]
fn a_dump_fed_in_pieces_has_the_digest_of_the_whole() {
    let mut hasher = Hasher::new();
    hasher.line(&serde_json::json!({"action": "read"})).unwrap();
    let expected = "sha256:eccd9352854325579cec619d5368834f2f7b92269d9efd996f12736f0219ca10";
    assert_eq!(hasher.finish().to_string(), expected);
    let mut hasher = Hasher::new();
    std::io::copy(&mut &b"{\"action\":\"read\"}\n"[..], &mut hasher).unwrap();
    assert_eq!(hasher.finish().to_string(), expected);
}

#[test]
fn a_digest_reads_back_from_its_text_and_its_column() {
    let digest = Digest::of(b"policy");
    assert_eq!(digest.to_string().parse(), Ok(digest));
    assert_eq!(Digest::try_from(&digest.as_bytes()[..]), Ok(digest));
    assert_eq!(format!("sha256:{}", digest.hex()), digest.to_string());
    assert_eq!(serde_json::to_string(&digest).unwrap(), format!("\"{digest}\""));
}

#[test]
fn what_is_no_digest_is_refused_with_the_form_expected() {
    let refusal = "ab".parse::<Digest>().unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "`ab` is not a digest: write `sha256:` and 64 lower-case hexadecimal digits"
    );
    let refusal =
        Digest::of(b"").to_string().to_uppercase().replace("SHA", "sha").parse::<Digest>();
    assert!(refusal.is_err());
    let refusal = Digest::try_from(&[0_u8; 31][..]).unwrap_err();
    assert_eq!(refusal.to_string(), "a digest has 32 bytes, not 31");
    let refusal = "x".parse::<Commitment>().unwrap_err();
    let expected =
        "`x` is not a commitment: write `salted-sha256:` and 64 lower-case hexadecimal digits";
    assert_eq!(refusal.to_string(), expected);
}

#[test]
fn a_record_id_is_a_version_7_uuid_that_sorts_by_time() {
    // The moment of RFC 9562 appendix A.6; version and variant overwrite 6 of the 80 given bits.
    let id = EntryId::new(0x017f_22e2_79b0, [0xff; 10]);
    assert_eq!(id.to_string(), "017f22e2-79b0-7fff-bfff-ffffffffffff");
    assert_eq!(id.to_string().parse(), Ok(id));
    assert!(EntryId::new(0x017f_22e2_79b1, [0; 10]) > id);
    assert!(EntryId::new(0x017f_22e2_79b1, [0; 10]).to_string() > id.to_string());
}

#[test]
fn only_the_usual_spelling_of_a_record_id_is_read() {
    for text in [
        "",
        "017f22e279b07fffbfffffffffffffff",
        "017F22E2-79B0-7FFF-BFFF-FFFFFFFFFFFF",
        "017f22e2-79b0-4fff-bfff-ffffffffffff",
    ] {
        let refusal = text.parse::<EntryId>().unwrap_err();
        let expected = format!(
            "`{text}` is not a record id: write a version 7 UUID in lower case, as `0190163d-8694-739b-aea5-966c26f8ad91`"
        );
        assert_eq!(refusal.to_string(), expected);
    }
}

#[test]
fn the_end_of_a_log_reads_back_from_its_text() {
    let tip = Tip { size: 12, chain: Digest::of(b"") };
    assert_eq!(tip.to_string().parse(), Ok(tip));
    let refusal = "12".parse::<Tip>().unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "`12` is not the end of a log: write its size, `@` and its chain hash, as `12@sha256:…`"
    );
}

#[test]
fn a_full_record_is_spelled_as_it_always_was() {
    let bytes = full_record(2).to_bytes().unwrap();
    let expected = concat!(
        r#"{"change":{"affected":1,"after":"#,
        r#""salted-sha256:251c2acbfc5ef2f5c4f707e9d755ab6f853a27a83376ac8647a83dfa82834f8f","before":"#,
        r#""salted-sha256:d1fd7e6c1e5a222c22317b899b9c8c1ffde8444c25be8983218d817caf569f37","kind":"updated","revision":4},"#,
        r#""decision":{"normal_outcome":"deny","obligation":{"masked_fields":["Phone"],"rows_max":200},"outcome":"allow","#,
        r#""policy":"sha256:823412d1eacb67956220e532959f0104603057c88704863ca38e7cd188fda812","rules":["rule-2","rule-1"],"sets":["sales"],"stage":"reach"},"#,
        r#""envelope":{"boot":"b-1","id":"018bcfe5-6802-7707-8707-070707070707","incarnation":1,"instance":"i-1","#,
        r#""organization":"acme","schema":1,"sequence":2},"kind":"would_deny","#,
        r#""result":{"bytes":512,"error_class":"none","ids":"sha256:23152446bcf04140a0d2ad71587fab7c249b684e16095629f76d50add5836516","rows":1,"status":"done"},"#,
        r#""suspension":{"audience_match":"user:u-1","floor_hit":"field:Opportunity.Phone","mode":"suspension","overlay":"o-1","#,
        r#""scope_match":"object:Opportunity"},"#,
        r#""time":{"clock":"synced","recorded_at_us":1700000000000005,"since_boot_us":2000,"wall_us":1700000000002000},"#,
        r#""what":{"fields":["Amount","Phone"],"object":"Opportunity","operation":"write_record","purpose":"季度\"清理\"","#,
        r#""query":"sha256:a8b771920b8319e47251d1360f5e880bc18e8d329b0f0d003ea3c7e615558947","record":"006-1","request":"r-1"},"#,
        r#""who":{"auth_method":"mfa","caller":"u-1","on_behalf_of":"u-2","session":"s-1","source_address":"192.0.2.7"}}"#,
    );
    assert_eq!(String::from_utf8(bytes).unwrap(), expected);
}
