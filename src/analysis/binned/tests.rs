//! PlaneBins against the plainest way to make them.

use super::*;
use crate::analysis::Tuning;
use crate::bytes::memory::MemorySource;
use crate::decode::array::{Array, MemoryOrder};
use crate::job::Progress;

fn floats(count: usize) -> Vec<f32> {
    let mut random = fastrand::Rng::with_seed(7);
    (0..count)
        .map(|at| if at % 37 == 5 { f32::NAN } else { random.i32(-1_000_000..1_000_000) as f32 / 64.0 })
        .collect()
}

fn binned(array: &Array, bytes: Vec<u8>, shape: (usize, usize), tuning: Tuning) -> PlaneBins {
    let source = MemorySource::new(bytes);
    let progress = Progress::default();
    let pass = ElementPass { tuning, ..ElementPass::new(&source, array, &progress) };
    let mut bins = PlaneBins::new(shape.0, shape.1, BinValues::ALL);
    let last_row = array.shape[1];
    let (end, unread) = bin_plane(
        &pass,
        BinShape { height: shape.0, width: shape.1, last_row, fill: None },
        BinValues::ALL,
        &mut |row| bins.add(row),
    );
    assert!(end == PassEnd::Complete && unread.is_empty());
    bins
}

/// Each bin element by element.
fn plainly(
    value: impl Fn(usize, usize) -> f32,
    rows: usize,
    columns: usize,
    shape: (usize, usize),
) -> PlaneBins {
    let mut bins = PlaneBins::new(shape.0, shape.1, BinValues::ALL);
    for row in 0..shape.0 {
        for column in 0..shape.1 {
            let at = row * shape.1 + column;
            for c in column * columns / shape.1..(column + 1) * columns / shape.1 {
                let mut sum = 0.0;
                for r in row * rows / shape.0..(row + 1) * rows / shape.0 {
                    let value = f64::from(value(r, c));
                    if value.is_nan() {
                        bins.nan[at] += 1;
                        continue;
                    }
                    bins.count[at] += 1;
                    sum += value;
                    bins.max[at] = bins.max[at].max(value);
                    bins.min[at] = bins.min[at].min(value);
                }
                bins.sum[at] += sum;
            }
        }
    }
    bins
}

fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|value| value.to_bits()).collect()
}

#[track_caller]
fn assert_same(made: &PlaneBins, expected: &PlaneBins) {
    assert_eq!(bits(&made.max), bits(&expected.max), "max");
    assert_eq!(bits(&made.min), bits(&expected.min), "min");
    assert_eq!(bits(&made.sum), bits(&expected.sum), "sum");
    assert_eq!((&made.count, &made.nan), (&expected.count, &expected.nan));
}

#[test]
fn bins_are_those_of_the_plainest_way_whatever_the_threads_and_the_order_of_memory() {
    let (rows, columns) = (97, 131);
    let values = floats(rows * columns);
    let bytes: Vec<u8> = bytemuck::cast_slice(&values).to_vec();
    let array = |order, shape: [usize; 2]| {
        Array::new("<f4".parse().expect("a type"), 0, shape.map(|side| side as u64).to_vec(), order)
            .expect("an array")
    };
    for shape in [(1, 1), (97, 131), (10, 7), (96, 130), (97, 1), (1, 131)] {
        for tuning in [Tuning::default(), Tuning { chunk: 64, threads: 3, grain: 16 }] {
            let made = binned(&array(MemoryOrder::C, [rows, columns]), bytes.clone(), shape, tuning);
            assert_same(&made, &plainly(|r, c| values[r * columns + c], rows, columns, shape));
        }
        // The same bytes as columns one after another.
        let made = binned(&array(MemoryOrder::F, [rows, columns]), bytes.clone(), shape, Tuning::default());
        assert_same(&made, &plainly(|r, c| values[c * rows + r], rows, columns, shape));
    }
}

#[test]
fn a_plane_with_gaps_and_backward_strides_has_its_own_elements_only() {
    let (rows, columns) = (20, 30);
    let values = floats(rows * columns);
    let bytes: Vec<u8> = bytemuck::cast_slice(&values).to_vec();
    // values[::-2, 4::3]
    let offset = ((rows - 1) * columns + 4) * 4;
    let array = Array::with_strides(
        "<f4".parse().expect("a type"),
        offset as u64,
        vec![10, 9],
        vec![-2 * columns as i64 * 4, 12],
    )
    .expect("an array");
    let made = binned(&array, bytes, (3, 4), Tuning::default());
    let value = |r: usize, c: usize| values[(rows - 1 - 2 * r) * columns + 4 + 3 * c];
    assert_same(&made, &plainly(value, 10, 9, (3, 4)));
}

#[test]
fn integers_of_all_sizes_and_packed_bits_are_binned_by_their_values() {
    for (dtype, bytes, expected) in [
        ("u1", vec![1, 2, 255, 4], [2.0, 255.0]),
        ("i1", vec![1, 2, 255, 253], [2.0, -1.0]),
        (">i2", vec![0, 1, 0xff, 0xff, 0x7f, 0xff, 0, 0], [1.0, 32767.0]),
        (
            "<u8",
            [1_u64, 7, u64::MAX, 3].iter().flat_map(|v| v.to_le_bytes()).collect(),
            [7.0, u64::MAX as f64],
        ),
    ] {
        let array = Array::new(dtype.parse().expect("a type"), 0, vec![1, 4], MemoryOrder::C);
        let made = binned(&array.expect("an array"), bytes, (1, 2), Tuning::default());
        assert_eq!(made.max, expected, "{dtype}");
    }
    let array = Array::new("bits".parse().expect("a type"), 0, vec![2, 8], MemoryOrder::C).expect("an array");
    let made = binned(&array, vec![0b1111_0000, 0b0000_0001], (2, 2), Tuning::default());
    let ones = made.sum.iter().sum::<f64>();
    assert_eq!((ones, made.count), (5.0, vec![4; 4]));
}

#[test]
fn a_last_row_with_fewer_elements_is_not_read_beyond_them() {
    let values: Vec<u8> = (1..=23).collect();
    for shape in [(3, 10), (1, 1), (2, 4), (3, 1)] {
        for offset in [0, 1] {
            // In the second round only a part of each row is asked for, which does not lie side by side.
            let array =
                Array::with_strides("u1".parse().expect("a type"), offset, vec![3, 10 - offset], vec![10, 1]);
            let array = array.expect("an array");
            let source = MemorySource::new(values.clone());
            let progress = Progress::default();
            let pass = ElementPass::new(&source, &array, &progress);
            let (height, width) = (shape.0, shape.1.min(10 - offset as usize));
            let mut bins = PlaneBins::new(height, width, BinValues::ALL);
            let asked = BinShape { height, width, last_row: 3 - offset, fill: None };
            let (_, unread) = bin_plane(&pass, asked, BinValues::ALL, &mut |row| bins.add(row));
            let all: u64 = bins.count.iter().sum();
            assert_eq!((all, unread.is_empty()), (23 - 3 * offset, true), "{shape:?}");
            let sum: f64 = bins.sum.iter().sum();
            assert_eq!(sum, if offset == 0 { 276.0 } else { 276.0 - 1.0 - 11.0 - 21.0 });
        }
    }
}

#[test]
fn a_fill_value_is_masked_in_every_type() {
    for (dtype, bytes) in [
        ("u1", vec![9, 7, 9, 7]),
        ("<u2", vec![9, 0, 7, 0, 9, 0, 7, 0]),
        ("<i8", [9_i64, 7, 9, 7].iter().flat_map(|v| v.to_le_bytes()).collect()),
        ("<f4", [9_f32, 7.0, 9.0, 7.0].iter().flat_map(|v| v.to_le_bytes()).collect()),
    ] {
        let array =
            Array::new(dtype.parse().expect("a type"), 0, vec![1, 4], MemoryOrder::C).expect("an array");
        let source = MemorySource::new(bytes);
        let progress = Progress::default();
        let mut bins = PlaneBins::new(1, 2, BinValues::ALL);
        let shape = BinShape { height: 1, width: 2, last_row: 4, fill: Some(9.0) };
        bin_plane(&ElementPass::new(&source, &array, &progress), shape, BinValues::ALL, &mut |row| {
            bins.add(row)
        });
        assert_eq!(
            (bins.max, bins.sum, bins.count, bins.nan),
            (vec![7.0; 2], vec![7.0; 2], vec![1; 2], vec![1; 2]),
            "{dtype}"
        );
    }
}

#[test]
fn planes_of_very_many_columns_keep_only_their_bins() {
    let (rows, columns) = (3, 5000);
    // Whole numbers, whose sums do not depend on the order.
    let values: Vec<f32> = floats(rows * columns).iter().map(|value| value.round()).collect();
    let bytes: Vec<u8> = bytemuck::cast_slice(&values).to_vec();
    let item = "<f4".parse().expect("a type");
    let array = Array::new(item, 0, vec![rows as u64, columns as u64], MemoryOrder::C).expect("an array");
    for shape in [(3, 7), (1, 1), (2, 5000)] {
        for tuning in [Tuning::default(), Tuning { chunk: 64, threads: 3, grain: 16 }] {
            let made = binned(&array, bytes.clone(), shape, tuning);
            assert_same(&made, &plainly(|r, c| values[r * columns + c], rows, columns, shape));
        }
    }
}
