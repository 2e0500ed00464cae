//! Random expressions against NumPy, asked all at once: new values of elements, and which elements an expression or a value
//! is true of; over every type, shape, slice and order, also between arrays and with numbers of all elements.

mod beside;
mod cases;
mod texts;
mod values;

use crate::oracle::rig::ask;
use cases::{Case, json};
use pagelens::analysis::{PassEnd, Tuning};
use pagelens::bytes::{MemorySource, Source};
use pagelens::compute::{ComputeError, Operation, Predicate, apply_beside, numbers_of_all};
use pagelens::document::{Document, Edit};
use pagelens::job::Progress;
use std::fmt::Write;
use std::ops::ControlFlow;
use std::sync::Arc;
use texts::{Both, Ingredients};

/// A count of comparisons that the environment may raise.
fn count(name: &str, usual: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// What became of the bytes, or why nothing did.
fn applied(case: &Case, text: &str) -> Result<Vec<u8>, ComputeError> {
    let operation: Operation = text.parse().unwrap_or_else(|error| panic!("{text}: {error}"));
    let source = Arc::new(MemorySource::new(case.x.bytes.clone()));
    let others = case.other_arrays();
    let made = apply_beside(&*source, &case.x.part, &operation, &others, &Progress::default())?;
    let mut document = Document::new(source);
    if !made.splices.is_empty() {
        document.apply(Edit::each("Test", made.splices)).expect("applied");
    }
    let mut after = vec![0; case.x.bytes.len()];
    document.snapshot().read_at(0, &mut after).expect("read");
    Ok(after)
}

/// The numbers of all elements as they are known here, for the script to check and to use.
fn known(case: &Case, text: &str, ingredients: &Ingredients) -> String {
    let operation: Operation = text.parse().unwrap_or_else(|error| panic!("{text}: {error}"));
    let source = MemorySource::new(case.x.bytes.clone());
    let wanted = operation.wanted(&case.x.part.item);
    let numbers = |at: usize| {
        let one = &wanted[at..=at];
        numbers_of_all(one, &source, &case.x.part, &case.other_arrays(), &Progress::default())
    };
    let mut all = Vec::new();
    for (name, Both { own, python }) in &ingredients.reductions {
        // The same number is wanted once, wherever it is used.
        let text = format!("{name}({own})");
        let alone: Operation =
            format!("{text} + x").parse().unwrap_or_else(|error| panic!("{text}: {error}"));
        let one = alone.wanted(&case.x.part.item);
        let at = wanted.iter().position(|wanted| Some(wanted) == one.first()).expect("it is wanted");
        let value = match numbers(at) {
            Ok(known) => json(known[0]),
            Err(error) => format!("\"{error}\""),
        };
        all.push(format!("{{\"name\": \"{name}\", \"of\": \"{python}\", \"value\": {value}}}"));
    }
    all.join(", ")
}

fn complaints_of(questions: &[u8], kind: &str) {
    let Some(complaints) = ask("expressions.py", &[kind], questions) else { return };
    let complaints = String::from_utf8_lossy(&complaints);
    let first: Vec<&str> = complaints.lines().take(20).collect();
    assert!(complaints.is_empty(), "{} complaints:\n{}", complaints.lines().count(), first.join("\n"));
}

#[test]
fn new_values_are_those_of_numpy() {
    let mut random = fastrand::Rng::with_seed(0xe59);
    let mut questions = Vec::new();
    for round in 0..count("PAGELENS_EXPRESSIONS", 10_000) {
        let case = Case::random(&mut random);
        let mut ingredients = case.ingredients(2);
        let depth = random.usize(1..5);
        let Both { own, python } = ingredients.number(&mut random, depth);
        let known = known(&case, &own, &ingredients);
        let (outcome, after) = match applied(&case, &own) {
            Ok(after) => ("\"after\"".to_owned(), after),
            Err(ComputeError::At { index, .. }) => (format!("{index:?}"), Vec::new()),
            Err(error) => (format!("{:?}", error.to_string()), Vec::new()),
        };
        let line = format!(
            "{{\"round\": {round}, \"own\": {own:?}, \"python\": {python:?}, \"known\": [{known}], \"outcome\": {outcome}, {}}}\n",
            case.facts()
        );
        questions.extend(line.into_bytes());
        questions.extend(case.bytes());
        questions.extend(after);
    }
    complaints_of(&questions, "values");
}

/// The numbers of the elements that are as asked.
fn found(case: &Case, question: &Predicate, random: &mut fastrand::Rng) -> Result<Vec<u64>, ComputeError> {
    let source = MemorySource::new(case.x.bytes.clone());
    let (others, progress) = (case.other_arrays(), Progress::default());
    let asked = question.asked_of(&source, &case.x.part, &others, &progress)?;
    let tuning = Tuning { chunk: random.usize(1..3000), threads: random.usize(1..4), grain: 64 };
    let mut numbers = Vec::new();
    let end = asked.search_with(0..asked.items(), &progress, tuning, &mut |part| {
        assert!(part.unread.is_empty() && part.lost == 0);
        numbers.extend(part.hits.iter());
        ControlFlow::Continue(())
    });
    assert_eq!(end, PassEnd::Complete);
    Ok(numbers)
}

#[test]
fn elements_that_are_as_asked_are_those_of_numpy() {
    let mut random = fastrand::Rng::with_seed(0x3e5);
    let mut questions = Vec::new();
    for round in 0..count("PAGELENS_WHERE", 2000) {
        let case = Case::random(&mut random);
        let mut line = format!("{{\"round\": {round}, ");
        let outcome = if random.u8(..3) > 0 {
            let mut ingredients = case.ingredients(1);
            let depth = random.usize(1..4);
            let Both { own, python } = ingredients.truth(&mut random, depth);
            let known = known(&case, &own, &ingredients);
            write!(line, "\"own\": {own:?}, \"python\": {python:?}, \"known\": [{known}], ").expect("memory");
            let question: Predicate = own.parse().unwrap_or_else(|error| panic!("{own}: {error}"));
            found(&case, &question, &mut random)
        } else {
            let (text, tolerance, facts) = values::random(&case.x, &mut random);
            write!(line, "\"own\": {text:?}, {facts}, ").expect("memory");
            match Predicate::value(&text, tolerance.as_deref()) {
                Ok(question) => found(&case, &question, &mut random),
                Err(error) => panic!("{text} {tolerance:?}: {error}"),
            }
        };
        let outcome = match outcome {
            Ok(numbers) => format!("{numbers:?}"),
            Err(error) => format!("{:?}", error.to_string()),
        };
        writeln!(line, "\"outcome\": {outcome}, {}}}", case.facts()).expect("memory");
        questions.extend(line.into_bytes());
        questions.extend(case.bytes());
    }
    complaints_of(&questions, "where");
}
