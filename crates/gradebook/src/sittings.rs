//! Sittings: under which conditions which class was graded.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, Transaction, params};

use crate::attempts::{Entered, enter_all};
use crate::book::Book;
use crate::error::BookError;
use crate::key::{Conditions, KeySet, Policy, Toolchain};
use crate::shard::Shard;

/// A run of `grade`, or several if it was stopped and went on.
#[derive(Clone, Debug)]
pub struct Sitting {
    /// Its number; the latest has the highest.
    pub number: i64,
    /// What its results depend on besides the sources.
    pub conditions: Conditions,
    /// What is graded of what is known already.
    pub scope: Scope,
    /// Which part of the class it is about; none if it is about all.
    pub shard: Option<Shard>,
    /// Whether everything is done.
    pub is_finished: bool,
}

/// What a sitting is asked for.
#[derive(Clone, Debug)]
pub struct Asked {
    /// What its results depend on besides the sources.
    pub conditions: Conditions,
    /// What is graded of what is known already.
    pub scope: Scope,
    /// Which part of the class it is about; none if it is about all.
    pub shard: Option<Shard>,
}

/// What is graded of what is known already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// What has changed.
    Changed,
    /// All of it, again.
    Everything,
}

impl Book {
    /// Begins a sitting with this class; or goes on with the latest one, if it was stopped
    /// under the same conditions. Who then asks for everything gets what the sitting has
    /// graded so far. What was found in an attempt before stays, if it still is the same.
    ///
    /// # Errors
    ///
    /// If the book cannot be read or written, or two attempts of one student count.
    pub fn sit(&mut self, asked: &Asked, class: &[Entered]) -> Result<Sitting, BookError> {
        let stopped = self
            .latest_sitting()?
            .filter(|latest| goes_on(latest, asked));
        // Whoever reads meanwhile sees the class before or the class after.
        self.at_once(|transaction| {
            let sitting = match stopped {
                Some(stopped) => stopped,
                None => begin(transaction, asked)?,
            };
            enter_all(transaction, sitting.number, class)?;
            Ok(sitting)
        })
    }

    /// The latest sitting; none in a new book.
    ///
    /// # Errors
    ///
    /// If the book cannot be read.
    pub fn latest_sitting(&self) -> Result<Option<Sitting>, BookError> {
        let query = "SELECT sittings.id, fresh, shard, shards, finished_at IS NOT NULL,
                            key_set, toolchain, policy, max
                     FROM sittings JOIN conditions ON conditions.id = sittings.conditions
                     ORDER BY sittings.id DESC LIMIT 1";
        let row = self.db.query_row(query, [], sitting);
        row.optional().map_err(|error| self.sql(error))
    }

    /// Notes that everything of a sitting is done.
    ///
    /// # Errors
    ///
    /// If the book cannot be written.
    pub fn finish(&mut self, sitting: &Sitting) -> Result<(), BookError> {
        let now = Timestamp::now().to_string();
        let done = "UPDATE sittings SET finished_at = ?2 WHERE id = ?1 AND finished_at IS NULL";
        let updated = self.db.execute(done, params![sitting.number, now]);
        updated.map(drop).map_err(|error| self.sql(error))
    }
}

fn goes_on(latest: &Sitting, asked: &Asked) -> bool {
    let Asked {
        conditions,
        scope,
        shard,
    } = asked;
    let same = (&latest.conditions, &latest.shard) == (conditions, shard);
    let enough = latest.scope == *scope || latest.scope == Scope::Everything;
    !latest.is_finished && same && enough
}

fn begin(transaction: &Transaction<'_>, asked: &Asked) -> rusqlite::Result<Sitting> {
    let Asked {
        conditions,
        scope,
        shard,
    } = asked.clone();
    transaction.execute(
        "INSERT INTO sittings (conditions, fresh, shard, shards, started_at)
         VALUES (?1, ?2, ?3, ?4, ?5)",
        params![
            number_of(transaction, &conditions)?,
            scope == Scope::Everything,
            shard.map(Shard::number),
            shard.map(Shard::of),
            Timestamp::now().to_string(),
        ],
    )?;
    Ok(Sitting {
        number: transaction.last_insert_rowid(),
        conditions,
        scope,
        shard,
        is_finished: false,
    })
}

/// The number of conditions in a book, which are written down if they are new.
fn number_of(transaction: &Transaction<'_>, conditions: &Conditions) -> rusqlite::Result<i64> {
    let Conditions {
        key_set,
        toolchain,
        policy,
        max,
    } = conditions;
    transaction.execute(
        "INSERT INTO conditions (key_set, toolchain, policy, max) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT DO NOTHING",
        params![key_set.0, toolchain.0, policy.0, max],
    )?;
    transaction.query_row(
        "SELECT id FROM conditions WHERE (key_set, toolchain, policy) = (?1, ?2, ?3)",
        params![key_set.0, toolchain.0, policy.0],
        |row| row.get(0),
    )
}

fn sitting(row: &Row<'_>) -> rusqlite::Result<Sitting> {
    let (shard, shards): (Option<u32>, Option<u32>) = (row.get(2)?, row.get(3)?);
    Ok(Sitting {
        number: row.get(0)?,
        scope: match row.get(1)? {
            true => Scope::Everything,
            false => Scope::Changed,
        },
        shard: shard
            .zip(shards)
            .and_then(|(number, of)| Shard::new(number, of).ok()),
        is_finished: row.get(4)?,
        conditions: conditions(row, 5)?,
    })
}

/// Conditions, in four columns from this one on.
pub(crate) fn conditions(row: &Row<'_>, at: usize) -> rusqlite::Result<Conditions> {
    Ok(Conditions {
        key_set: KeySet(row.get(at)?),
        toolchain: Toolchain(row.get(at + 1)?),
        policy: Policy(row.get(at + 2)?),
        max: row.get(at + 3)?,
    })
}
