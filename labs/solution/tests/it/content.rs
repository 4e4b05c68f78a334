//! What a page holds: a plain array is the yardstick.

use std::fmt::Write;
use std::iter;
use std::rc::Rc;

use proptest::prelude::*;
use proptest::sample::select;
use solution::Reference;
use vmsim::addr::FileId;
use vmsim::content::Content;
use vmsim::machine::Machine;
use vmtrace::text::parser::Parser;

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

/// A write or a read of one of two processes, in one of their pages.
#[derive(Clone, Copy, Debug)]
struct Use {
    pid: usize,
    page: usize,
    offset: u16,
    len: u16,
    /// What is written; nothing for a read.
    value: Option<u64>,
}

/// Uses of a few places in a few pages: mostly small numbers, some of them unaligned, some
/// over one another.
fn uses() -> impl Strategy<Value = Vec<Use>> {
    let place = (
        0..2_usize,
        0..6_usize,
        select(vec![0, 0, 0, 1, 2, 4, 6, 8, 4088]),
    );
    let len = select(vec![1, 1, 2, 3, 4, 8, 8]);
    let value = prop_oneof![
        3 => (0..256_u64).prop_map(Some),
        1 => any::<u64>().prop_map(Some),
        3 => Just(None),
    ];
    let one = (place, len, value).prop_map(|((pid, page, offset), len, value)| Use {
        pid,
        page,
        offset,
        len,
        value: value.map(|value| value & (u64::MAX >> (64 - 8 * len))),
    });
    proptest::collection::vec(one, 0..80)
}

/// A trace of uses in a memory of three frames, the first half of them by one process only.
fn trace(uses: &[Use]) -> String {
    let mut trace = "machine frames=3 swap=16\nmmap 1 0x100000000 24K rw private anon\n".to_owned();
    for (number, one) in uses.iter().enumerate() {
        if number == uses.len() / 2 {
            trace += "fork 1 2\n";
        }
        let &Use {
            page, offset, len, ..
        } = one;
        let pid = if number < uses.len() / 2 {
            1
        } else {
            one.pid + 1
        };
        let addr = 0x1_0000_0000 + page * SIZE + usize::from(offset);
        let (verb, value) = match one.value {
            Some(value) => ("write", format!(" ={value}")),
            None => ("read", String::new()),
        };
        writeln!(trace, "{verb} {pid} {addr:#x} {len}B{value}").expect("a string takes all");
    }
    trace
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn pages_that_come_and_go_hold_what_was_written(uses in uses()) {
        let trace = trace(&uses);
        let parser = Parser::new(trace.as_bytes()).unwrap();
        let machine = Machine::new(*parser.config(), Rc::new(Reference));
        let mut machine = machine.with_express(Rc::new(Reference));
        let mut memory = [vec![[0; SIZE]; 6], Vec::new()];
        let mut uses = uses.iter();
        for line in parser {
            let event = line.unwrap().event;
            let Some(access) = event.user_access() else {
                machine.step(&event);
                memory[1] = memory[0].clone();
                continue;
            };
            let one = uses.next().expect("each use has its line");
            let page = &mut memory[access.pid.0 as usize - 1][one.page];
            match access.value {
                // Where the lane may be taken.
                Some(value) => {
                    let miss = machine.hits(&mut iter::once(access));
                    miss.and_then(|miss| machine.missed(miss));
                    store(page, one.offset, one.len, value);
                }
                None => prop_assert_eq!(
                    machine.step(&event).value,
                    Some(load(page, one.offset, one.len)),
                    "{:?} in\n{}", event, trace
                ),
            }
        }
        prop_assert_eq!(machine.audit(), []);
    }
}
