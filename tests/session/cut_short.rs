//! Files that are cut short while they are searched and browsed: nothing ends, and it is told.
#![cfg(target_os = "linux")]

use super::rig::Rig;
use pagelens::session::{Action, Command, Session, TabAction, TabId};
use std::fs::File;
use std::time::{Duration, Instant};

const ROUNDS: usize = 1000;
const LEN: usize = 1 << 20;

fn told(session: &Session, id: TabId) -> bool {
    session.notices().shown(Some(id)).any(|notice| notice.text.contains("has truncated"))
}

/// Cuts the file that is open at a random moment of a search, and waits for the banner: how long it took.
fn cut(random: &mut fastrand::Rng, rig: &mut Rig, round: &str) -> Duration {
    let id = rig.tab().id;
    let file = File::options().write(true).open(rig.path("a.bin")).expect("open to cut");
    rig.run(Command::FindAll);
    let moment = Instant::now() + Duration::from_micros(random.u64(0..2000));
    while Instant::now() < moment {
        rig.go(&random.usize(0..LEN).to_string());
        rig.show();
    }
    file.set_len(random.u64(0..LEN as u64)).expect("cut short");
    let begun = Instant::now();
    while !told(&rig.session, id) {
        rig.session.tick();
        if !rig.session.finding().is_searching() {
            rig.run(Command::FindAll);
        }
        rig.go(&random.usize(0..LEN).to_string());
        rig.show();
        assert!(begun.elapsed() < Duration::from_secs(60), "no banner came in {round}");
    }
    begun.elapsed()
}

#[test]
fn a_file_that_is_cut_short_while_it_is_searched_and_browsed_ends_nothing() {
    let seed = 14;
    let mut random = fastrand::Rng::with_seed(seed);
    let bytes: Vec<u8> = (0..LEN).map(|_| random.u8(..)).collect();
    let mut rig = Rig::new();
    rig.look_for("de ad");
    let mut waited = Vec::new();
    for round in 0..ROUNDS {
        rig.write("a.bin", &bytes);
        rig.open("a.bin");
        waited.push(cut(&mut random, &mut rig, &format!("round {round}, seed {seed}")));
        let id = rig.tab().id;
        rig.settle();
        rig.apply(Action::Tab(TabAction::DiscardAndClose(id)));
    }
    waited.sort_unstable();
    let at = |part: f64| waited[((waited.len() - 1) as f64 * part) as usize];
    println!(
        "figure: {ROUNDS} files cut short, 0 crashes; banner after {:?} (median), {:?} (99 %), {:?} (latest)",
        at(0.5),
        at(0.99),
        at(1.0)
    );
}
