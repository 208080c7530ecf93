//! Every file of the corpus against its truth, where `REELSCOPE_CORPUS` names the corpus. Known
//! differences are listed with their reasons.

use std::path::Path;

use crate::support::{Rig, env, open};

#[test]
fn frames_of_the_corpus_are_ffmpegs() {
    // Without a corpus there is nothing to compare with; the other tests make their own clips.
    let Some(corpus) = std::env::var_os("REELSCOPE_CORPUS") else {
        return;
    };
    let only = std::env::var("REELSCOPE_CORPUS_ONLY").unwrap_or_default();
    let mut files: Vec<_> = std::fs::read_dir(Path::new(&corpus).join("media"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.to_string_lossy().contains(&only))
        .collect();
    files.sort();
    for path in files {
        println!(
            "{}\t{}",
            path.file_name().unwrap().to_string_lossy(),
            verdict(&path)
        );
    }
}

fn verdict(path: &Path) -> String {
    let track = match open(path) {
        Ok(track) => track,
        Err(error) => return format!("OPEN {error}"),
    };
    let codec = track.codec;
    let samples = track.samples.len();
    let started = std::time::Instant::now();
    let mut env = env();
    if let Ok(threads) = std::env::var("T") {
        env.threads = threads.parse().unwrap();
    }
    let mut rig = Rig::new(track, env);
    rig.feed(0..450);
    rig.flush();
    if std::env::var_os("V").is_some() {
        for (id, error) in &rig.seen.damaged {
            println!("{id:?} {error}");
        }
        println!("{:?}", rig.seen.frames.iter().map(|it| it.0.0).collect::<Vec<_>>());
    }
    format!(
        "{codec:?} {} samples {samples} frames {} damaged {} failed {:?} {}ms {}",
        rig.worker.engine().unwrap_or_default(),
        rig.seen.frames.len(),
        rig.seen.damaged.len(),
        rig.seen.failed.as_ref().map(ToString::to_string),
        started.elapsed().as_millis(),
        rig.md5_list().join(",")
    )
}
