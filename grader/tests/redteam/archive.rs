//! Archives as no honest packer makes them.

use std::fs::{self, File};
use std::io::{Cursor, Write};
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::corpus::{Archive, Entry, Kind, Lie};
use crate::lay_out::bytes;

/// Packs the entries into an archive of the class's folder.
pub fn write(kind: Archive, class: &Path, name: &str, entries: &[Entry]) {
    match kind {
        Archive::Zip => fs::write(class.join(format!("{name}.zip")), zipped(entries)),
        Archive::ZipWithHead => {
            let head = b"#!/bin/sh\necho mallory\nexit\n";
            let whole = [&head[..], &zipped(entries)].concat();
            fs::write(class.join(format!("{name}.zip")), whole)
        }
        Archive::RawZip => fs::write(class.join(format!("{name}.zip")), entries[0].content()),
        Archive::RawTarGz => fs::write(class.join(format!("{name}.tar.gz")), entries[0].content()),
        Archive::Tar => File::create(class.join(format!("{name}.tar")))
            .map(|file| tarred(entries, file))
            .map(drop),
        Archive::TarGz => File::create(class.join(format!("{name}.tar.gz"))).and_then(|file| {
            let packed = tarred(entries, GzEncoder::new(file, Compression::fast()));
            packed.finish().map(drop)
        }),
    }
    .unwrap_or_else(|error| panic!("{name}: {error}"));
}

fn tarred<W: Write>(entries: &[Entry], out: W) -> W {
    let mut out = out;
    for entry in entries {
        let mut header = tar::Header::new_ustar();
        let content = match entry.kind {
            Kind::File | Kind::Sparse | Kind::RightFile | Kind::Bytes => entry.content(),
            _ => Vec::new(),
        };
        header.set_entry_type(match entry.kind {
            Kind::Folder => tar::EntryType::Directory,
            Kind::Symlink => tar::EntryType::Symlink,
            Kind::HardLink => tar::EntryType::Link,
            Kind::Fifo => tar::EntryType::Fifo,
            Kind::Device | Kind::Socket => tar::EntryType::Char,
            Kind::File | Kind::Sparse | Kind::RightFile | Kind::Bytes => tar::EntryType::Regular,
        });
        // The crate refuses names that a hostile packer writes; the bytes do not.
        let fields = header.as_ustar_mut().expect("a ustar header");
        put(&mut fields.name, &bytes(&entry.name));
        if matches!(entry.kind, Kind::Symlink | Kind::HardLink) {
            put(&mut fields.linkname, entry.text.as_bytes());
        }
        header.set_mode(if entry.lie == Some(Lie::Mode) {
            0o6777
        } else {
            0o644
        });
        header.set_size(match entry.lie {
            Some(Lie::Size) => 1 << 40,
            _ => content.len() as u64,
        });
        header.set_cksum();
        let padding = content.len().next_multiple_of(512) - content.len();
        for part in [&header.as_bytes()[..], &content, &vec![0; padding]] {
            out.write_all(part).expect("a disk with room");
        }
    }
    out.write_all(&[0; 1024]).expect("a disk with room");
    out
}

fn put(field: &mut [u8], bytes: &[u8]) {
    let len = bytes.len().min(field.len());
    field[..len].copy_from_slice(&bytes[..len]);
}

fn zipped(entries: &[Entry]) -> Vec<u8> {
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    // Two entries of one name are refused by the crate: the second gets a name of the
    // same length, which is put right afterwards.
    let mut names: Vec<Vec<u8>> = Vec::new();
    let mut renamed: Vec<(Vec<u8>, Vec<u8>)> = Vec::new();
    for entry in entries {
        let mut name = bytes(&entry.name);
        if names.contains(&name) || std::str::from_utf8(&name).is_err() {
            let stand_in = stand_in(&name, names.len());
            renamed.push((stand_in.clone(), name));
            name = stand_in;
        }
        let text = String::from_utf8(name.clone()).expect("a stand-in is text");
        names.push(name);
        let options = SimpleFileOptions::default().unix_permissions(match entry.lie {
            Some(Lie::Mode) => 0o6777,
            _ => 0o644,
        });
        let done = match entry.kind {
            Kind::Symlink | Kind::HardLink => out.add_symlink(text, entry.text.as_str(), options),
            Kind::Folder => out.add_directory(text, options),
            _ => out.start_file(text, options),
        };
        done.unwrap_or_else(|error| panic!("{}: {error}", entry.name));
        if matches!(
            entry.kind,
            Kind::File | Kind::Sparse | Kind::RightFile | Kind::Bytes
        ) {
            out.write_all(&entry.content()).expect("memory enough");
        }
    }
    let mut archive = out.finish().expect("an archive").into_inner();
    for (stand_in, name) in renamed {
        replace(&mut archive, &stand_in, &name);
    }
    for entry in entries {
        match entry.lie {
            Some(Lie::Size) => claim_small(&mut archive, &bytes(&entry.name)),
            Some(Lie::Encrypted) => set_encrypted(&mut archive),
            Some(Lie::Mode) | None => {}
        }
    }
    archive
}

fn stand_in(name: &[u8], number: usize) -> Vec<u8> {
    let mut text = format!("{number:04}").into_bytes();
    text.resize(name.len(), b'_');
    text
}

fn replace(archive: &mut [u8], from: &[u8], to: &[u8]) {
    let mut at = 0;
    while let Some(found) = find(&archive[at..], from) {
        archive[at + found..at + found + to.len()].copy_from_slice(to);
        at += found + to.len();
    }
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

/// Where the headers of an archive begin: local ones, and those of the directory, with
/// how far behind the beginning the name stands.
fn headers(archive: &[u8]) -> Vec<(usize, usize)> {
    let starts = |mark: &[u8], name| {
        let found = archive.windows(4).enumerate();
        let found = found.filter(|(_, window)| *window == mark);
        found.map(|(at, _)| (at, name)).collect::<Vec<_>>()
    };
    [starts(b"PK\x03\x04", 30), starts(b"PK\x01\x02", 46)].concat()
}

/// Makes the headers of an entry say that it has one byte.
fn claim_small(archive: &mut [u8], name: &[u8]) {
    for (at, to_name) in headers(archive) {
        if archive[at + to_name..].starts_with(name) {
            let size = if to_name == 30 { at + 22 } else { at + 24 };
            archive[size..size + 4].copy_from_slice(&1u32.to_le_bytes());
        }
    }
}

/// Makes all headers say that what follows is encrypted.
fn set_encrypted(archive: &mut [u8]) {
    for (at, to_name) in headers(archive) {
        archive[if to_name == 30 { at + 6 } else { at + 8 }] |= 1;
    }
}
