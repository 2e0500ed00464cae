//! Formats of Python's struct: their sizes, and the values that `unpack` finds in random bytes.

use super::rig::ask;
use pagelens::decode::NumberStyle;
use pagelens::decode::dtype::ItemType;
use pagelens::decode::hex;

const COUNT: usize = 5000;

#[test]
fn random_formats_mean_the_same_values_to_struct() {
    let Some(made) = ask("structs.py", &["make", "7", &COUNT.to_string()], b"") else { return };
    let made = String::from_utf8(made).expect("text");
    let mut questions = String::new();
    let mut seen = 0;
    for line in made.lines() {
        let mut fields = line.split('\t');
        let mut field = || fields.next().expect("three fields");
        let (text, size, bytes) = (field(), field(), hex::parse(field()).expect("hex"));
        let item: ItemType =
            format!("struct:{text}").parse().unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(item.group_bytes().to_string(), size, "{text}");
        let mut shown = String::new();
        item.format(&bytes, 0, &NumberStyle::Shortest, &mut shown);
        let again = item.encode(&shown, &bytes, 0);
        // A length byte beyond its string is cut to it.
        assert!(again.as_deref() == Ok(&bytes) || text.contains('p'), "{text} {shown} {again:?}");
        let shown = if matches!(item, ItemType::Record(_)) { shown } else { format!("({shown},)") };
        questions += &format!("{text}\t{}\t{shown}\n", hex::format(&bytes, false, ""));
        seen += 1;
    }
    assert_eq!(seen, COUNT);
    let complaints = ask("structs.py", &["check"], questions.as_bytes()).expect("it answered before");
    assert_eq!(String::from_utf8_lossy(&complaints), "");
}
