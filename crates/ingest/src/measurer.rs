//! Measures how alike two pictures are, on a thread: that takes longer than the window has between
//! two repaints.

use std::sync::Arc;
use std::thread::JoinHandle;

use crossbeam_channel::{Receiver, Sender, bounded};
use reelscope_media::{Frame, Likeness, Shades};

use crate::{MakeStill, Still, StillValues};

/// Shares of red, green and blue in luma, ITU-R BT.709 §3.2.
const LUMA: [f64; 3] = [0.2126, 0.7152, 0.0722];

/// Two pictures to be compared.
pub struct Pair {
    /// What the answer is to be known by.
    pub name: u64,
    /// The decoded frames.
    pub frames: [Arc<Frame>; 2],
    /// What makes the same as they are shown, both of one size and with 8 bits per value.
    pub shown: [MakeStill; 2],
}

/// How alike two pictures are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measured {
    /// [`Pair::name`].
    pub name: u64,
    /// Of luma.
    pub luma: Likeness,
    /// True if luma is that of the decoded planes; false if it was made of red, green and blue as
    /// shown, because the planes differ in size or depth or there are none.
    pub luma_as_decoded: bool,
    /// Of red, green and blue as shown.
    pub rgb: [Likeness; 3],
}

/// Owns the thread. One pair at a time.
pub struct Measurer {
    pairs: Option<Sender<Pair>>,
    measured: Receiver<Option<Measured>>,
    thread: Option<JoinHandle<()>>,
}

impl Measurer {
    /// Starts the thread. `wake` is called after each answer, from there.
    ///
    /// # Errors
    /// If the operating system gives no thread.
    pub fn start(wake: Arc<dyn Fn() + Send + Sync>) -> std::io::Result<Self> {
        let (pairs, asked) = bounded::<Pair>(1);
        let (out, measured) = bounded(1);
        let thread = std::thread::Builder::new()
            .name("measurer".into())
            .spawn(move || {
                for pair in asked {
                    if out.send(measure(pair)).is_err() {
                        return;
                    }
                    wake();
                }
            })?;
        Ok(Self {
            pairs: Some(pairs),
            measured,
            thread: Some(thread),
        })
    }

    /// Asks for a pair. Returns false if another has to be measured first.
    pub fn ask(&self, pair: Pair) -> bool {
        let pairs = self.pairs.as_ref();
        pairs.is_some_and(|pairs| pairs.try_send(pair).is_ok())
    }

    /// The next answer, if there is one; its content is `None` if the pictures cannot be compared.
    pub fn try_answer(&self) -> Option<Option<Measured>> {
        self.measured.try_recv().ok()
    }
}

impl Drop for Measurer {
    fn drop(&mut self) {
        self.pairs = None;
        // Makes room for an answer that is waiting to be taken.
        while self.measured.recv().is_ok() {}
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// A picture as it is shown: four bytes per pixel.
struct Rgba {
    width: u32,
    pixels: Vec<u8>,
}

impl Rgba {
    fn of(still: Still) -> Option<Self> {
        match still.values {
            StillValues::Eight(pixels) => Some(Self {
                width: still.width,
                pixels,
            }),
            StillValues::Sixteen(_) => None,
        }
    }
}

/// Compares two pictures; `None` if they differ in size, or one cannot be made.
fn measure(pair: Pair) -> Option<Measured> {
    let [one, other] = pair.shown.map(|make| make().ok().and_then(Rgba::of));
    let (one, other) = (&one?, &other?);
    let channel = |index: usize| {
        let of = |picture: &Rgba| {
            let pixels = picture.pixels.as_chunks::<4>().0.iter();
            let value = |pixel: &[u8; 4]| pixel.get(index).copied().map(u16::from);
            shades(picture, pixels.filter_map(value).collect())
        };
        Likeness::of(&of(one)?, &of(other)?)
    };
    let [a, b] = &pair.frames;
    let decoded = Shades::luma(a)
        .zip(Shades::luma(b))
        .and_then(|(a, b)| Likeness::of(&a, &b));
    let shown = || Likeness::of(&luma(one)?, &luma(other)?);
    Some(Measured {
        name: pair.name,
        luma_as_decoded: decoded.is_some(),
        luma: decoded.or_else(shown)?,
        rgb: [channel(0)?, channel(1)?, channel(2)?],
    })
}

fn shades(picture: &Rgba, values: Vec<u16>) -> Option<Shades> {
    Shades::new(values, picture.width as usize, u16::from(u8::MAX))
}

/// Luma of a picture as shown, rounded to 8 bits.
fn luma(picture: &Rgba) -> Option<Shades> {
    let luma = |[r, g, b, _]: &[u8; 4]| {
        let [red, green, blue] = LUMA;
        let sum = red * f64::from(*r) + green * f64::from(*g) + blue * f64::from(*b);
        sum.round() as u16
    };
    let pixels = picture.pixels.as_chunks::<4>().0;
    shades(picture, pixels.iter().map(luma).collect())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use bytes::Bytes;
    use reelscope_media::{ColorInfo, PixelFormat};

    use super::*;

    fn frame(luma: u8, width: u32) -> Arc<Frame> {
        let format = PixelFormat::YUV420P;
        let packed = Bytes::from(vec![luma; format.packed_size(width, 16)]);
        let color = ColorInfo::default();
        Arc::new(Frame::from_packed(format, width, 16, packed, color).unwrap())
    }

    fn still(width: u32, value: u8) -> MakeStill {
        let values = StillValues::Eight(vec![value; width as usize * 16 * 4]);
        Box::new(move || {
            Ok(Still {
                width,
                height: 16,
                values,
            })
        })
    }

    fn grey(value: u8) -> MakeStill {
        still(16, value)
    }

    fn measured(frames: [Arc<Frame>; 2], shown: [MakeStill; 2]) -> Option<Measured> {
        let measurer = Measurer::start(Arc::new(|| {})).unwrap();
        let name = 7;
        assert!(measurer.ask(Pair {
            name,
            frames,
            shown
        }));
        loop {
            if let Some(answer) = measurer.try_answer() {
                return answer;
            }
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    #[test]
    fn luma_is_that_of_the_planes_and_colours_are_those_shown() {
        let measured = measured([frame(100, 16), frame(110, 16)], [grey(80), grey(84)]).unwrap();
        assert_eq!(measured.name, 7);
        assert!(measured.luma_as_decoded);
        assert_eq!(measured.luma.mse, 100.0);
        assert_eq!(measured.rgb.map(|channel| channel.mse), [16.0; 3]);
    }

    #[test]
    fn luma_of_pictures_of_other_sizes_is_made_of_what_is_shown() {
        let measured = measured([frame(100, 16), frame(110, 32)], [grey(80), grey(84)]).unwrap();
        assert!(!measured.luma_as_decoded);
        assert_eq!(measured.luma.mse, 16.0);
    }

    #[test]
    fn pictures_that_are_shown_at_other_sizes_are_not_compared() {
        let wide = still(32, 0);
        assert_eq!(
            measured([frame(1, 16), frame(1, 16)], [grey(1), wide]),
            None
        );
    }
}
