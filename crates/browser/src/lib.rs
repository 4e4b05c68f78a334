//! Pages in a browser, for tests: what a reader can do with them, and what the browser and
//! axe-core have to say.
//!
//! Needs chromium. Where it is missing, tests say so and are skipped, unless
//! `FAULTLINE_BROWSER=required`. A test fails on any warning or error of the console, on
//! any violation of the content security policy, and on any request but that of the page
//! and of those beside it that it leads to.
//!
//! - [`shown`]: a page, its screen, keys and text
//! - [`access`]: what axe-core finds on it

pub mod access;
pub mod shown;
