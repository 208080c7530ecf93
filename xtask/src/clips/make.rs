//! Makes a clip by its recipe: pictures through a pipe into FFmpeg, or files out of files.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};

use super::clip::{Clip, Codec, Encode, Recipe};
use super::picture::Picture;
use crate::shell;

/// Options for every output: one thread and no version strings, so that the same FFmpeg writes the
/// same bytes again.
const REPEATABLE: &str =
    "-threads 1 -map_metadata -1 -fflags +bitexact -flags:v +bitexact -flags:a +bitexact";

/// Makes `clip` in `folder`; the clips that it is made from are there already.
pub(crate) fn make(clip: &Clip, folder: &Path) -> Result<()> {
    let path = folder.join(clip.file);
    match &clip.recipe {
        Recipe::Encode(recipe) => encode(recipe, &path),
        Recipe::Remux { of, input, output } => remux(of, input, output, folder, &path),
        Recipe::Edit { of, edit } => {
            let bytes = edit(read(folder, of)?)?;
            Ok(std::fs::write(path, bytes)?)
        }
        Recipe::Concatenate { of } => {
            let parts: Result<Vec<_>> = of.iter().map(|file| read(folder, file)).collect();
            Ok(std::fs::write(path, parts?.concat())?)
        }
    }
}

fn read(folder: &Path, file: &str) -> Result<Vec<u8>> {
    std::fs::read(folder.join(file)).with_context(|| format!("could not read {file}"))
}

fn ffmpeg() -> Command {
    let mut command = Command::new("ffmpeg");
    command
        .args(["-hide_banner", "-v", "error", "-y"])
        .env("SVT_LOG", "1");
    command
}

fn words(options: &str) -> impl Iterator<Item = &str> {
    options.split_ascii_whitespace()
}

fn encode(recipe: &Encode, path: &Path) -> Result<()> {
    if !recipe.two_passes {
        return encode_pass(recipe, path, &[]);
    }
    let statistics = shell::target_dir().join("clip-statistics");
    let statistics = statistics
        .to_str()
        .context("the target folder has no plain name")?;
    for pass in ["1", "2"] {
        encode_pass(recipe, path, &["-pass", pass, "-passlogfile", statistics])?;
    }
    Ok(())
}

fn encode_pass(recipe: &Encode, path: &Path, options: &[&str]) -> Result<()> {
    let picture = &recipe.picture;
    let mut command = ffmpeg();
    command
        .args(["-f", "rawvideo", "-pix_fmt", "rgb24", "-r", recipe.rate])
        .args(["-s", &format!("{}x{}", picture.width, picture.height)])
        .args(["-i", "pipe:0"]);
    if recipe.audio {
        let seconds = f64::from(picture.frames) / 25.0;
        let tone = format!("sine=frequency=440:sample_rate=48000:duration={seconds}");
        command.args(["-f", "lavfi", "-i", &tone, "-c:a", "aac", "-b:a", "64k"]);
    }
    command
        .args(["-vf", &filters(recipe)])
        .args(codec_options(recipe.codec, recipe.options))
        .args(words(recipe.color.tags))
        .args(words(REPEATABLE))
        .args(options)
        .args(words(recipe.output))
        .arg(path)
        .stdin(Stdio::piped());
    draw_into(&mut command, picture).with_context(|| format!("encoding {}", path.display()))
}

fn draw_into(command: &mut Command, picture: &Picture) -> Result<()> {
    let mut child = command.spawn().context("could not start ffmpeg")?;
    let mut pipe = child.stdin.take().context("ffmpeg has no stdin")?;
    for index in 0..picture.frames {
        // A broken pipe shows in the exit status below, with FFmpeg's own words above it.
        if pipe.write_all(&picture.draw(index)).is_err() {
            break;
        }
    }
    drop(pipe);
    let status = child.wait()?;
    ensure!(status.success(), "ffmpeg failed: {status}");
    Ok(())
}

fn filters(recipe: &Encode) -> String {
    let mut filters = format!(
        "scale=in_range=pc:{}:flags=bicubic+accurate_rnd+full_chroma_inp+bitexact,format={}",
        recipe.color.scale, recipe.pixels
    );
    if let Some(times) = recipe.times {
        filters += &format!(",settb=1/1000,setpts={times}");
    }
    filters
}

/// FFmpeg's options for an encoder: ours that all clips share, then the recipe's.
fn codec_options(codec: Codec, options: &str) -> Vec<String> {
    let (shared, flag, common) = match codec {
        Codec::X264 => (
            "-c:v libx264 -preset medium -crf 26",
            "-x264-params",
            "scenecut=0",
        ),
        Codec::X264Rgb => (
            "-c:v libx264rgb -preset medium -crf 26",
            "-x264-params",
            "scenecut=0",
        ),
        Codec::X265 => (
            "-c:v libx265 -preset fast -crf 27",
            "-x265-params",
            "log-level=none:pools=none:frame-threads=1:info=0:scenecut=0",
        ),
        Codec::Aom => ("-c:v libaom-av1 -cpu-used 6 -crf 34 -b:v 0", "", ""),
        Codec::Svt => ("-c:v libsvtav1 -preset 8 -crf 34", "-svtav1-params", "lp=1"),
        Codec::Vp8 => (
            "-c:v libvpx -crf 16 -b:v 500k -deadline good -cpu-used 1",
            "",
            "",
        ),
        Codec::Vp9 => (
            "-c:v libvpx-vp9 -crf 34 -b:v 0 -deadline good -cpu-used 2",
            "",
            "",
        ),
        Codec::Mjpeg => ("-c:v mjpeg -q:v 5", "", ""),
    };
    let mut all: Vec<String> = words(shared).map(str::to_owned).collect();
    if flag.is_empty() {
        all.extend(words(options).map(str::to_owned));
    } else {
        all.extend([flag.to_owned(), format!("{common}:{options}")]);
    }
    all
}

fn remux(of: &[&str], input: &str, output: &str, folder: &Path, path: &Path) -> Result<()> {
    let mut command = ffmpeg();
    for file in of {
        command.args(words(input)).arg("-i").arg(folder.join(file));
    }
    for index in 0..of.len() {
        command.args(["-map", &format!("{index}:v")]);
    }
    command
        .args(["-c", "copy"])
        .args(words(REPEATABLE))
        .args(words(output))
        .arg(path);
    shell::capture(&mut command)?;
    Ok(())
}
