//! Holds the frames that `reelscope frames` decodes from a recording against those that FFmpeg decodes
//! from the same samples.

use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use reelscope_tests::{FrameLine, LoggedEntity, Run, Track, frame_lines, read_counter};

/// Size of the pictures in `tests/sdk/pictures.py`.
const SIZE: (u32, u32) = (160, 120);

/// All that can be checked of the frames of an entity. `folder` has the streams that the truth names.
pub(crate) fn check(file: &Path, folder: &Path, path: &str, entity: &LoggedEntity) -> Result<()> {
    if let Some(stream) = &entity.stream {
        let timeline = entity.timeline()?;
        let frames = list(file, path, timeline)?;
        check_frames(
            &frames,
            &decode(&folder.join(stream))?,
            &entity.times(timeline),
        )?;
    }
    if raw_md5(entity).is_some() {
        check_raw(file, path, entity).context("raw pictures")?;
    }
    if entity.counter.is_some() {
        check_counters(file, folder, path, entity).context("counters")?;
    }
    Ok(())
}

/// These frames, at the last ones of these times: what comes before a keyframe has no frame.
pub(crate) fn check_frames(frames: &[FrameLine], md5: &[String], times: &[i64]) -> Result<()> {
    let (found, expected) = (frames.len(), md5.len());
    ensure!(found == expected, "{found} frames, not {expected}");
    let skipped = times
        .len()
        .checked_sub(expected)
        .context("more frames than times")?;
    for (number, (frame, (md5, time))) in frames
        .iter()
        .zip(md5.iter().zip(times.iter().skip(skipped)))
        .enumerate()
    {
        ensure!(
            frame.md5 == *md5,
            "frame {number} is not the one that FFmpeg decodes"
        );
        ensure!(
            frame.pts_ns == *time,
            "frame {number} is at {}, not {time}",
            frame.pts_ns
        );
    }
    Ok(())
}

/// The frames of an entity, at their times on a timeline.
pub(crate) fn list(file: &Path, path: &str, timeline: &str) -> Result<Vec<FrameLine>> {
    let run = Run::new(["frames".as_ref(), file.as_os_str()]);
    let args = ["--entity", path, "--timeline", timeline, "--md5"];
    frame_lines(&run.args(args).success()?.stdout)
}

/// MD5s of the frames that FFmpeg decodes from a stream, in presentation order.
pub(crate) fn decode(stream: &Path) -> Result<Vec<String>> {
    let args = ["-v", "error", "-i"]
        .map(AsRef::as_ref)
        .into_iter()
        .chain([stream.as_os_str()]);
    let run =
        Run::program("ffmpeg", args).args(["-fps_mode", "passthrough", "-f", "framemd5", "-"]);
    let outcome = run.success().context("ffmpeg")?;
    let lines = outcome.stdout.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let md5 = line.rsplit(',').next().context("an empty line")?;
            Ok(md5.trim().to_owned())
        })
        .collect()
}

/// The MD5 of the pixels of each raw picture.
fn raw_md5(entity: &LoggedEntity) -> Option<Vec<String>> {
    let cells = entity
        .rows
        .iter()
        .map(|row| row.cells.get("Image:buffer")?.clone()?.md5);
    cells
        .collect::<Option<Vec<_>>>()
        .filter(|all| !all.is_empty())
}

/// Pictures that were logged as pixels come out as those pixels.
fn check_raw(file: &Path, path: &str, entity: &LoggedEntity) -> Result<()> {
    let timeline = entity.timeline()?;
    let frames = list(file, path, timeline)?;
    for frame in &frames {
        ensure!(
            frame.pixel_format == "rgb24",
            "they are {}",
            frame.pixel_format
        );
        ensure!(frame.size == SIZE, "they are {:?} large", frame.size);
    }
    let md5 = raw_md5(entity).unwrap_or_default();
    check_frames(&frames, &md5, &entity.times(timeline))
}

/// The pictures of the first, a middle and the last frame show the right numbers.
fn check_counters(file: &Path, folder: &Path, path: &str, entity: &LoggedEntity) -> Result<()> {
    let track = Track {
        width: SIZE.0,
        height: SIZE.1,
        sample_aspect_ratio: (1, 1),
        counter: entity.counter.clone(),
        ..Track::default()
    };
    let last = entity.numbers.len().checked_sub(1).context("no numbers")?;
    for index in [0, last / 2, last] {
        let picture = folder.join("frame.png");
        let run = Run::new(["frames".as_ref(), file.as_os_str()]);
        let (at, timeline) = (format!("#{index}"), entity.timeline()?);
        let run = run.args(["--entity", path, "--timeline", timeline, "--at", &at]);
        run.arg("-o").arg(&picture).success()?;
        let number = read_counter(&picture, &track)?;
        let expected = entity.numbers.get(index).context("no number")?;
        ensure!(
            number == *expected,
            "frame {index} shows {number}, not {expected}"
        );
    }
    Ok(())
}
