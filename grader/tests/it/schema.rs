//! The JSON forms of the results and their committed schemas.

use std::fs;
use std::path::PathBuf;

use grader::report::schema::{
    autolab_schema, classroom50_schema, gradescope_schema, json_schema, leaderboard_schema,
};

/// `UPDATE_SCHEMA=1 cargo test -p grader schema` writes the schemas.
#[test]
fn the_committed_schemas_are_those_of_the_code() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("schema");
    let schemas = [
        ("grade.schema.json", json_schema()),
        ("leaderboard.schema.json", leaderboard_schema()),
        ("gradescope.schema.json", gradescope_schema()),
        ("classroom50.schema.json", classroom50_schema()),
        ("autolab.schema.json", autolab_schema()),
    ];
    for (name, now) in schemas {
        let committed = folder.join(name);
        if std::env::var_os("UPDATE_SCHEMA").is_some() {
            fs::write(&committed, &now).expect("the schema can be written");
        }
        let then = fs::read_to_string(&committed).expect("a schema is committed");
        assert_eq!(
            then, now,
            "help: UPDATE_SCHEMA=1 cargo test -p grader schema"
        );
    }
}
