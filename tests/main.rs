//! The integration tests, one module a part.

mod decode;
