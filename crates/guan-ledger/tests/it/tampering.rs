//! Tampering searched instead of picked: whatever is changed, removed or moved, verification notices.

use guan_ledger::{Digest, ExportReader, Fault, Row, Tip, append, verify, verify_export};
use proptest::prelude::{any, prop, prop_assert, prop_assert_eq, prop_assume, proptest};
use proptest::sample::Index;

use crate::export::file;
use crate::sample::{forge, log, origin, record};

/// Changes one byte somewhere in the row, taken as sequence, bytes and the three hashes in a line.
fn flip(row: &mut Row, position: Index, change: u8) {
    let mut flat = row.sequence.to_be_bytes().to_vec();
    let hashes = [row.leaf, row.previous, row.chain];
    flat.extend(&row.bytes);
    flat.extend(hashes.iter().flat_map(Digest::as_bytes));
    let position = position.index(flat.len());
    flat[position] ^= change;
    let (sequence, rest) = flat.split_first_chunk().unwrap();
    let (bytes, hashes) = rest.split_at(row.bytes.len());
    row.sequence = u64::from_be_bytes(*sequence);
    row.bytes = bytes.to_vec();
    let mut hashes = hashes.chunks(32).map(|hash| Digest::try_from(hash).unwrap());
    (row.leaf, row.previous, row.chain) =
        (hashes.next().unwrap(), hashes.next().unwrap(), hashes.next().unwrap());
}

proptest! {
    #[test]
    fn any_changed_byte_is_found_in_its_row(size in 1_u64..9, at: Index, position: Index, change in 1_u8..) {
        let mut rows = log(size);
        let at = at.index(rows.len());
        flip(&mut rows[at], position, change);
        let broken = verify(&origin(), &rows, None).unwrap_err();
        prop_assert_eq!(broken.sequence, at as u64);
    }

    #[test]
    fn any_removed_row_is_found(size in 1_u64..9, at: Index) {
        let mut rows = log(size);
        let at = at.index(rows.len());
        let tip = rows.last().unwrap().tip();
        rows.remove(at);
        let broken = verify(&origin(), &rows, Some(tip)).unwrap_err();
        prop_assert_eq!(broken.sequence, at as u64);
        prop_assert_eq!(verify(&origin(), &rows, None).is_ok(), at == rows.len());
    }

    #[test]
    fn any_removed_row_is_found_after_renumbering_the_rest(size in 2_u64..9, at: Index) {
        let mut rows = log(size);
        let at = at.index(rows.len() - 1);
        rows.remove(at);
        for (row, sequence) in rows.iter_mut().zip(0..) {
            row.sequence = sequence;
        }
        let broken = verify(&origin(), &rows, None).unwrap_err();
        prop_assert_eq!(broken.sequence, at as u64);
    }

    #[test]
    fn any_swapped_rows_are_found(size in 2_u64..9, one: Index, other: Index) {
        let mut rows = log(size);
        let (one, other) = (one.index(rows.len()), other.index(rows.len()));
        prop_assume!(one != other);
        rows.swap(one, other);
        let broken = verify(&origin(), &rows, None).unwrap_err();
        prop_assert_eq!(broken.sequence, one.min(other) as u64);
        let sequence = rows[one].sequence;
        rows[one].sequence = rows[other].sequence;
        rows[other].sequence = sequence;
        let broken = verify(&origin(), &rows, None).unwrap_err();
        prop_assert_eq!(broken.sequence, one.min(other) as u64);
    }

    #[test]
    fn any_repeated_row_is_found(size in 1_u64..9, source: Index, target: Index) {
        let mut rows = log(size);
        let row = rows[source.index(rows.len())].clone();
        rows.insert(target.index(rows.len() + 1), row);
        prop_assert!(verify(&origin(), &rows, None).is_err());
    }

    #[test]
    fn any_history_written_anew_is_found_by_any_end_remembered_after_it(size in 1_u64..9, at: Index, later: Index) {
        let honest = log(size);
        let at = at.index(honest.len());
        let remembered = honest[at + later.index(honest.len() - at)].tip();
        let mut forged = honest.clone();
        let mut tip = if at == 0 { Tip::genesis(&origin()) } else { honest[at - 1].tip() };
        let mut edited = record(at as u64);
        edited.who.caller = "u-9".to_owned();
        forged[at] = append(&tip, &edited).unwrap();
        tip = forged[at].tip();
        for row in &mut forged[at + 1..] {
            *row = forge(&tip, &row.bytes);
            tip = row.tip();
        }
        let broken = verify(&origin(), &forged, Some(remembered)).unwrap_err();
        let is_rewritten = matches!(broken.what, Fault::Rewritten { .. });
        prop_assert!(is_rewritten, "{}", broken);
        prop_assert!(verify(&origin(), &forged, None).is_ok());
    }

    #[test]
    fn any_changed_byte_of_a_file_is_found_or_changes_nothing(size in 1_u64..5, position: Index, byte: u8) {
        let rows = log(size);
        let mut bytes = file(&rows).into_bytes();
        let position = position.index(bytes.len());
        bytes[position] = byte;
        let Ok(reader) = ExportReader::new(&bytes[..]) else { return Ok(()) };
        if let Ok(verified) = verify_export(reader, None) {
            prop_assert_eq!(verified, verify(&origin(), &rows, None).unwrap());
        }
    }

    #[test]
    fn anything_else_after_the_first_line_is_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let text = file(&[]);
        let (first, _) = text.split_once('\n').unwrap();
        let bytes = [first.as_bytes(), b"\n", &bytes].concat();
        prop_assert!(verify_export(ExportReader::new(&bytes[..]).unwrap(), None).is_err());
        prop_assert!(ExportReader::new(&bytes[first.len()..]).is_err());
    }

    #[test]
    fn any_file_cut_short_is_refused(size in 1_u64..5, length: Index) {
        let text = file(&log(size));
        // Without its very last line feed the file still says everything.
        let length = length.index(text.len() - 1);
        let is_refused = match ExportReader::new(&text.as_bytes()[..length]) {
            Ok(reader) => verify_export(reader, None).is_err(),
            Err(_) => true,
        };
        prop_assert!(is_refused);
    }
}
