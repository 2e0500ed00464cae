//! Elements with a tolerance.

use crate::elements::questions::{random_array, random_item};
use crate::search::sources::Patchy;
use pagelens::analysis::Tuning;
use pagelens::analysis::compare::{
    ArrayCompare, Closeness, CompareRefusal, CompareRule, ComparedArray, ValueTally,
};
use pagelens::analysis::search::End;
use pagelens::bytes::{MemorySource, SharedSource, Source, Span};
use pagelens::decode::Number;
use pagelens::decode::array::{Array, MemoryOrder};
use pagelens::document::{Content, Document, Edit};
use pagelens::job::Progress;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::Ordering;

fn array(dtype: &str, shape: &[u64]) -> Array {
    Array::new(dtype.parse().expect("a type"), 0, shape.to_vec(), MemoryOrder::C).expect("an array")
}

fn compared(
    a: (&dyn Source, &Array),
    b: (&dyn Source, &Array),
    rule: CompareRule,
    tuning: Tuning,
) -> Result<(Vec<u64>, ValueTally), CompareRefusal> {
    let progress = Progress::default();
    let side = |(source, array)| ComparedArray { source, array };
    let mut compare = ArrayCompare::new(side(a), side(b), rule, &progress)?;
    compare.tuning = tuning;
    let mut different = Vec::new();
    let tally = compare.run(&mut |runs| {
        different.extend(runs.iter().flat_map(|run| run.start()..run.end()));
        ControlFlow::Continue(())
    });
    assert_eq!(tally.found.different, different.len() as u64);
    Ok((different, tally))
}

fn floats(values: &[f32]) -> MemorySource {
    MemorySource::new(values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>())
}

fn within(atol: f64, rtol: f64) -> CompareRule {
    CompareRule { closeness: Some(Closeness { atol, rtol }), ..CompareRule::default() }
}

#[test]
fn special_values_are_equal_as_the_rule_has_it() {
    let nan = f32::NAN;
    let other_nan = f32::from_bits(nan.to_bits() ^ 1);
    let inf = f32::INFINITY;
    let a = [nan, nan, nan, 1.0, inf, inf, -inf, 0.0, 1.0];
    let b = [nan, other_nan, 1.0, nan, inf, -inf, 1.0, -0.0, f32::from_bits(0x3f80_0003)];
    let (own, other, shape) = (floats(&a), floats(&b), array("<f4", &[9]));
    let of = |rule| compared((&own, &shape), (&other, &shape), rule, Tuning::default()).expect("comparable");
    let equal_nan = |rule| CompareRule { equal_nan: true, ..rule };
    let ulp = |ulp| CompareRule { ulp: Some(ulp), ..CompareRule::default() };
    let exact = CompareRule::default();
    assert_eq!(of(exact).0, [1, 2, 3, 5, 6, 8], "NaNs with the same bits are the same");
    assert_eq!(of(equal_nan(exact)).0, [2, 3, 5, 6, 8]);
    assert_eq!(of(within(1e-6, 0.0)).0, [0, 1, 2, 3, 5, 6]);
    assert_eq!(of(equal_nan(within(0.0, 1e-9))).0, [2, 3, 5, 6, 8]);
    assert_eq!(of(within(f64::INFINITY, 0.0)).0, [0, 1, 2, 3, 5], "only where b is finite");
    assert_eq!(of(ulp(2)).0, [0, 1, 2, 3, 5, 6, 8]);
    assert_eq!(of(ulp(3)).0, [0, 1, 2, 3, 5, 6]);
    let found = of(exact).1.found;
    assert_eq!((found.nan.only_a, found.nan.only_b, found.nan.both), (1, 1, 2));
    let max = found.max_abs.expect("numbers");
    assert_eq!((max.difference, max.element), (f64::INFINITY, 5));
    assert_eq!(found.max_rel.map(|max| (max.difference, max.element)), Some((f64::INFINITY, 6)));
    assert_eq!((found.bins.zero, found.bins.infinite), (2, 2));
    assert_eq!(found.bins.powers.into_iter().collect::<Vec<_>>(), [(-22, 1)]);
    let worst: Vec<u64> = found.worst.iter().map(|worst| worst.element).collect();
    assert_eq!(worst, [5, 6, 8]);
}

#[test]
fn figures_over_many_blocks_are_those_of_a_plain_loop() {
    for seed in 0..20 {
        let mut rng = fastrand::Rng::with_seed(seed);
        let count = rng.usize(1..90_000);
        let a: Vec<f32> = (0..count).map(|_| rng.f32() * 100.0 - 50.0).collect();
        let noise = if seed % 2 == 0 { 0.1 } else { 1.0 };
        let b: Vec<f32> =
            a.iter().map(|value| if rng.f32() < noise { value + rng.f32() * 1e-3 } else { *value }).collect();
        let shape = array("<f4", &[count as u64]);
        let tuning = Tuning { threads: rng.usize(1..4), ..Tuning::default() };
        let (atol, rtol) = (4e-4_f32, 1e-6_f32);
        let rule = within(f64::from(atol), f64::from(rtol));
        let (different, tally) =
            compared((&floats(&a), &shape), (&floats(&b), &shape), rule, tuning).expect("comparable");
        let pairs: Vec<(f32, f32)> = a.iter().copied().zip(b.iter().copied()).collect();
        let is_close = |(a, b): &(f32, f32)| (a - b).abs() <= atol + rtol * b.abs();
        let wanted: Vec<u64> = (0..count).filter(|at| !is_close(&pairs[*at])).map(|at| at as u64).collect();
        assert_eq!(different, wanted, "seed {seed}");
        let largest = |of: &dyn Fn(&(f32, f32)) -> f32| {
            let mut best = (0.0, 0);
            for (at, pair) in pairs.iter().enumerate() {
                if of(pair) > best.0 {
                    best = (of(pair), at as u64);
                }
            }
            best
        };
        let found = &tally.found;
        assert_eq!(found.compared, count as u64);
        let (abs, at) = largest(&|(a, b)| (a - b).abs());
        assert_eq!(found.max_abs.map(|max| max.difference), Some(f64::from(abs)), "seed {seed}");
        if abs > 0.0 {
            assert_eq!(found.max_abs.map(|max| max.element), Some(at));
        }
        let (rel, at) = largest(&|(a, b)| if *b == 0.0 { 0.0 } else { (a - b).abs() / b.abs() });
        assert_eq!(
            found.max_rel.map(|max| (max.difference, max.element)),
            (rel > 0.0).then_some((f64::from(rel), at))
        );
        let steps = |value: f32| {
            let bits = i64::from(value.to_bits().cast_signed());
            if bits < 0 { i64::from(i32::MIN) - bits } else { bits }
        };
        let ulps = pairs.iter().map(|(a, b)| steps(*a).abs_diff(steps(*b))).max();
        assert_eq!(found.max_ulp.map(|max| max.ulps), ulps);
        let mut worst: Vec<(u64, u64)> = wanted
            .iter()
            .map(|at| {
                let (a, b) = pairs[*at as usize];
                ((a - b).abs().to_bits().into(), *at)
            })
            .collect();
        worst.sort_by_key(|(difference, at)| (std::cmp::Reverse(*difference), *at));
        let worst: Vec<u64> = worst.into_iter().take(10).map(|(_, at)| at).collect();
        assert_eq!(found.worst.iter().map(|worst| worst.element).collect::<Vec<_>>(), worst, "seed {seed}");
        let zero = pairs.iter().filter(|(a, b)| a == b).count() as u64;
        assert_eq!(found.bins.zero, zero);
        assert_eq!(found.bins.zero + found.bins.powers.values().sum::<u64>(), count as u64);
        let from_tenth: u64 = found.bins.powers.range(-11..).map(|(_, count)| count).sum();
        assert_eq!(
            from_tenth,
            pairs.iter().filter(|(a, b)| (a - b).abs() >= 2.0_f32.powi(-11)).count() as u64
        );
    }
}

/// The values of all elements, one by one.
fn one_by_one(source: &dyn Source, array: &Array) -> Vec<(Option<Number>, Vec<u8>)> {
    let element = |number: u64| {
        let place = array.place(&array.index_at(number));
        let mut group = vec![0; place.span.len() as usize];
        source.read_at(place.span.start(), &mut group).expect("inside");
        (array.item.number(&group, place.item), group)
    };
    (0..array.items()).map(element).collect()
}

#[test]
fn arrays_of_any_type_and_strides_are_equal_to_themselves_and_differ_where_they_do() {
    for seed in 0..1200 {
        let mut rng = fastrand::Rng::with_seed(seed);
        let item = random_item(&mut rng);
        let len = rng.usize(1..3000);
        let Some(own) = random_array(&mut rng, item, len) else { continue };
        let bytes: Vec<u8> = (0..len).map(|_| rng.u8(..)).collect();
        let source = MemorySource::new(bytes.clone());
        let tuning = super::tiny(&mut rng);
        let rule = CompareRule { equal_nan: true, ..CompareRule::default() };
        let (different, tally) =
            compared((&source, &own), (&source, &own), rule, tuning).expect("comparable");
        assert_eq!((different.len(), tally.lost), (0, 0), "seed {seed}: {own:?}");
        assert_eq!(tally.found.compared + tally.odd, own.items(), "seed {seed}");
        if own.items() == 0 {
            continue;
        }
        // One byte is another in the other source.
        let mut changed = bytes.clone();
        let at = rng.usize(0..bytes.len());
        changed[at] ^= 1 << rng.u8(0..8);
        let other = MemorySource::new(changed);
        let (different, _) = compared((&source, &own), (&other, &own), rule, tuning).expect("comparable");
        let pairs = one_by_one(&source, &own).into_iter().zip(one_by_one(&other, &own));
        for (number, ((a, raw_a), (b, raw_b))) in pairs.enumerate() {
            let is_told = different.contains(&(number as u64));
            let is_same = match (a, b) {
                (Some(a), Some(b)) => a == b || format!("{a:?}") == format!("{b:?}"),
                (None, None) => raw_a == raw_b,
                _ => false,
            };
            if is_told {
                assert_ne!(raw_a, raw_b, "seed {seed}, element {number}: {own:?}");
            }
            if is_same {
                assert!(!is_told, "seed {seed}, element {number}: {own:?} {a:?} {b:?}");
            }
        }
    }
}

#[test]
fn types_that_cannot_be_compared_are_refused() {
    let bytes = MemorySource::new(vec![0; 64]);
    let refusal = |a: &str, b: &str, rule: CompareRule| {
        let (a, b) = (array(a, &[2]), array(b, &[2]));
        compared((&bytes, &a), (&bytes, &b), rule, Tuning::default()).err()
    };
    let ulp = CompareRule { ulp: Some(1), ..CompareRule::default() };
    let exact = CompareRule::default();
    assert!(matches!(refusal("S4", "<i4", exact), Some(CompareRefusal::Types { .. })));
    assert!(matches!(refusal("<M8[s]", "<M8[ms]", exact), Some(CompareRefusal::Types { .. })));
    assert_eq!(refusal("<M8[s]", ">M8[s]", exact), None);
    assert!(matches!(refusal("<f4", "<f8", ulp), Some(CompareRefusal::NoUlp { .. })));
    assert_eq!(refusal("<f4", ">f4", ulp), None);
    assert!(matches!(refusal("S4", "S4", within(1.0, 0.0)), Some(CompareRefusal::NoNumbers(_))));
    assert_eq!(refusal("<c8", "<f8", within(1.0, 0.0)), None);
    let (two, three) = (array("<f4", &[2]), array("<f4", &[3]));
    let shapes = compared((&bytes, &two), (&bytes, &three), exact, Tuning::default()).err();
    assert_eq!(
        shapes.map(|refusal| refusal.to_string()),
        Some("The shapes differ: (2,) and (3,).".to_owned())
    );
}

#[test]
fn elements_that_cannot_be_read_are_counted_and_the_others_compared() {
    let values: Vec<f32> = (0..4000).map(|n| n as f32).collect();
    let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    let mut changed = bytes.clone();
    for element in [10, 1024, 2100, 3999] {
        changed[4 * element] ^= 1;
    }
    let mut own = Patchy::new(bytes);
    own.bad.push(Span::between(4 * 2100 + 1, 4 * 2100 + 2));
    let other = Patchy::new(changed);
    let shape = array("<f4", &[4000]);
    let tuning = Tuning { chunk: 1024, threads: 2, grain: 64 };
    let (different, tally) =
        compared((&own, &shape), (&other, &shape), CompareRule::default(), tuning).expect("comparable");
    assert_eq!(different, [10, 1024, 3999]);
    assert_eq!((tally.lost, tally.found.compared, tally.unread.a.bytes()), (16, 4000 - 16, 64));
    assert!(tally.unread.b.is_empty() && !tally.is_equal());
}

#[test]
fn what_two_states_share_is_not_read_and_a_cancel_ends_it() {
    let values: Vec<u8> = (0..1_000_000_u32).flat_map(|n| (n as f32).to_le_bytes()).collect();
    let base = Arc::new(Patchy::new(values));
    let mut document = Document::new(base.clone() as SharedSource);
    let before = document.snapshot();
    let edit = Edit::one("Set", Span::between(2_000_000, 2_000_004), Content::Bytes(vec![0; 4]));
    document.apply(edit).expect("applied");
    let after = document.snapshot();
    let shape = array("<f4", &[1000, 1000]);
    let (different, tally) =
        compared((&before, &shape), (&after, &shape), CompareRule::default(), Tuning::default())
            .expect("comparable");
    assert_eq!((different, tally.found.compared), (vec![500_000], 1_000_000));
    assert_eq!(tally.found.max_abs.map(|max| (max.difference, max.element)), Some((500_000.0, 500_000)));
    assert!(base.read.load(Ordering::Relaxed) < 1 << 20);
    let progress = Progress::default();
    progress.cancel();
    let side = |source| ComparedArray { source, array: &shape };
    let compare = ArrayCompare::new(side(&before), side(&after), CompareRule::default(), &progress);
    let tally = compare.expect("comparable").run(&mut |_| ControlFlow::Continue(()));
    assert_eq!((tally.end, tally.found.compared), (End::Cancelled, 0));
}
