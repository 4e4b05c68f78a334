//! How far a long job is: bars, plain lines, events, and a log.
