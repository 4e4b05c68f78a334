//! The handouts, put together as the source of an mdBook.
//!
//! The handouts lie beside the reference solution and beside answer keys, and mdBook
//! publishes whatever lies beside a chapter. So the book has a source of its own, and
//! what is not written here is not in it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use course::catalogue::{Catalogue, CatalogueError, Lab};

use crate::console::{Malformed, sessions};

const BOOK: &str = include_str!("../template/book.toml");
const CSS: &str = include_str!("../template/pictures.css");
const INTRODUCTION: &str = include_str!("../template/introduction.md");

/// Why there is no book.
#[derive(Debug, thiserror::Error)]
pub enum BookError {
    /// The registry of the labs cannot be used.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// A handout has a session that is none.
    #[error("{}: {why}", path.display())]
    Session {
        /// The handout.
        path: PathBuf,
        /// What is wrong, with its line.
        why: Malformed,
    },
    /// A file cannot be read or written.
    #[error("{}: {error}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// A picture cannot be drawn.
    #[error("the picture of {}: {why}", trace.display())]
    Picture {
        /// The trace.
        trace: PathBuf,
        /// Why.
        why: String,
    },
}

/// Draws the picture of a trace into a file.
pub type Draw<'a> = dyn FnMut(&Path, &Path) -> Result<(), String> + 'a;

/// Writes the source of the book of a workspace's labs to a folder, where `mdbook build`
/// makes pages of it, and returns the chapters. What the folder had before is replaced.
///
/// # Errors
///
/// If a handout cannot be read, a picture cannot be drawn, or a file cannot be written.
pub fn assemble(root: &Path, out: &Path, draw: &mut Draw<'_>) -> Result<Vec<PathBuf>, BookError> {
    let source = out.join("src");
    if source.exists() {
        fs::remove_dir_all(&source).map_err(|error| file(&source, error))?;
    }
    write(&out.join("book.toml"), BOOK)?;
    write(&out.join("pictures.css"), CSS)?;
    write(&source.join("introduction.md"), INTRODUCTION)?;
    let mut summary = "# Summary\n\n[Introduction](introduction.md)\n\n".to_owned();
    let mut chapters = vec![source.join("introduction.md")];
    for lab in &Catalogue::read(root)?.labs {
        let chapter = Chapter::read(lab)?;
        let file_name = format!("{}.md", chapter.name);
        summary += &format!("- [{}]({file_name})\n", chapter.title());
        let path = source.join(&file_name);
        write(&path, &chapter.with_pictures(root, &source, draw)?)?;
        chapters.push(path);
    }
    write(&source.join("SUMMARY.md"), &summary)?;
    Ok(chapters)
}

/// A handout on its way into the book.
struct Chapter {
    /// The lab's folder: `02-lazy`.
    name: String,
    path: PathBuf,
    text: String,
}

impl Chapter {
    fn read(lab: &Lab) -> Result<Self, BookError> {
        let path = lab.folder.join("README.md");
        let text = fs::read_to_string(&path).map_err(|error| file(&path, error))?;
        let name = lab.folder.file_name().unwrap_or_default();
        Ok(Self {
            name: name.to_string_lossy().into_owned(),
            path,
            text,
        })
    }

    /// Its first heading.
    fn title(&self) -> &str {
        let mut lines = self.text.lines();
        let heading = lines.find_map(|line| line.strip_prefix("# "));
        heading.unwrap_or(&self.name)
    }

    /// The text, with a picture behind each session that shows steps of a fault: the
    /// picture of the same trace, opened at the same event.
    fn with_pictures(
        &self,
        root: &Path,
        source: &Path,
        draw: &mut Draw<'_>,
    ) -> Result<String, BookError> {
        let shown = sessions(&self.text).map_err(|why| BookError::Session {
            path: self.path.clone(),
            why,
        })?;
        let mut lines: Vec<String> = self.text.lines().map(str::to_owned).collect();
        // From the last one on, so that the numbers of the lines before stay right.
        for session in shown.iter().rev() {
            let Some(steps) = session.commands.iter().find_map(Steps::shown_by) else {
                continue;
            };
            let trace = root.join(steps.trace);
            let stem = trace.file_stem().unwrap_or_default().to_string_lossy();
            let picture = format!("pictures/{}-{stem}.html", self.name);
            let drawn = source.join(&picture);
            make_folder(&drawn)?;
            draw(&trace, &drawn).map_err(|why| BookError::Picture { trace, why })?;
            let fence = (session.line - 1..lines.len()).find(|&at| lines[at] == "```");
            let behind = fence.map_or(lines.len(), |at| at + 1);
            lines.insert(behind, frame(&picture, steps.line));
        }
        Ok(lines.join("\n") + "\n")
    }
}

/// A command that shows the steps of a fault.
struct Steps<'a> {
    trace: &'a str,
    /// The line of the trace whose steps are shown first.
    line: u64,
}

impl<'a> Steps<'a> {
    fn shown_by(command: &'a crate::console::Command) -> Option<Self> {
        let mut words = command.typed.strip_prefix("cargo lab run ")?.split(' ');
        let trace = words.next()?;
        let steps = words.any(|word| word == "--steps");
        let prints = command.prints.as_deref().unwrap_or_default();
        // An event is `   5  write …`, and a step is `      5 the kernel acts …`.
        let number = |line: &str| line.trim_start().split_once("  ")?.0.parse().ok();
        let line = prints.lines().find_map(number)?;
        steps.then_some(Self { trace, line })
    }
}

fn frame(picture: &str, line: u64) -> String {
    format!(
        "\n<div class=\"picture\"><iframe src=\"{picture}#line={line}\" loading=\"lazy\" \
         title=\"The trace, step by step\"></iframe>\n\
         <a href=\"{picture}#line={line}\">Open the picture by itself</a></div>\n"
    )
}

fn make_folder(file_in_it: &Path) -> Result<(), BookError> {
    let folder = file_in_it.parent().unwrap_or(file_in_it);
    fs::create_dir_all(folder).map_err(|error| file(folder, error))
}

fn write(path: &Path, text: &str) -> Result<(), BookError> {
    make_folder(path)?;
    fs::write(path, text).map_err(|error| file(path, error))
}

fn file(path: &Path, error: io::Error) -> BookError {
    BookError::File {
        path: path.to_owned(),
        error,
    }
}
