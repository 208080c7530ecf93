//! The rules of the house, as tests: which crate may use what, what every file opens with, how long
//! it may be, and what has to stand in the documents.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use reelscope_tests::root;
use toml::Table;

/// Crate, then the crates of this house that it may use. Those that are not here may use all.
const HOUSE: &[(&str, &[&str])] = &[
    ("media", &[]),
    ("container", &["media"]),
    ("ffmpeg", &[]),
    ("decode", &["media", "ffmpeg"]),
    ("encode", &["media", "ffmpeg"]),
    ("player", &["media", "decode"]),
    ("store", &["media"]),
    ("wire", &[]),
    ("ingest", &["media", "container", "wire", "store"]),
    ("render", &["media"]),
    (
        "viewer",
        &[
            "media",
            "container",
            "decode",
            "player",
            "store",
            "wire",
            "ingest",
            "render",
        ],
    ),
    ("query", &["wire"]),
    // What `reelscope frames` and the Python package decode with.
    (
        "read",
        &["media", "decode", "player", "store", "ingest", "render"],
    ),
    // Video is encoded where it is logged; `encode` brings no decoder with it.
    ("sdk", &["media", "container", "encode", "wire"]),
    ("python", &["sdk", "read", "query", "store"]),
];

/// Crates from outside that decide what a crate of ours is, and who alone may use them.
const RESERVED: &[(&[&str], &[&str])] = &[
    (&["re_mp4", "shiguredo_mp4"], &["container"]),
    (&["half", "tiff", "zune-jpeg"], &["decode"]),
    (&["ffmpeg-sidecar"], &["ffmpeg"]),
    // `reelscope bench` measures the bare decoder, and what the processes use.
    (&["dav1d"], &["decode", "reelscope"]),
    (&["rustix"], &["ffmpeg", "decode", "reelscope"]),
    (&["wgpu"], &["render", "viewer", "reelscope"]),
    (&["egui", "eframe", "egui-wgpu", "egui_tiles"], &["viewer"]),
    (&["rfd"], &["viewer", "reelscope"]),
    (
        &["crossbeam-channel"],
        &[
            "ffmpeg",
            "decode",
            "player",
            "ingest",
            "wire",
            "viewer",
            "reelscope",
        ],
    ),
    // Tables go to Python as Arrow streams.
    (&["arrow-array"], &["wire", "query", "python"]),
    (
        &["arrow-buffer", "arrow-ipc", "arrow-schema"],
        &["wire", "query"],
    ),
    (&["arrow-select", "parquet"], &["query"]),
    (&["lz4_flex", "prost", "tokio", "tonic"], &["wire"]),
    (&["jpeg-encoder"], &["sdk"]),
    (&["pyo3", "pyo3-build-config"], &["python"]),
    (&["clap", "anyhow", "ctrlc"], &["reelscope"]),
];

/// Crates that a web build will have too: no threads, processes, sockets or files of their own.
const PORTABLE: &[&str] = &["media", "container", "store", "render", "viewer"];

/// What lies at the top of the repository.
const TOP: &[&str] = &[
    ".cargo",
    ".ci",
    ".gitignore",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "README.md",
    "assets",
    "clippy.toml",
    "crates",
    "docs",
    "examples",
    // `pip install .` looks for it here, and nowhere else.
    "pyproject.toml",
    "rust-toolchain.toml",
    "rustfmt.toml",
    "tests",
    "xtask",
];

/// Lines that a source file may have.
const LONGEST: usize = 500;

fn crates() -> Vec<(String, PathBuf)> {
    let entries = std::fs::read_dir(root().join("crates")).unwrap();
    let mut crates: Vec<(String, PathBuf)> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("Cargo.toml").is_file())
        .map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), path))
        .collect();
    crates.sort();
    assert!(crates.len() >= 10, "{crates:?}");
    crates
}

fn crate_folder(name: &str) -> PathBuf {
    root().join("crates").join(name)
}

fn manifest(folder: &Path) -> Table {
    std::fs::read_to_string(folder.join("Cargo.toml"))
        .unwrap()
        .parse()
        .unwrap()
}

/// What a crate uses, also on some systems only; not what its tests use.
fn dependencies(manifest: &Table) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut add = |table: &Table| {
        for key in ["dependencies", "build-dependencies"] {
            let table = table.get(key).and_then(|value| value.as_table());
            names.extend(table.into_iter().flat_map(|table| table.keys().cloned()));
        }
    };
    add(manifest);
    let targets = manifest.get("target").and_then(|value| value.as_table());
    for target in targets.into_iter().flat_map(|targets| targets.values()) {
        target.as_table().into_iter().for_each(&mut add);
    }
    names
}

/// All Rust files below `folder`.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

fn all_sources() -> Vec<PathBuf> {
    let mut files = sources(&root().join("xtask/src"));
    files.extend(sources(&root().join("examples/rust")));
    files.extend(sources(&root().join("tests/src")));
    files.extend(sources(&root().join("tests/tests")));
    for (_, path) in crates() {
        files.extend(sources(&path));
    }
    files
}

/// The part of a source file before its unit tests.
fn without_tests(source: &str) -> &str {
    source
        .split_once("#[cfg(test)]")
        .map_or(source, |(code, _)| code)
}

fn assert_none(what: &str, found: &[String]) {
    assert!(found.is_empty(), "{what}:\n{}", found.join("\n"));
}

#[test]
fn each_crate_uses_only_the_crates_that_it_may() {
    let rules: BTreeMap<&str, &[&str]> = HOUSE.iter().copied().collect();
    let mut wrong = Vec::new();
    for (name, path) in crates() {
        let Some(allowed) = rules.get(name.as_str()) else {
            assert_eq!(name, "reelscope", "the table has no line for crates/{name}");
            continue;
        };
        for used in dependencies(&manifest(&path)) {
            let Some(used) = used.strip_prefix("reelscope-") else {
                continue;
            };
            if !allowed.contains(&used) {
                wrong.push(format!("{name} uses {used}"));
            }
        }
    }
    assert_none("not in the table of tests/tests/tidy.rs", &wrong);
}

#[test]
fn libraries_that_shape_a_crate_stay_in_it() {
    let mut wrong = Vec::new();
    for (name, path) in crates() {
        let used = dependencies(&manifest(&path));
        for (libraries, users) in RESERVED {
            let strays = libraries.iter().filter(|library| used.contains(**library));
            if !users.contains(&name.as_str()) {
                wrong.extend(strays.map(|library| format!("{name} uses {library}")));
            }
        }
    }
    assert_none("only its own crates may use it", &wrong);
}

#[test]
fn portable_crates_have_no_threads_processes_sockets_or_files() {
    let mut wrong = Vec::new();
    for (name, path) in crates()
        .iter()
        .filter(|(name, _)| PORTABLE.contains(&name.as_str()))
    {
        for file in sources(&path.join("src")) {
            let source = std::fs::read_to_string(&file).unwrap();
            for module in ["std::thread", "std::process", "std::net", "std::fs"] {
                if without_tests(&source).contains(module) {
                    wrong.push(format!("{name}: {} uses {module}", file.display()));
                }
            }
        }
    }
    assert_none(
        "that belongs in decode, ingest, wire or the program",
        &wrong,
    );
}

#[test]
fn every_file_says_what_lives_in_it() {
    let silent: Vec<String> = all_sources()
        .iter()
        .filter(|file| !std::fs::read_to_string(file).unwrap().starts_with("//! "))
        .map(|file| file.display().to_string())
        .collect();
    assert_none("no //! on the first line", &silent);
}

#[test]
fn no_file_is_too_long() {
    let long: Vec<String> = all_sources()
        .iter()
        .map(|file| (file, std::fs::read_to_string(file).unwrap().lines().count()))
        .filter(|(_, lines)| *lines > LONGEST)
        .map(|(file, lines)| format!("{lines} lines: {}", file.display()))
        .collect();
    assert_none("more than one file should hold", &long);
}

#[test]
fn modules_are_named_files() {
    let unnamed: Vec<String> = all_sources()
        .iter()
        .filter(|file| file.file_name().is_some_and(|name| name == "mod.rs"))
        .map(|file| file.display().to_string())
        .collect();
    assert_none("foo.rs and foo/, never mod.rs", &unnamed);
}

#[test]
fn types_and_modules_have_the_names_of_the_trade() {
    const VAGUE: &[&str] = &["manager", "util", "helper", "context"];
    let mut vague = Vec::new();
    for file in all_sources() {
        let source = std::fs::read_to_string(&file).unwrap();
        for name in source.lines().filter_map(declared_name) {
            let lower = name.to_lowercase();
            // Transport streams and NUT do have packets; a track has samples.
            let packet = lower.contains("packet")
                && !["container", "decode"]
                    .iter()
                    .any(|name| file.starts_with(crate_folder(name)));
            if packet || VAGUE.iter().any(|word| lower.contains(word)) {
                vague.push(format!("{name} in {}", file.display()));
            }
        }
    }
    assert_none("say what it is: sample, frame, …", &vague);
}

/// The name of the type or module that a line of source declares.
fn declared_name(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let rest = line
        .split_once(' ')
        .filter(|(word, _)| word.starts_with("pub"));
    let (kind, rest) = rest.map_or(line, |(_, rest)| rest).split_once(' ')?;
    let name = rest
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .next()?;
    ["struct", "enum", "trait", "mod", "type"]
        .contains(&kind)
        .then_some(name)
}

#[test]
fn the_top_of_the_repository_stays_a_map() {
    let listing = Command::new("git")
        .args(["ls-files"])
        .current_dir(root())
        .output();
    let listed = listing.ok().filter(|output| output.status.success());
    let names: BTreeSet<String> = match listed {
        Some(output) => String::from_utf8(output.stdout)
            .unwrap()
            .lines()
            .map(|path| path.split('/').next().unwrap_or_default().to_owned())
            .collect(),
        // No checkout but an unpacked archive: it holds nothing but what was committed.
        None => std::fs::read_dir(root())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name != "target")
            .collect(),
    };
    let strays: Vec<String> = names
        .into_iter()
        .filter(|name| !TOP.contains(&name.as_str()))
        .collect();
    assert_none("does it have to lie at the top?", &strays);
}

#[test]
fn the_architecture_guide_has_a_chapter_on_every_crate() {
    let guide = std::fs::read_to_string(root().join("docs/architecture.md")).unwrap();
    let missing: Vec<String> = crates()
        .into_iter()
        .map(|(name, _)| name)
        .filter(|name| !guide.lines().any(|line| line == format!("### {name}")))
        .collect();
    assert_none("docs/architecture.md has no chapter on it", &missing);
}

#[test]
fn the_readme_says_how_to_start() {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    assert!(
        readme.starts_with("# reelscope\n"),
        "the first line is the name"
    );
    for command in [
        "cargo xtask demo",
        "cargo xtask test",
        "cargo install --path crates/reelscope",
    ] {
        assert!(
            readme.contains(command),
            "README.md does not mention `{command}`"
        );
    }
}
