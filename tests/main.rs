mod search;

#[test]
fn a() {}
