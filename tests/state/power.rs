//! The power goes while edits are made, at any moment: what is lost is no older than a second, and what is left was there.

use super::life::{Life, all, disk, idle_writer, look, revive};
use crate::save::sim::{Crash, Keep};
use pagelens::state::edit_log::Sync;
use std::time::Duration;

/// Nothing older is lost.
const MOST_LOST: Duration = Duration::from_secs(1);
/// A disk that takes longer to confirm can promise no more than it does.
const SLOWEST_SYNC: u64 = 500;

/// The states that a document went through, and when.
type Story = Vec<(Duration, Vec<u8>)>;

/// Edits for some seconds, as the log's thread would write them.
fn live(life: &mut Life, entries: usize) -> Story {
    let mut story = vec![(Duration::ZERO, all(&life.document.snapshot()))];
    let mut syncing: Option<(Duration, Sync)> = None;
    for _ in 0..entries {
        let next = life.now + Duration::from_millis(life.random.u64(1..700));
        // What the clock brings until then.
        loop {
            let due = match &syncing {
                Some((done, _)) => Some(*done),
                None => life.writer.wakes_at(),
            };
            let Some(at) = due.filter(|at| *at <= next) else { break };
            life.now = life.now.max(at);
            if let Some((_, sync)) = syncing.take() {
                let answer = sync.run();
                life.writer.synced(answer, life.now);
            } else if let Some(sync) = life.writer.look_at_clock(life.now) {
                let takes = Duration::from_millis(life.random.u64(0..SLOWEST_SYNC));
                syncing = Some((life.now + takes, sync));
            }
        }
        life.now = next;
        let (at, byte) = (life.random.u64(0..=life.document.len()), life.random.u8(..));
        match life.random.u8(..10) {
            0 => life.undo(),
            1 => life.redo(),
            _ => life.type_at(at, &[byte; 3]),
        }
        story.push((life.now, all(&life.document.snapshot())));
    }
    story
}

#[test]
fn a_power_cut_takes_no_more_than_the_last_second() {
    for seed in 0..1000 {
        let disk = disk(seed);
        let mut life = Life::new(&disk, seed);
        let entries = life.random.usize(1..25);
        let story = live(&mut life, entries);
        let cut = life.now + Duration::from_millis(life.random.u64(0..5));
        let keep = Keep::random(&mut life.random);
        disk.crash(Crash::PowerLoss(keep));
        let safe = story.iter().rposition(|(at, _)| *at + MOST_LOST < cut).unwrap_or(0);
        let (offers, messages) = look(&disk);
        let Some(offer) = offers.first() else {
            assert!(safe == 0, "seed {seed}: nothing is left of {safe} edits; {messages:?}");
            continue;
        };
        let revived = revive(offer, &life.file).unwrap_or_else(|error| panic!("seed {seed}: {error:?}"));
        let bytes = all(&revived.document.snapshot());
        let there = story[safe..].iter().any(|(_, state)| *state == bytes);
        assert!(
            there,
            "seed {seed}, {keep:?}: an edit older than a second is lost, or what is left was never there"
        );
    }
}

#[test]
fn a_restored_log_that_is_cut_off_again_is_the_old_or_the_new_one() {
    for seed in 0..300 {
        let disk = disk(seed);
        let mut life = Life::new(&disk, seed);
        (0..8).for_each(|_| life.act());
        life.cancel_save();
        life.type_at(0, b"!");
        let writer = std::mem::replace(&mut life.writer, idle_writer(&disk));
        writer.finish(life.now);
        disk.crash(Crash::Killed);
        let Ok(revived) = life.revive(&disk) else { panic!("seed {seed}: not restored") };
        let now = all(&revived.document.snapshot());
        let keep = Keep::random(&mut life.random);
        disk.crash(Crash::PowerLoss(keep));
        let again = life.revive(&disk).unwrap_or_else(|error| panic!("seed {seed}: {error:?}"));
        assert!(all(&again.document.snapshot()) == now, "seed {seed}, {keep:?}");
        assert_eq!(again.remarks, Vec::<String>::new(), "seed {seed}, {keep:?}");
    }
}
