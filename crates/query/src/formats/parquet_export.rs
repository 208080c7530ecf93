//! Whole recordings as folders of Parquet files, so that engines over object storage can query many of
//! them: `recording=ID/timeline=NAME/entity=PATH/part-0.parquet`, in the layout that Hive made common.

use std::fs::File;
use std::path::{Path, PathBuf};

use crate::{Contents, Query, QueryError, Recording, Recordings};

/// Writes every entity of every recording along one timeline, or along each that it is on. Returns the
/// files that were written.
///
/// # Errors
/// [`QueryError::File`], [`QueryError::Parquet`], and those of [`Recording::select`].
pub fn export_parquet(
    recordings: &Recordings,
    query: &Query,
    folder: &Path,
) -> Result<Vec<PathBuf>, QueryError> {
    let mut files = Vec::new();
    for recording in recordings.all() {
        let timelines = match &query.index {
            Some(index) => vec![index.clone()],
            None => recording.timelines().into_keys().collect(),
        };
        for entity in recording.entities() {
            let wanted =
                query.entities.is_empty() || query.entities.iter().any(|it| it.has(&entity));
            if !wanted {
                continue;
            }
            let at_all_times = ("timeline=static".to_owned(), None);
            let along = timelines.iter().map(|name| {
                (
                    format!("timeline={}", name_of_folder(name)),
                    Some(name.clone()),
                )
            });
            for (part, index) in std::iter::once(at_all_times).chain(along) {
                let place = folder
                    .join(format!(
                        "recording={}",
                        name_of_folder(recording.recording_id())
                    ))
                    .join(part)
                    .join(format!("entity={}", name_of_folder(&entity)));
                files.extend(write_entity(recording, query, &entity, index, &place)?);
            }
        }
    }
    Ok(files)
}

/// Writes one entity along one timeline, or what it has at all times. No file for no rows.
fn write_entity(
    recording: &Recording,
    query: &Query,
    entity: &str,
    index: Option<String>,
    folder: &Path,
) -> Result<Option<PathBuf>, QueryError> {
    let only_static = index.is_none();
    let question = Query {
        entities: vec![Contents::only(entity)],
        index,
        ..query.clone()
    };
    let table = match recording.select(&question) {
        Ok(table) => table,
        // Of another recording's timeline, or only cleared.
        Err(
            QueryError::NoTimeline { .. }
            | QueryError::NoSuchEntity { .. }
            | QueryError::NoSuchComponent { .. },
        ) => return Ok(None),
        Err(error) => return Err(error),
    };
    let table = if only_static {
        table
    } else {
        table.without_static()
    };
    if table.num_rows() == 0 {
        return Ok(None);
    }
    let failed = |source: std::io::Error, path: &Path| QueryError::File {
        path: path.to_owned(),
        source,
    };
    std::fs::create_dir_all(folder).map_err(|source| failed(source, folder))?;
    let path = folder.join("part-0.parquet");
    // Under another name until it is whole.
    let part = folder.join("part-0.parquet.part");
    let file = File::create(&part).map_err(|source| failed(source, &part))?;
    if let Err(error) = super::parquet(table, file) {
        let _ = std::fs::remove_file(&part);
        return Err(error);
    }
    std::fs::rename(&part, &path).map_err(|source| failed(source, &path))?;
    Ok(Some(path))
}

/// A name that any file system and any URL can have: all but letters, digits and `_ - .` in percent
/// encoding (RFC 3986 §2.1).
fn name_of_folder(name: &str) -> String {
    let mut safe = String::with_capacity(name.len());
    for byte in name.bytes() {
        match byte {
            b'_' | b'-' | b'.' => safe.push(char::from(byte)),
            _ if byte.is_ascii_alphanumeric() => safe.push(char::from(byte)),
            _ => safe.push_str(&format!("%{byte:02X}")),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::name_of_folder;

    #[test]
    fn paths_become_names_of_one_folder() {
        assert_eq!(name_of_folder("/world/a b"), "%2Fworld%2Fa%20b");
        assert_eq!(name_of_folder("cam_1.left-2"), "cam_1.left-2");
    }
}
