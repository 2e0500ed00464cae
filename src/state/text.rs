//! How values that text files have no word for are spelled in them.

/// A location: as text where it is text, else as the list of its bytes.
pub(super) mod location {
    use crate::bytes::Location;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Serialize, Deserialize)]
    #[serde(untagged)]
    enum Spelling {
        Text(String),
        Bytes(Vec<u8>),
    }

    /// Writes the value.
    ///
    /// # Errors
    /// Those of `to`.
    pub fn serialize<S: Serializer>(location: &Location, to: S) -> Result<S::Ok, S::Error> {
        match std::str::from_utf8(location.as_bytes()) {
            Ok(text) => text.serialize(to),
            Err(_) => location.as_bytes().serialize(to),
        }
    }

    /// Reads the value.
    ///
    /// # Errors
    /// Those of `from`, and where it is no such value.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Location, D::Error> {
        Ok(match Spelling::deserialize(from)? {
            Spelling::Text(text) => Location::from_bytes(text.into_bytes()),
            Spelling::Bytes(bytes) => Location::from_bytes(bytes),
        })
    }
}

/// A number that may be larger than the largest that the format has: that one is written then.
pub(super) mod offset {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    /// Writes the value.
    ///
    /// # Errors
    /// Those of `to`.
    pub fn serialize<S: Serializer>(offset: &u64, to: S) -> Result<S::Ok, S::Error> {
        i64::try_from(*offset).unwrap_or(i64::MAX).serialize(to)
    }

    /// Reads the value.
    ///
    /// # Errors
    /// Those of `from`, and where it is no such value.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<u64, D::Error> {
        u64::deserialize(from)
    }
}

/// What may be missing, be of another version, or be nonsense: the default then, and the rest of the file still counts.
pub(super) mod if_it_fits {
    use serde::de::DeserializeOwned;
    use serde::{Deserialize, Deserializer};

    /// Reads the value.
    ///
    /// # Errors
    /// Those of `from`, and where it is no such value.
    pub fn deserialize<'de, D: Deserializer<'de>, T: DeserializeOwned + Default>(
        from: D,
    ) -> Result<T, D::Error> {
        let value = toml::Value::deserialize(from)?;
        Ok(T::deserialize(value).unwrap_or_default())
    }
}
