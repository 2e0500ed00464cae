//! Statistics of the elements of an array: counts, extremes, exact or carefully rounded sums, spread, percentiles,
//! histograms, distinct values.
//!
//! | file | what it holds |
//! |---|---|
//! | `answer` | the question and the answer |
//! | `run`, `tell` | which passes answer a question, and what they say |
//! | `basics`, `moments`, `double` | counts, extremes, sums and spread, and how parts are merged |
//! | `real`, `floats` | floats: a look at a block in vectors, and a tile |
//! | `whole`, `integers` | the same of integers |
//! | `codes`, `meaning`, `locate` | types of one and two bytes, by how often each code occurs |
//! | `details`, `keyed`, `bins`, `distinct`, `finite` | histogram, distinct values, the first look for percentiles |
//! | `select` | the values of given ranks |
//! | `avx`, `words`, `gathered` | the loops of 32-bit and of 16-bit floats on processors with vectors of 32 bytes |
//! | `numbers` | integers of 128 bits, long doubles, complex numbers, and what is no number |
//! | `along`, `many` | the lines of elements along an axis; many arrays, side by side |
//! | `percentiles`, `histogram` | NumPy's interpolation and edges |
//! | `kernels`, `spare` | tiles are shown to what gathers them; tables that workers use by turns |

mod along;
mod answer;
#[cfg(target_arch = "x86_64")]
mod avx;
mod basics;
mod bins;
mod codes;
mod details;
mod distinct;
mod double;
mod finite;
mod floats;
#[cfg(target_arch = "x86_64")]
mod gathered;
mod histogram;
mod integers;
mod kernels;
mod keyed;
mod locate;
mod many;
mod meaning;
mod moments;
mod numbers;
mod percentiles;
mod real;
mod run;
mod select;
mod spare;
mod tell;
mod whole;
#[cfg(target_arch = "x86_64")]
mod words;

pub use along::AxisLines;
pub use answer::{Bins, Distinct, Extremum, Histogram, Statistics, StatisticsQuestion, ValueKind};
pub use many::{measure_each, tuning_beside_others};
pub use run::{Report, statistics};
