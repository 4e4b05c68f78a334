//! The events before the program's first: its address space as exec left it.

use std::io;
use std::ops::Range;

use vmsim::addr::{FileId, Pid, VirtAddr, Vpn};
use vmsim::event::{Growth, Mapping, Op, Source};

use crate::kernel::copy_out;
use crate::memory::private;
use crate::ranges::pages;
use crate::regions::zeroed_tails;
use crate::segments::Layout;
use crate::stage::Stage;
use crate::summary::{Backing, MappedFile, Region};

/// The process that exists when a trace begins.
const FIRST: Pid = Pid(1);

/// What was there before the program began.
pub(crate) struct Prelude<'a> {
    pub command: &'a str,
    pub layout: Option<&'a Layout>,
    pub regions: &'a [Region],
    pub files: &'a [MappedFile],
    /// The stack pointer as the program begins, more or less.
    pub stack_start: Option<VirtAddr>,
}

impl Prelude<'_> {
    /// Maps it all, and touches what the kernel touched.
    pub fn write(&self, to: &mut impl Stage) -> io::Result<()> {
        to.comment(&format!("a recording of `{}`", self.command))?;
        let origin = match self.layout {
            Some(_) => "mapped before it began: by its program headers",
            None => "mapped before it began: guessed from the pages it used",
        };
        to.comment(origin)?;
        for region in self.regions {
            to.op(self.mmap(region))?;
        }
        self.kernel_stores(to)?;
        to.comment("the program begins")
    }

    fn mmap(&self, region: &Region) -> Op {
        let source = self.source(&region.backing);
        let mapping = private(region.prot, source);
        let map = match region.backing {
            Backing::Stack => Mapping {
                growth: Growth::Down,
                ..mapping
            },
            _ => mapping,
        };
        Op::Mmap {
            pid: FIRST,
            addr: region.start,
            len: region.len,
            map,
        }
    }

    fn source(&self, backing: &Backing) -> Source {
        let Backing::File { name, offset } = backing else {
            return Source::Anon;
        };
        let nth = self.files.iter().position(|file| file.name == *name);
        let file = FileId(nth.expect("every region's file is listed") as u32);
        Source::File {
            file,
            offset: *offset,
        }
    }

    /// Where the kernel stored something before the program ran, which therefore
    /// finds these pages present: the zeroed tail of the data's last page, and
    /// arguments and environment (`create_elf_tables` in Linux fs/binfmt_elf.c).
    fn kernel_stores(&self, to: &mut impl Stage) -> io::Result<()> {
        for (addr, size) in self.layout.into_iter().flat_map(zeroed_tails) {
            to.op(copy_out(FIRST, addr, size))?;
        }
        if let Some(relro) = self.layout.and_then(|layout| layout.relro.as_ref()) {
            let Range { start, end } = relro;
            to.comment(&format!(
                "GNU_RELRO {start:#x}-{end:#x}: made read-only later, by the program"
            ))?;
        }
        for addr in self.stack_words() {
            to.op(copy_out(FIRST, addr, 8))?;
        }
        Ok(())
    }

    /// A word in each page of the stack, none of them below the stack pointer.
    fn stack_words(&self) -> impl Iterator<Item = u64> {
        let lowest = self.stack_start.map_or(0, |start| start.0 & !7);
        let stack = self
            .regions
            .iter()
            .find(|region| region.backing == Backing::Stack);
        let pages = stack
            .into_iter()
            .flat_map(|stack| pages(stack.start, stack.len));
        pages.map(move |page| Vpn(page).start().0.max(lowest))
    }
}
