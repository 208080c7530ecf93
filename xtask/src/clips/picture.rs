//! The pictures of the test clips: a moving scene with the frame's number burnt into it.

/// Number of counter blocks: block k shows bit k of the frame's number, white for 1.
pub(crate) const COUNTER_BITS: usize = 16;

/// What a clip's pictures look like.
#[derive(Clone, Copy)]
pub(crate) struct Picture {
    /// Width in pixels.
    pub(crate) width: usize,
    /// Height in pixels.
    pub(crate) height: usize,
    /// How many pictures.
    pub(crate) frames: u32,
    /// Side of a counter block in pixels.
    pub(crate) block: usize,
    /// Left and top edge of the first counter block in pixels.
    pub(crate) margin: usize,
}

impl Picture {
    /// 160×120 pixels.
    pub(crate) const fn usual(frames: u32) -> Self {
        Self {
            width: 160,
            height: 120,
            frames,
            block: 8,
            margin: 8,
        }
    }

    /// 65×49 pixels: no side can be halved.
    pub(crate) const fn odd(frames: u32) -> Self {
        Self {
            width: 65,
            height: 49,
            frames,
            block: 4,
            margin: 0,
        }
    }

    /// 66×50 pixels: whole chroma samples, but no whole coding blocks.
    pub(crate) const fn cropped(frames: u32) -> Self {
        Self {
            width: 66,
            height: 50,
            frames,
            block: 4,
            margin: 0,
        }
    }

    /// Picture number `index` as rows of R, G, B bytes. Integer arithmetic only, so that every
    /// machine draws the same.
    pub(crate) fn draw(&self, index: u32) -> Vec<u8> {
        let mut pixels = Vec::with_capacity(self.width * self.height * 3);
        let time = i64::from(index);
        for y in 0..self.height {
            for x in 0..self.width {
                pixels.extend(self.pixel(x, y, time));
            }
        }
        pixels
    }

    fn pixel(&self, x: usize, y: usize, time: i64) -> [u8; 3] {
        if let Some(bit) = self.counter_bit_at(x, y) {
            return [if time >> bit & 1 == 1 { 255 } else { 0 }; 3];
        }
        let (width, height) = (self.width as i64, self.height as i64);
        let (x, y) = (x as i64, y as i64);
        // Slow gradients, a different one per channel, that drift over time.
        let mut color = [
            sway(x * 256 / width + time * 3),
            sway(y * 256 / height + 80 - time * 2),
            sway((x + y) * 200 / width + 160 + time),
        ]
        .map(|value| 48 + value * 5 / 8);
        // Two lit balls that cross the picture, in front of them.
        let balls = [
            (
                sway(time * 6) * width / 256,
                height * 5 / 8,
                height / 5,
                [250, 130, 60],
            ),
            (
                width * 3 / 4,
                sway(time * 5 + 90) * height / 256,
                height / 7,
                [70, 190, 240],
            ),
        ];
        for (center_x, center_y, radius, base) in balls {
            let (dx, dy) = (x - center_x, y - center_y);
            let rest = radius * radius - dx * dx - dy * dy;
            if rest > 0 {
                let light = 110 + 145 * rest / (radius * radius);
                color = base.map(|value| value * light / 256);
            }
        }
        color.map(|value| value.clamp(0, 255) as u8)
    }

    fn counter_bit_at(&self, x: usize, y: usize) -> Option<usize> {
        let (x, y) = (x.checked_sub(self.margin)?, y.checked_sub(self.margin)?);
        (y < self.block && x < self.block * COUNTER_BITS).then(|| x / self.block)
    }

    /// Reads the counter back from rows of grey bytes.
    pub(crate) fn read_counter(&self, grey: &[u8]) -> u32 {
        (0..COUNTER_BITS)
            .map(|bit| {
                let x = self.margin + bit * self.block + self.block / 2;
                let y = self.margin + self.block / 2;
                let center = grey.get(y * self.width + x).copied().unwrap_or(0);
                u32::from(center > 127) << bit
            })
            .sum()
    }
}

/// A wave between 0 and 255 with a period of 512, made of two parabolas.
fn sway(phase: i64) -> i64 {
    let phase = phase.rem_euclid(512);
    let arch = |t: i64| t * (256 - t) / 129;
    if phase < 256 {
        128 + arch(phase)
    } else {
        127 - arch(phase - 256)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_counter_can_be_read_back_from_a_drawn_picture() {
        for picture in [Picture::usual(1), Picture::odd(1)] {
            for index in [0, 1, 77, 0xA5C3, 0xFFFF] {
                let grey: Vec<u8> = picture
                    .draw(index)
                    .chunks(3)
                    .map(|pixel| pixel[1])
                    .collect();
                assert_eq!(picture.read_counter(&grey), index);
            }
        }
    }
}
