//! Elements that are looked at where the file is mapped: the same as those that are read, whatever a kernel answers for
//! there, and also when the file is cut meanwhile.

use super::*;
use pagelens::analysis::elements::{MappedForm, MappedTile};
use pagelens::compute::Predicate;
use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Long enough to be mapped, in more than one piece.
const LEN: usize = 400_007;

fn file_of(bytes: &[u8]) -> (tempfile::NamedTempFile, FileSource) {
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
    file.write_all(bytes).expect("written");
    let source = FileSource::open(file.path()).expect("a source");
    (file, source)
}

/// Random bits, with values among them that are far from random.
fn some_bytes(rng: &mut fastrand::Rng, item: &ItemType) -> Vec<u8> {
    let mut bytes = random_bytes(rng, LEN - 5000..LEN);
    let size = item.group_bytes() as usize;
    let zero = vec![0; size];
    let texts = [
        "nan", "inf", "-inf", "0", "-0.0", "1", "-1", "3", "-3", "2.5", "1e-40", "1e-310", "100", "127",
        "255",
    ];
    let known: Vec<Vec<u8>> = texts.iter().filter_map(|text| item.encode(text, &zero, 0).ok()).collect();
    let from = rng.usize(0..9);
    for place in bytes[from..].chunks_exact_mut(size) {
        if let Some(value) = rng.choice(&known)
            && rng.u8(..) < 40
        {
            place.copy_from_slice(value);
        }
    }
    bytes
}

/// All of the bytes from a random offset on.
fn all_of(rng: &mut fastrand::Rng, item: &ItemType, bytes: &[u8]) -> Array {
    let offset = if rng.bool() { rng.u64(0..40) } else { 4096 };
    let count = (bytes.len() as u64 - offset) / item.group_bytes() * u64::from(item.group_items());
    Array::new(item.clone(), offset, vec![count], MemoryOrder::C).expect("an array")
}

fn hits(source: &dyn Source, array: &Array, question: &Predicate) -> (Vec<u64>, u64) {
    let question = question.for_items(&array.item, &[]).expect("a question for the type");
    let (mut all, mut lost) = (Vec::new(), 0);
    let end = question.search(source, array, &Progress::default(), &mut |part| {
        assert!(part.hits.iter().all(|number| part.elements.contains(&number)));
        all.extend(part.hits.iter());
        lost += part.lost;
        ControlFlow::Continue(())
    });
    assert_eq!(end, PassEnd::Complete);
    (all, lost)
}

#[test]
fn what_is_found_in_a_map_is_what_is_found_in_a_copy() {
    let mut rng = fastrand::Rng::with_seed(31);
    use Element::*;
    let kinds = [U8, I8, Bool, U16, I16, F16, Bf16, U24, U32, I32, F32, U64, I64, F64, F8E4M3FN, UnixMs];
    let questions = [
        "x > 1",
        "x == 3",
        "x != 3",
        "x >= 0",
        "x < 0",
        "x <= 2.5 and x > -1",
        "x < -3 or x > 100",
        "not (x < -1 or x > 1)",
        "x == 0 or x == 1 or x == 3 or x == 100",
        "x == 1 or x == 3 or x == 100 or x == 127 or x == 5 or x == 7",
        "isnan(x)",
        "isinf(x)",
        "isfinite(x) and x != 0",
        "not isnan(x) and x > 2",
        "x > 1e400",
        "x * 2 > 5",
    ];
    for kind in kinds {
        for order in Order::ALL {
            let item: ItemType = DType::new(kind, order).into();
            let bytes = some_bytes(&mut rng, &item);
            let array = all_of(&mut rng, &item, &bytes);
            let (_file, source) = file_of(&bytes);
            let memory = MemorySource::new(bytes);
            for text in questions {
                let question: Predicate = text.parse().expect("a question");
                if question.for_items(&item, &[]).is_err() {
                    continue;
                }
                let (found, wanted) = (hits(&source, &array, &question), hits(&memory, &array, &question));
                assert_eq!(found.0.len(), wanted.0.len(), "{item} {text}");
                assert!(found == wanted, "{item} {text}");
            }
        }
    }
}

/// Keeps all that it is shown; of mapped elements it answers for as many as its turn says.
struct KeepMapped<'a> {
    item: &'a ItemType,
    turns: AtomicUsize,
}

impl ElementKernel for KeepMapped<'_> {
    type Part = Vec<(u64, Shown)>;

    const ONLY_MAKES_PARTS: bool = true;

    fn mapped(&self, elements: &MappedTile<'_>, part: &mut Self::Part) -> usize {
        let turn = self.turns.fetch_add(1, Ordering::Relaxed);
        let size = self.item.group_bytes() as usize;
        let count = elements.count.min([elements.count, 0, 0, 64, 1000, 1][turn % 6]);
        let mut bytes = vec![0; count * size];
        assert_eq!(elements.raw.copy(elements.from, &mut bytes), bytes.len(), "all elements are in the map");
        assert!(elements.is_swapped || elements.form != MappedForm::Plain(TileKind::Raw));
        let values = bytes.chunks_exact(size).map(|bytes| Shown::Number(self.item.number(bytes, 0)));
        part.extend((elements.first..).zip(values));
        count
    }

    fn tile(&self, tile: &Tile<'_>, part: &mut Self::Part) {
        part.extend((tile.first..).zip(shown(tile).0));
    }
}

#[test]
fn every_mapped_element_is_shown_once_and_in_order() {
    let mut rng = fastrand::Rng::with_seed(32);
    for round in 0..60 {
        let item = random_item(&mut rng);
        let bytes = random_bytes(&mut rng, LEN / 2..LEN);
        let array = all_of(&mut rng, &item, &bytes);
        let wanted = expected(&bytes, &array, &[]);
        let (_file, source) = file_of(&bytes);
        let kernel = KeepMapped { item: &item, turns: AtomicUsize::new(rng.usize(0..6)) };
        let (mut found, mut next) = (Answer::default(), 0);
        let progress = Progress::default();
        let end = ElementPass::new(&source, &array, &progress).run(&kernel, &mut |made| {
            assert_eq!(made.elements.start, next);
            next = made.elements.end;
            found.shown.extend(made.part);
            found.lost += made.lost;
            found.odd += made.odd;
            ControlFlow::Continue(())
        });
        assert_eq!(
            (end, progress.done()),
            (PassEnd::Complete, array.items() * item.group_bytes() / u64::from(item.group_items()))
        );
        check(&found, &wanted, &|| format!("round {round}: {array:?}"));
    }
}

#[test]
fn elements_behind_a_cut_are_lost_and_none_of_them_is_found() {
    let item: ItemType = DType::new(Element::F32, Order::Little).into();
    let bytes: Vec<u8> = (0..LEN / 4).flat_map(|n| (n as f32 + 1.0).to_le_bytes()).collect();
    let (file, source) = file_of(&bytes);
    let array = Array::new(item, 0, vec![bytes.len() as u64 / 4], MemoryOrder::C).expect("an array");
    for left in [300_001, 4096 * 40, 5] {
        file.as_file().set_len(left).expect("cut short");
        // Zeros are what a map gives behind the end.
        for (text, count) in [("x == 0", 0), ("x != 0", left / 4), ("x * 1 > 0", left / 4)] {
            let (found, lost) = hits(&source, &array, &text.parse().expect("a question"));
            let kept = found.len() as u64;
            // What was read of the grain at the cut may be lost with it.
            assert!(kept <= count && (count == 0 || count - kept <= 1024), "{text}: {kept} of {count}");
            assert!(
                lost >= array.items() - left / 4 && lost <= array.items() - (left / 4).saturating_sub(1024),
                "{text}: {lost}"
            );
        }
    }
}
