//! The command line of an encoding FFmpeg: raw pictures in, numbered samples out.

use crate::engines::{Coded, Engine, Wish};
use crate::picture::Shape;

/// All that an encoding process is started for.
#[derive(Clone)]
pub(crate) struct Setup {
    pub(crate) engine: &'static Engine,
    pub(crate) shape: Shape,
    pub(crate) coded: Coded,
    pub(crate) wish: Wish,
    /// Pictures in 1000 seconds.
    pub(crate) pace: u32,
}

impl Setup {
    /// FFmpeg's arguments.
    pub(crate) fn arguments(&self) -> Vec<String> {
        let Shape {
            width,
            height,
            layout,
        } = self.shape;
        let mut arguments = Vec::new();
        let mut add = |words: &[&str]| {
            arguments.extend(words.iter().map(|word| (*word).to_owned()));
        };
        add(&["-hide_banner", "-nostdin", "-nostats"]);
        add(&["-loglevel", "level+error"]);
        add(self.engine.device);
        // Start at once: there is nothing to be found out about raw pictures.
        add(&["-probesize", "32", "-analyzeduration", "0"]);
        add(&["-fpsprobesize", "0", "-f", "rawvideo"]);
        add(&["-pixel_format", layout.name()]);
        add(&["-video_size", &format!("{width}x{height}")]);
        add(&["-framerate", &format!("{}/1000", self.pace), "-i", "pipe:0"]);
        add(&["-map", "0:v:0", "-vf", &self.filters()]);
        // Each picture is coded once, and its number comes out with its sample.
        add(&["-fps_mode", "passthrough"]);
        add(&["-enc_time_base", &format!("1000:{}", self.pace)]);
        add(&["-c:v", self.engine.name]);
        arguments.extend((self.engine.arguments)(&self.wish));
        let mut add = |words: &[&str]| {
            arguments.extend(words.iter().map(|word| (*word).to_owned()));
        };
        add(&["-colorspace", "bt709", "-color_primaries", "bt709"]);
        add(&["-color_trc", "iec61966-2-1", "-color_range", "tv"]);
        // Parameter sets go before every keyframe, not into a header of the container.
        add(&["-flags", "-global_header"]);
        add(&["-flush_packets", "1", "-write_index", "0"]);
        add(&["-f", "nut", "pipe:1"]);
        arguments
    }

    /// Red, green and blue become luma and chroma as BT.709 has them; grey of full range, too.
    fn filters(&self) -> String {
        let format = self.coded.format();
        let mut filters = "scale=in_range=pc:out_range=tv:out_color_matrix=bt709".to_owned();
        if !self.coded.width.is_multiple_of(2) {
            // By default the last column of an odd width counts for nothing in chroma.
            filters.push_str(":flags=bicubic+full_chroma_inp+accurate_rnd");
        }
        filters.push_str(&format!(",format={format}"));
        if let Some(upload) = self.engine.upload {
            filters.push(',');
            filters.push_str(upload);
        }
        filters
    }
}
