//! Declares each file just before it is mapped for the first time.

use std::collections::HashMap;
use std::io;

use vmsim::addr::{CpuId, FileId};
use vmsim::event::{Cache, Event, Op, Source};

use crate::stage::Stage;
use crate::summary::MappedFile;

/// Puts `file` events in and numbers the files anew, in their order.
pub(crate) struct Declare<'a, S> {
    files: &'a [MappedFile],
    declared: HashMap<FileId, FileId>,
    pub next: S,
}

impl<'a, S: Stage> Declare<'a, S> {
    pub fn new(files: &'a [MappedFile], next: S) -> Self {
        Self {
            files,
            declared: HashMap::new(),
            next,
        }
    }

    /// The file's number in the trace.
    fn declared(&mut self, file: FileId, cpu: CpuId) -> io::Result<FileId> {
        if let Some(&known) = self.declared.get(&file) {
            return Ok(known);
        }
        let MappedFile { name, size } = self.files[file.0 as usize].clone();
        // The machine that recorded the log had the files in memory.
        let cache = Cache::Warm;
        let op = Op::File { name, size, cache };
        self.next.event(&Event { cpu, op })?;
        let id = FileId(self.declared.len() as u32);
        self.declared.insert(file, id);
        Ok(id)
    }
}

impl<S: Stage> Stage for Declare<'_, S> {
    fn event(&mut self, event: &Event) -> io::Result<()> {
        let Some(file) = mapped_file(&event.op) else {
            return self.next.event(event);
        };
        let declared = self.declared(file, event.cpu)?;
        let mut event = event.clone();
        if let Op::Mmap { map, .. } = &mut event.op
            && let Source::File { file, .. } = &mut map.source
        {
            *file = declared;
        }
        self.next.event(&event)
    }

    fn comment(&mut self, text: &str) -> io::Result<()> {
        self.next.comment(text)
    }

    fn is_full(&self) -> bool {
        self.next.is_full()
    }
}

fn mapped_file(op: &Op) -> Option<FileId> {
    match op {
        Op::Mmap { map, .. } => match map.source {
            Source::File { file, .. } => Some(file),
            Source::Anon => None,
        },
        _ => None,
    }
}
