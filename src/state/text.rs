//! How values that text files have no word for are spelled in them.

/// A path: as text where it is text, else as the list of its bytes.
pub(super) mod path {
    use crate::bytes::path_bytes::path_of;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use std::path::{Path, PathBuf};

    #[derive(Serialize, Deserialize)]
    #[serde(untagged)]
    enum Spelling {
        Text(PathBuf),
        Bytes(Vec<u8>),
    }

    /// Writes a path as text, or as bytes where it is no text.
    ///
    /// # Errors
    /// That of the format.
    pub fn serialize<S: Serializer>(path: &Path, to: S) -> Result<S::Ok, S::Error> {
        match path.to_str() {
            Some(text) => text.serialize(to),
            None => path.as_os_str().as_encoded_bytes().serialize(to),
        }
    }

    /// Reads a path that was written so.
    ///
    /// # Errors
    /// That of the format, also when neither text nor bytes stand there.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<PathBuf, D::Error> {
        Ok(match Spelling::deserialize(from)? {
            Spelling::Text(path) => path,
            Spelling::Bytes(bytes) => from_bytes(bytes),
        })
    }

    /// The path that these bytes of a platform's string are; as near as it gets where they are none.
    pub fn from_bytes(bytes: Vec<u8>) -> PathBuf {
        let nearest = String::from_utf8_lossy(&bytes).into_owned();
        path_of(bytes).unwrap_or_else(|| nearest.into())
    }
}

/// A number that may be larger than the largest that the format has: that one is written then.
pub(super) mod offset {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    /// Writes an offset in bytes.
    ///
    /// # Errors
    /// That of the format.
    pub fn serialize<S: Serializer>(offset: &u64, to: S) -> Result<S::Ok, S::Error> {
        i64::try_from(*offset).unwrap_or(i64::MAX).serialize(to)
    }

    /// Reads an offset in bytes.
    ///
    /// # Errors
    /// That of the format, also when no number from 0 on stands there.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<u64, D::Error> {
        u64::deserialize(from)
    }
}

/// What may be missing, be of another version, or be nonsense: the default then, and the rest of the file still counts.
pub(super) mod if_it_fits {
    use serde::de::DeserializeOwned;
    use serde::{Deserialize, Deserializer};

    /// Reads a value, or its default.
    ///
    /// # Errors
    /// That of the format, when not even a value of another kind stands there.
    pub fn deserialize<'de, D: Deserializer<'de>, T: DeserializeOwned + Default>(
        from: D,
    ) -> Result<T, D::Error> {
        let value = toml::Value::deserialize(from)?;
        Ok(T::deserialize(value).unwrap_or_default())
    }
}
