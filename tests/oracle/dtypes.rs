//! Types from text against NumPy: size, alignment, the place and type of every value inside, and the way back.

use super::rig::ask;
use pagelens::decode::dtype::ItemType;
use pagelens::decode::literal::{self, Literal};

const SEED: u64 = 20_260_131;
const COUNT: usize = 20_000;

/// The leaves as the script writes them.
fn leaves(item: &ItemType) -> Vec<(String, u64, String)> {
    item.leaves(200).into_iter().map(|leaf| (leaf.name, leaf.offset, leaf.item.to_string())).collect()
}

fn told(text: &str) -> Vec<(String, u64, String)> {
    let mut rest = text;
    let mut found = Vec::new();
    while !rest.is_empty() {
        // The name is a string of Python, in which anything may stand.
        let end = (1..rest.len())
            .filter(|end| rest.as_bytes()[*end] == b':' && rest.is_char_boundary(*end))
            .find(|end| literal::parse(&rest[..*end]).is_ok())
            .expect("a name");
        let Ok(Literal::Str(name)) = literal::parse(&rest[..end]) else { panic!("{rest}") };
        let (offset, after) = rest[end + 1..].split_once(':').expect("an offset");
        let (code, after) = after.split_once(';').unwrap_or((after, ""));
        found.push((name, offset.parse().expect("a number"), code.to_owned()));
        rest = after;
    }
    found
}

#[test]
fn random_dtypes_are_parsed_as_numpy_parses_them() {
    let Some(made) = ask("dtypes.py", &["make", &SEED.to_string(), &COUNT.to_string()], b"") else { return };
    let made = String::from_utf8(made).expect("text");
    let mut questions = String::new();
    let mut seen = 0;
    for line in made.lines() {
        let mut fields = line.split('\t');
        let mut field = || fields.next().expect("four fields");
        let (text, size, align, wanted) = (field(), field(), field(), field());
        let item: ItemType = text.parse().unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(item.group_bytes().to_string(), size, "{text}");
        assert_eq!(item.alignment().to_string(), align, "{text}");
        assert_eq!(leaves(&item), told(wanted), "{text}");
        let shown = item.to_string();
        assert_eq!(shown.parse::<ItemType>(), Ok(item.clone()), "{text}");
        assert_eq!(item.python().parse::<ItemType>(), Ok(item.clone()), "{text}");
        let descr = item.descr();
        if let Some(descr) = &descr {
            let read = ItemType::from_descr(descr);
            let read = read.expect("a type");
            assert_eq!((leaves(&read), read.group_bytes()), (leaves(&item), item.group_bytes()), "{text}");
        }
        questions += &format!("{text}\t{shown}\t{}\t{}\n", item.python(), descr.as_deref().unwrap_or("-"));
        seen += 1;
    }
    assert_eq!(seen, COUNT);
    let complaints = ask("dtypes.py", &["check"], questions.as_bytes()).expect("it answered before");
    assert_eq!(String::from_utf8_lossy(&complaints), "");
}
