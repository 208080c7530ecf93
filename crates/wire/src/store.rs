//! Which recording a message belongs to, and who writes it.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use prost::Message as _;

use crate::proto;

/// What is kept in a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StoreKind {
    /// What a program logged.
    Recording,
    /// How a viewer should arrange its panels.
    Blueprint,
    /// A kind that is not known here.
    Other,
}

impl StoreKind {
    pub(crate) fn from_number(number: i32) -> Self {
        match number {
            1 => Self::Recording,
            2 => Self::Blueprint,
            _ => Self::Other,
        }
    }

    pub(crate) fn number(self) -> i32 {
        match self {
            Self::Recording => 1,
            Self::Blueprint => 2,
            Self::Other => 0,
        }
    }
}

/// Names a recording. Messages with the same id belong together, whatever connection or file they
/// came from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StoreId {
    /// What is kept in it.
    pub kind: StoreKind,
    /// The name of the program that logs; empty if it is not known.
    pub application_id: Arc<str>,
    /// The name of this run of it.
    pub recording_id: Arc<str>,
}

impl StoreId {
    /// The id of a recording.
    pub fn recording(application_id: &str, recording_id: &str) -> Self {
        Self {
            kind: StoreKind::Recording,
            application_id: application_id.into(),
            recording_id: recording_id.into(),
        }
    }

    pub(crate) fn from_proto(id: &proto::StoreId) -> Self {
        Self {
            kind: StoreKind::from_number(id.kind),
            application_id: id.application_id.as_ref().map_or("", |id| &id.id).into(),
            recording_id: id.recording_id.as_str().into(),
        }
    }

    pub(crate) fn to_proto(&self) -> proto::StoreId {
        proto::StoreId {
            kind: self.kind.number(),
            recording_id: self.recording_id.to_string(),
            application_id: (!self.application_id.is_empty()).then(|| proto::ApplicationId {
                id: self.application_id.to_string(),
            }),
        }
    }
}

/// The version of the library that a program logs with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SdkVersion {
    /// Major version.
    pub major: u8,
    /// Minor version.
    pub minor: u8,
    /// Patch version.
    pub patch: u8,
    /// 0 for a release; else two bits for the kind of pre-release and six for its number.
    pub meta: u8,
}

impl SdkVersion {
    pub(crate) fn from_bytes([major, minor, patch, meta]: [u8; 4]) -> Self {
        Self {
            major,
            minor,
            patch,
            meta,
        }
    }

    pub(crate) fn to_bytes(self) -> [u8; 4] {
        [self.major, self.minor, self.patch, self.meta]
    }
}

impl fmt::Display for SdkVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)?;
        let number = self.meta & 0x3f;
        match self.meta >> 6 {
            1 => write!(f, "-rc.{number}"),
            2 => write!(f, "-alpha.{number}"),
            3 => write!(f, "-alpha.{number}+dev"),
            _ => Ok(()),
        }
    }
}

/// What a logger says about a recording before it fills it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreInfo {
    /// Which recording.
    pub id: StoreId,
    /// What it was logged from, for people: `Python 3.11.7`, `Rust`, `C`.
    pub source: String,
    /// The version of the logging library.
    pub sdk_version: Option<SdkVersion>,
}

impl StoreInfo {
    /// `None` if it does not say which recording it is about.
    pub(crate) fn from_proto(info: &proto::StoreInfo) -> Option<Self> {
        let mut id = StoreId::from_proto(info.store_id.as_ref()?);
        if let Some(application) = &info.application_id
            && id.application_id.is_empty()
        {
            id.application_id = application.id.as_str().into();
        }
        Some(Self {
            id,
            source: info.source.as_ref().map_or_else(String::new, source_text),
            sdk_version: info
                .version
                .map(|version| SdkVersion::from_bytes(version.bits.to_le_bytes())),
        })
    }

    pub(crate) fn to_proto(&self) -> proto::StoreInfo {
        proto::StoreInfo {
            // Where version 0.24 looks for it; later ones do not.
            application_id: Some(proto::ApplicationId {
                id: self.id.application_id.to_string(),
            }),
            store_id: Some(self.id.to_proto()),
            source: Some(source_numbers(&self.source)),
            version: self.sdk_version.map(|version| proto::StoreVersion {
                bits: i32::from_le_bytes(version.to_bytes()),
            }),
        }
    }
}

/// Kinds of source that say no more than their name.
const PLAIN_SOURCES: &[(i32, &str)] = &[(1, "C"), (3, "Rust"), (4, "file"), (5, "viewer")];

const PYTHON: i32 = 2;
const OTHER: i32 = 6;

fn source_text(source: &proto::StoreSource) -> String {
    let extra = source
        .extra
        .as_ref()
        .map_or(&[][..], |extra| extra.payload.as_ref());
    match source.kind {
        PYTHON => match proto::PythonVersion::decode(extra) {
            Ok(version) if version.major > 0 => format!(
                "Python {}.{}.{}{}",
                version.major, version.minor, version.patch, version.suffix
            ),
            _ => "Python".to_owned(),
        },
        OTHER => String::from_utf8_lossy(extra).into_owned(),
        kind => PLAIN_SOURCES
            .iter()
            .find(|(number, _)| *number == kind)
            .map_or_else(String::new, |(_, name)| (*name).to_owned()),
    }
}

fn source_numbers(text: &str) -> proto::StoreSource {
    let with = |kind, payload: Vec<u8>| proto::StoreSource {
        kind,
        extra: Some(proto::SourceExtra {
            payload: Bytes::from(payload),
        }),
    };
    if let Some((kind, _)) = PLAIN_SOURCES.iter().find(|(_, name)| *name == text) {
        // Readers of others want it, whatever is in it.
        return with(*kind, Vec::new());
    }
    match text.strip_prefix("Python ").and_then(python_version) {
        Some(version) => with(PYTHON, version.encode_to_vec()),
        None => with(OTHER, text.as_bytes().to_vec()),
    }
}

/// `3.11.7rc1` in its parts.
fn python_version(text: &str) -> Option<proto::PythonVersion> {
    let mut parts = text.splitn(3, '.');
    let major = parts.next()?.parse().ok()?;
    let minor = parts.next()?.parse().ok()?;
    let rest = parts.next()?;
    let digits = rest
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(rest.len());
    let (patch, suffix) = rest.split_at(digits);
    Some(proto::PythonVersion {
        major,
        minor,
        patch: patch.parse().ok()?,
        suffix: suffix.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_written_as_people_write_them() {
        let text = |bytes| SdkVersion::from_bytes(bytes).to_string();
        assert_eq!(text([0, 41, 0, 0]), "0.41.0");
        assert_eq!(text([0, 37, 0, 0b1100_0001]), "0.37.0-alpha.1+dev");
        assert_eq!(text([1, 2, 3, 0b0100_0010]), "1.2.3-rc.2");
    }

    #[test]
    fn a_source_survives_being_written_and_read() {
        for source in [
            "Python 3.11.7",
            "Python 3.14.0rc2",
            "Rust",
            "C",
            "a robot",
            "",
        ] {
            assert_eq!(source_text(&source_numbers(source)), source);
        }
    }
}
