//! One solution file to one skeleton file.

use std::collections::HashMap;
use std::path::Path;

use crate::error::{MarkerError, Mistake};
use crate::marker::{self, Marker, Word};

/// A skeleton file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generated {
    /// What students receive.
    pub text: String,
    /// What they are to fill in, from the top.
    pub holes: Vec<Hole>,
}

/// A place for the student's code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hole {
    /// The name that its markers give it.
    pub name: String,
    /// The line of the *generated* text at which its handout text begins, from 1.
    pub line: usize,
}

/// Generates the skeleton of one solution file.
///
/// `path` serves the error message only. The text that comes back holds no
/// marker and nothing that stood between a BEGIN and its HANDOUT, or in a
/// solution-only region. Refuses the file when a marker is not exactly as the
/// [crate] describes it.
pub fn generate(source: &str, path: &Path) -> Result<Generated, MarkerError> {
    let refused = |(line, column, mistake)| MarkerError {
        path: path.to_owned(),
        line,
        column,
        mistake,
    };
    let mut writer = Writer::default();
    for (index, line) in lines(source).map_err(refused)?.enumerate() {
        let number = index + 1;
        let marker = marker::read(line)
            .map_err(|refusal| refused((number, refusal.column, refusal.mistake)))?;
        match marker {
            Some(marker) => writer.marker(number, marker),
            None => writer.text(line),
        }
        .map_err(|(column, mistake)| refused((number, column, mistake)))?;
    }
    writer.finish().map_err(refused)
}

type Refused = (usize, Mistake);
type RefusedAt = (usize, usize, Mistake);

/// Splits a file at its line feeds, and at nothing else.
fn lines(source: &str) -> Result<std::str::Split<'_, char>, RefusedAt> {
    match source.strip_suffix('\n') {
        Some(lines) => Ok(lines.split('\n')),
        None => {
            let last = source.rsplit('\n').next().unwrap_or_default();
            let line = source.matches('\n').count() + 1;
            Err((line, last.chars().count() + 1, Mistake::NoFinalLineFeed))
        }
    }
}

/// The skeleton while it is being written.
#[derive(Default)]
struct Writer {
    text: String,
    lines: usize,
    holes: Vec<Hole>,
    names: HashMap<String, usize>,
    open: Option<Region>,
}

/// What stands between two markers.
struct Region {
    name: String,
    line: usize,
    indent: usize,
    part: Part,
    /// Lines of this part so far, but for blank ones and empty comments.
    lines: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// A hole, before its handout marker.
    Solution,
    /// A hole, after its handout marker.
    Handout,
    SolutionOnly,
}

impl Writer {
    fn marker(&mut self, number: usize, marker: Marker<'_>) -> Result<(), Refused> {
        let done = match marker.word {
            Word::Begin => self.begin(number, marker, Part::Solution),
            Word::SolutionOnlyBegin => self.begin(number, marker, Part::SolutionOnly),
            Word::Handout => self.handout(marker),
            Word::End | Word::SolutionOnlyEnd => self.end(marker),
        };
        done.map_err(|mistake| (marker.indent + 1, mistake))
    }

    fn text(&mut self, line: &str) -> Result<(), Refused> {
        match &mut self.open {
            None => self.push(line),
            Some(region) => {
                region.lines += usize::from(!matches!(line.trim(), "" | "//"));
                if region.part == Part::Handout {
                    let text = handout_text(line, region.indent)?;
                    self.push(&text);
                }
            }
        }
        Ok(())
    }

    fn begin(&mut self, line: usize, marker: Marker<'_>, part: Part) -> Result<(), Mistake> {
        let name = marker.name.to_owned();
        if let Some(outer) = &self.open {
            return Err(Mistake::Nested {
                name,
                outer: outer.name.clone(),
                line: outer.line,
            });
        }
        if let Some(line) = self.names.insert(name.clone(), line) {
            return Err(Mistake::Duplicate { name, line });
        }
        self.open = Some(Region {
            name,
            line,
            indent: marker.indent,
            part,
            lines: 0,
        });
        Ok(())
    }

    fn handout(&mut self, marker: Marker<'_>) -> Result<(), Mistake> {
        let region = self.open.as_mut().ok_or(nothing_open(marker))?;
        match region.part {
            Part::SolutionOnly => return Err(region.other_kind(marker)),
            Part::Handout => {
                return Err(Mistake::SecondHandout {
                    name: region.name.clone(),
                });
            }
            Part::Solution => region.accepts(marker)?,
        }
        region.part = Part::Handout;
        region.lines = 0;
        self.holes.push(Hole {
            name: region.name.clone(),
            line: self.lines + 1,
        });
        Ok(())
    }

    fn end(&mut self, marker: Marker<'_>) -> Result<(), Mistake> {
        let region = self.open.as_ref().ok_or(nothing_open(marker))?;
        let name = region.name.clone();
        match (region.part, marker.word) {
            (Part::SolutionOnly, Word::SolutionOnlyEnd) => {}
            (Part::Solution | Part::Handout, Word::End) => {}
            _ => return Err(region.other_kind(marker)),
        }
        if marker.name != name {
            return Err(Mistake::OtherName {
                name: marker.name.to_owned(),
                open: name,
                line: region.line,
            });
        }
        if region.part == Part::Solution {
            return Err(Mistake::NoHandout { name });
        }
        region.accepts(marker)?;
        self.open = None;
        Ok(())
    }

    fn push(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
        self.lines += 1;
    }

    fn finish(self) -> Result<Generated, RefusedAt> {
        match self.open {
            Some(region) => Err((
                region.line,
                region.indent + 1,
                Mistake::Unclosed { name: region.name },
            )),
            None => Ok(Generated {
                text: self.text,
                holes: self.holes,
            }),
        }
    }
}

impl Region {
    /// Checks that this part is not empty and that the marker that ends it is
    /// aligned with the one that opened the region.
    fn accepts(&self, marker: Marker<'_>) -> Result<(), Mistake> {
        let name = self.name.clone();
        if marker.indent != self.indent {
            return Err(Mistake::Indentation {
                name,
                expected: self.indent,
                found: marker.indent,
            });
        }
        match (self.lines, self.part) {
            (0, Part::Handout) => Err(Mistake::EmptyHandout { name }),
            (0, Part::Solution | Part::SolutionOnly) => Err(Mistake::NoSolution { name }),
            _ => Ok(()),
        }
    }

    fn other_kind(&self, marker: Marker<'_>) -> Mistake {
        Mistake::OtherKind {
            word: marker.word,
            open: self.name.clone(),
            line: self.line,
        }
    }
}

fn nothing_open(marker: Marker<'_>) -> Mistake {
    Mistake::NothingOpen { word: marker.word }
}

/// Takes the comment's prefix off a line of handout text.
fn handout_text(line: &str, indent: usize) -> Result<String, Refused> {
    let comment = line.trim_start_matches(' ');
    let found = line.len() - comment.len();
    if found != indent {
        return Err((found + 1, Mistake::NotHandoutText { indent }));
    }
    if comment == "//" {
        return Ok(String::new());
    }
    match comment.strip_prefix("// ") {
        None => Err((found + 1, Mistake::NotHandoutText { indent })),
        Some(text) if text.is_empty() || text.ends_with(' ') => {
            Err((line.chars().count(), Mistake::TrailingSpace))
        }
        Some(text) => Ok(format!("{:indent$}{text}", "")),
    }
}
