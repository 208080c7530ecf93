//! Opens the viewer on the files given as arguments. With `SCREENSHOT=out.png` it saves what the
//! window shows once all is there, and leaves; `AT=#45` says where to.

use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use reelscope_viewer::{Screenshot, ScreenshotRequest, ViewerOptions};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let at = std::env::var("AT").ok().map(|at| at.parse()).transpose()?;
    let screenshot = std::env::var_os("SCREENSHOT").map(|path| ScreenshotRequest {
        time_limit: Duration::from_secs(60),
        deliver: Box::new(move |picture| save(&picture, path.into())),
    });
    let options = ViewerOptions {
        files: std::env::args_os().skip(1).map(Into::into).collect(),
        at,
        screenshot,
        ..ViewerOptions::default()
    };
    let outcome = reelscope_viewer::run(options)?;
    writeln!(std::io::stdout(), "{outcome:?}")?;
    Ok(())
}

fn save(picture: &Screenshot, path: PathBuf) {
    let saved = image::save_buffer(
        &path,
        &picture.rgba,
        picture.width,
        picture.height,
        image::ColorType::Rgba8,
    );
    if let Err(error) = saved {
        let _unheard = writeln!(std::io::stderr(), "{}: {error}", path.display());
    }
}
