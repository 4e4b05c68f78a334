//! Grade sheets that course systems take back.
