//! Every file of a corpus that is no ISO media file, held against what ffprobe says of it. Runs where
//! `REELSCOPE_CORPUS` names a folder with `media/` and `truth/`.

#[path = "corpus/compare.rs"]
mod compare;
#[path = "corpus/known.rs"]
mod known;

use std::collections::BTreeSet;
use std::error::Error;
use std::path::Path;

use serde_json::Value;

use known::KNOWN;

#[test]
fn containers_agree_with_ffprobe() -> Result<(), Box<dyn Error>> {
    let Some(folder) = std::env::var_os("REELSCOPE_CORPUS") else {
        println!("REELSCOPE_CORPUS is not set: nothing to compare with");
        return Ok(());
    };
    let folder = Path::new(&folder);
    let mut found = BTreeSet::new();
    let mut names = BTreeSet::new();
    for entry in std::fs::read_dir(folder.join("truth"))? {
        let truth: Value = serde_json::from_slice(&std::fs::read(entry?.path())?)?;
        let name = truth["file"].as_str().unwrap_or_default().to_owned();
        let format = truth["container"]["format_name"].as_str();
        let path = folder.join("media").join(&name);
        if format.is_none_or(|format| format.starts_with("mov")) || !path.is_file() {
            continue;
        }
        for difference in compare::differences(&path, &truth["video_streams"][0])? {
            println!("{name}: {difference}");
            found.insert((name.clone(), difference.kind));
        }
        names.insert(name);
    }
    println!("{} files compared", names.len());
    let listed: BTreeSet<_> = KNOWN
        .iter()
        .map(|known| (known.file.to_owned(), known.kind))
        .collect();
    let new: Vec<_> = found.difference(&listed).collect();
    let gone: Vec<_> = listed
        .difference(&found)
        .filter(|(name, _)| names.contains(name))
        .collect();
    assert!(new.is_empty(), "differences that are not listed: {new:#?}");
    assert!(
        gone.is_empty(),
        "listed differences that are gone: {gone:#?}"
    );
    assert!(
        !names.is_empty(),
        "there is no file to compare with in {}",
        folder.display()
    );
    Ok(())
}
