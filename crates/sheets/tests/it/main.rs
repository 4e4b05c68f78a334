//! Tests of the sheets: a sheet and grades in, the sheet and warnings out.

mod canvas;
mod cells;
mod comments;
mod moodle;

use roster::student::StudentId;
use sheets::grades::{Grade, Points};

/// A student who gets this, of 100 points.
fn gets(id: &str, points: f64) -> Grade {
    Grade {
        id: StudentId(id.to_owned()),
        email: None,
        login: None,
        points: Points::Given(points),
        max: 100.0,
        comment: format!("<p>{points:.2} of 100 points</p>"),
    }
}

/// The same for somebody of whom there is another thing to say.
fn is(id: &str, points: Points) -> Grade {
    Grade {
        points,
        ..gets(id, 0.0)
    }
}

/// A student whom the roster knows by these, too.
fn known(id: &str, email: &str, login: &str, points: f64) -> Grade {
    Grade {
        email: Some(email.to_owned()),
        login: Some(login.to_owned()),
        ..gets(id, points)
    }
}
