//! What a page holds: a plain array is the yardstick.

use proptest::prelude::*;
use vmsim::addr::FileId;
use vmsim::content::Content;

const SIZE: usize = 4096;

/// The bytes of a page, one by one.
fn bytes(content: &Content) -> Vec<u8> {
    (0..SIZE as u16).map(|at| content.byte(at)).collect()
}

/// Stores the same in the array, byte by byte.
fn store(array: &mut [u8], offset: u16, len: u16, value: u64) {
    for i in 0..len {
        let byte = if i < 8 { (value >> (8 * i)) as u8 } else { 0 };
        array[usize::from(offset + i)] = byte;
    }
}

/// The same of the array, little-endian.
fn load(array: &[u8], offset: u16, len: u16) -> u64 {
    let bytes = (0..len).rev().map(|i| array[usize::from(offset + i)]);
    bytes.fold(0, |value, byte| value << 8 | u64::from(byte))
}

fn pages() -> impl Strategy<Value = Content> {
    prop_oneof![
        Just(Content::ZERO),
        Just(Content::POISON),
        (0_u64..3, 1_u64..12_288).prop_map(|(index, size)| Content::of_file(
            FileId(1),
            index,
            size
        )),
    ]
}

/// Places and lengths that lie in a page; many of them are neighbours.
fn writes() -> impl Strategy<Value = Vec<(u16, u16, u64)>> {
    let place = prop_oneof![3 => 0_u16..64, 1 => 0_u16..4096];
    let write = (
        place,
        prop_oneof![4 => 1_u16..=8, 1 => 1_u16..=300],
        any::<u64>(),
    );
    let in_page = write.prop_map(|(at, len, value)| (at, len.min(4096 - at), value));
    proptest::collection::vec(in_page, 0..40)
}

proptest! {
    #[test]
    fn a_page_holds_what_was_written_and_nothing_else(page in pages(), writes in writes()) {
        let (mut page, mut array) = (page.clone(), bytes(&page));
        for (offset, len, value) in writes {
            page.store(offset, len, value);
            store(&mut array, offset, len, value);
            let at = (offset, len.min(8));
            prop_assert_eq!(page.load(at.0, at.1), load(&array, at.0, at.1));
        }
        prop_assert_eq!(&bytes(&page), &array);
        prop_assert_eq!(&page.bytes()[..], &array[..]);
        prop_assert_eq!(page.is_zero(), array.iter().all(|&byte| byte == 0));
    }
}
