mod search;

#[test]
fn a() {}
mod bytes;
