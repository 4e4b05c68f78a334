//! Tiers and their names; what a machine offers is asked without a trace.

use std::fs;

use sandbox::tier::{Demand, Layer, Tier, offered};
use sandbox::user::{FIRST_USER, USERS, user_of};

const ALL: Tier = Tier {
    limits: true,
    user: true,
    landlock: 6,
    seccomp: true,
};

#[test]
fn names_lead_back_to_what_they_name() {
    for layer in Layer::ALL {
        assert_eq!(Layer::named(layer.name()), Some(layer));
    }
    for demand in [Demand::Required, Demand::BestEffort, Demand::Off] {
        assert_eq!(Demand::named(demand.name()), Some(demand));
    }
    assert_eq!(Layer::named("Seccomp"), None);
    assert_eq!(Demand::named(""), None);
}

#[test]
fn a_user_of_its_own_is_the_only_layer_that_is_not_needed() {
    assert_eq!(ALL.lacks(), []);
    let same_user = Tier { user: false, ..ALL };
    assert_eq!(same_user.lacks(), []);
    let nothing = [Layer::Limits, Layer::Landlock, Layer::Seccomp];
    assert_eq!(Tier::NOTHING.lacks(), nothing);
}

#[test]
fn of_two_tiers_the_weaker_has_what_both_have() {
    let other = Tier {
        landlock: 4,
        seccomp: false,
        ..ALL
    };
    assert_eq!(ALL.weaker(other), other);
    assert_eq!(ALL.weaker(Tier::NOTHING), Tier::NOTHING);
}

#[test]
fn a_tier_is_told_in_words() {
    assert_eq!(ALL.to_string(), "limits, user, landlock (ABI 6), seccomp");
    assert_eq!(Tier::NOTHING.to_string(), "none");
}

#[test]
fn to_ask_what_is_offered_changes_nothing() {
    let first = offered();
    let own = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    assert!(fs::read(own).is_ok(), "no file is forbidden");
    assert!(
        rustix::process::getpgid(None).is_ok(),
        "no call is forbidden"
    );
    assert_eq!(rustix::thread::no_new_privs(), Ok(false));
    assert_eq!(offered(), first);
}

#[test]
fn processes_with_neighbouring_numbers_are_different_users() {
    for process in [1, 605, 4_194_303] {
        assert_ne!(user_of(process), user_of(process + 1));
        assert!((FIRST_USER..FIRST_USER + USERS).contains(&user_of(process)));
    }
}
