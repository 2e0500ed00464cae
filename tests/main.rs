#[test]
fn a() {}
mod bytes;
