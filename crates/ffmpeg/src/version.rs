//! What `ffmpeg -version` says: release, distribution and development builds.

/// The oldest FFmpeg that can be used: it brought `-fps_mode`.
pub const MINIMUM_FFMPEG: (u32, u32) = (5, 1);

/// A version as told by the program itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Told {
    /// Major and minor.
    pub(crate) version: (u32, u32),
    /// The version as it is written: `"5.1.9-0+deb12u1"`.
    pub(crate) text: String,
}

/// Reads the output of `ffmpeg -version`. `None` if a different program wrote it.
///
/// A development build has a date or a commit count in place of a version; the version of its
/// codec library then says which release it belongs to.
pub(crate) fn read(output: &str) -> Option<Told> {
    let text = output
        .lines()
        .next()?
        .strip_prefix("ffmpeg version ")?
        .split_whitespace()
        .next()?;
    let version = release(text)
        .or_else(|| libavcodec(output).map(release_of_libavcodec))
        // A build that does not even name its libraries is a recent oddity, not an old release.
        .unwrap_or(MINIMUM_FFMPEG);
    Some(Told {
        version,
        text: text.to_owned(),
    })
}

/// `"5.1.9-0+deb12u1"`, `"n7.1"`, `"7.0-full_build"`: but not `"2024-05-01-git-…"` or `"N-1234-g…"`.
fn release(text: &str) -> Option<(u32, u32)> {
    /// No release has such a number; years do.
    const FIRST_YEAR: u32 = 1_000;
    let text = text.strip_prefix('n').unwrap_or(text);
    let mut numbers = text.split(|c: char| !c.is_ascii_digit());
    let major = numbers.next()?.parse().ok()?;
    let has_minor = text
        .trim_start_matches(|c: char| c.is_ascii_digit())
        .starts_with('.');
    let minor = if has_minor {
        numbers.next()?.parse().ok()?
    } else {
        0
    };
    (major < FIRST_YEAR).then_some((major, minor))
}

/// Version of the codec library, from a line such as `libavcodec     59. 37.100 / 59. 37.100`.
fn libavcodec(output: &str) -> Option<(u32, u32)> {
    let line = output
        .lines()
        .find_map(|line| line.trim().strip_prefix("libavcodec"))?;
    let mut numbers = line
        .split(['.', '/'])
        .map(|number| number.trim().parse().ok());
    Some((numbers.next()??, numbers.next()??))
}

/// The release that a codec library belongs to: 59.37 came with 5.1, and since 5.0 each new major
/// version of FFmpeg has one of the library.
fn release_of_libavcodec((major, minor): (u32, u32)) -> (u32, u32) {
    const OF_5_1: (u32, u32) = (59, 37);
    let release = major.saturating_sub(OF_5_1.0 - 5);
    (release, u32::from(major == OF_5_1.0 && minor >= OF_5_1.1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> Option<(u32, u32)> {
        let output =
            format!("ffmpeg version {text} Copyright (c) 2000-2024 the FFmpeg developers\n");
        read(&output).map(|told| told.version)
    }

    #[test]
    fn releases_and_distribution_builds_are_read() {
        for (text, expected) in [
            ("5.1.9-0+deb12u1", (5, 1)),
            ("4.4.2-0ubuntu0.22.04.1", (4, 4)),
            ("n7.1", (7, 1)),
            ("n4.3.1-20-g8a2acdc6da", (4, 3)),
            ("7.0-full_build-www.gyan.dev", (7, 0)),
            ("6.1.1-3ubuntu5", (6, 1)),
            ("8.0", (8, 0)),
            ("5.1.6-tessus", (5, 1)),
        ] {
            assert_eq!(version(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn development_builds_are_as_new_as_their_libraries() {
        let build = |library: &str| {
            read(&format!(
                "ffmpeg version N-111111-gabcdef0 Copyright (c) 2000-2023\n\
                 built with gcc 12\nlibavutil      58.  2.100 / 58.  2.100\n\
                 libavcodec     {library} / {library}\n"
            ))
            .map(|told| told.version)
        };
        assert_eq!(build("60. 31.102"), Some((6, 0)));
        assert_eq!(build("59. 37.100"), Some((5, 1)));
        assert_eq!(build("59. 18.100"), Some((5, 0)));
        assert_eq!(build("58.134.100"), Some((4, 0)));
        assert_eq!(version("2024-05-01-git-abcdef0123"), Some(MINIMUM_FFMPEG));
    }

    #[test]
    fn another_program_is_not_taken_for_ffmpeg() {
        assert_eq!(read("hello\n"), None);
        assert_eq!(read(""), None);
        assert_eq!(read("ffmpeg version"), None);
    }
}
