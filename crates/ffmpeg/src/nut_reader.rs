//! The way out of FFmpeg: a NUT stream (the NUT open container format, version 3 and 4) with one
//! stream of video. Reads its structure; what a unit holds is left in the input for the caller.

use std::io::{self, BufRead, ErrorKind, Read};

const FILE_ID: &[u8] = b"nut/multimedia container\0";
const MAIN: u64 = 0x4E4D_7A56_1F5F_04AD;
const STREAM: u64 = 0x4E53_1140_5BF2_F9DB;
const SYNCPOINT: u64 = 0x4E4B_E4AD_EECA_4569;

/// Headers are a few hundred bytes long; more than this is no header.
const LONGEST_HEADER: u64 = 1 << 16;
/// Above this a header packet has a checksum of its own size field.
const CHECKSUM_FROM: u64 = 4_096;
/// Pictures above this are never shortened by an elision header.
const LONGEST_ELIDED: u64 = 4_096;
const CHECKSUM_BYTES: u64 = 4;

const FLAG_KEY: u64 = 1;
const FLAG_CODED_PTS: u64 = 8;
const FLAG_STREAM_ID: u64 = 16;
const FLAG_SIZE_MSB: u64 = 32;
const FLAG_CHECKSUM: u64 = 64;
const FLAG_RESERVED: u64 = 128;
const FLAG_HEADER_IDX: u64 = 1_024;
const FLAG_MATCH_TIME: u64 = 2_048;
const FLAG_CODED: u64 = 4_096;
const FLAG_INVALID: u64 = 8_192;

/// What the stream header says of the pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VideoHeader {
    /// FFmpeg's tag of the pixel format.
    pub tag: [u8; 4],
    /// Width in pixels of the first picture.
    pub width: u32,
    /// Height in pixels of the first picture.
    pub height: u32,
}

/// A picture or a sample whose bytes come next in the input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Its time in ticks; `None` if it lies between two.
    pub ticks: Option<u64>,
    /// True if decoding can start here.
    pub is_key: bool,
    /// Its first bytes, where they are common enough that they were left out ("elision header").
    pub prefix: Vec<u8>,
    /// Bytes of it that follow in the input.
    pub length: u64,
}

/// Reads a NUT stream.
pub struct NutReader<R> {
    input: R,
    /// Ticks in so many seconds.
    ticks: (u64, u64),
    main: Option<Main>,
    stream: Option<Stream>,
}

struct Main {
    time_bases: Vec<(u64, u64)>,
    codes: Vec<FrameCode>,
    elided: Vec<Vec<u8>>,
}

#[derive(Clone, Copy, Default)]
struct FrameCode {
    flags: u64,
    stream: u64,
    size_mul: u64,
    size_lsb: u64,
    pts_delta: i64,
    reserved: u64,
    header: u64,
}

struct Stream {
    video: VideoHeader,
    time_base: (u64, u64),
    time_base_id: u64,
    msb_pts_shift: u64,
    last_pts: i64,
}

impl<R: BufRead> NutReader<R> {
    /// Reads from `input`, and gives times in ticks, of which the first number passes in as many seconds
    /// as the second one says.
    pub fn new(input: R, ticks: (u64, u64)) -> Self {
        Self {
            input,
            ticks,
            main: None,
            stream: None,
        }
    }

    /// The input, to read the unit that [`NutReader::next_unit`] announced.
    pub fn input(&mut self) -> &mut R {
        &mut self.input
    }

    /// The stream header, once it has come.
    pub fn video(&self) -> Option<VideoHeader> {
        self.stream.as_ref().map(|stream| stream.video)
    }

    /// The next unit. `None` at the end of the stream.
    ///
    /// # Errors
    /// If reading fails or what comes is not NUT.
    pub fn next_unit(&mut self) -> io::Result<Option<Unit>> {
        if self.main.is_none() {
            let mut id = [0; FILE_ID.len()];
            match self.input.read_exact(&mut id) {
                Ok(()) if id == FILE_ID => {}
                Ok(()) => return Err(invalid("it does not start like NUT")),
                Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(None),
                Err(error) => return Err(error),
            }
        }
        loop {
            let first = match byte(&mut self.input) {
                Ok(first) => first,
                Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(None),
                Err(error) => return Err(error),
            };
            if first != b'N' {
                return self.frame_header(first).map(Some);
            }
            let mut rest = [0; 8];
            rest[0] = first;
            self.input.read_exact(&mut rest[1..])?;
            self.header_packet(u64::from_be_bytes(rest))?;
        }
    }

    fn header_packet(&mut self, start_code: u64) -> io::Result<()> {
        let length = number(&mut self.input)?;
        if length > LONGEST_HEADER {
            return Err(invalid("a header is too long"));
        }
        if length > CHECKSUM_FROM {
            skip(&mut self.input, CHECKSUM_BYTES)?;
        }
        let mut packet = Vec::new();
        let read = (&mut self.input).take(length).read_to_end(&mut packet)?;
        if read as u64 != length {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        let fields = &mut packet.as_slice();
        match start_code {
            MAIN => self.main = Some(main_header(fields)?),
            STREAM => self.stream_header(fields)?,
            SYNCPOINT => self.syncpoint(fields)?,
            // Info, index and whatever else there may be.
            _ => {}
        }
        Ok(())
    }

    fn stream_header(&mut self, fields: &mut &[u8]) -> io::Result<()> {
        const CLASS_VIDEO: u64 = 0;
        let main = self
            .main
            .as_ref()
            .ok_or_else(|| invalid("a stream comes before its file"))?;
        let (id, class) = (number(fields)?, number(fields)?);
        if (id, class) != (0, CLASS_VIDEO) {
            return Err(invalid("it has a stream that is not the video"));
        }
        let tag = block(fields)?
            .try_into()
            .map_err(|_| invalid("its tag is not of 4 bytes"))?;
        let time_base_id = number(fields)?;
        let time_base = usize::try_from(time_base_id)
            .ok()
            .and_then(|id| main.time_bases.get(id).copied())
            .ok_or_else(|| invalid("it has no such time base"))?;
        let msb_pts_shift = number(fields)?;
        if msb_pts_shift >= 16 {
            return Err(invalid("its times are cut too short"));
        }
        let (_max_pts_distance, _decode_delay, _flags) =
            (number(fields)?, number(fields)?, number(fields)?);
        block(fields)?;
        let side = |value: u64| u32::try_from(value).map_err(|_| invalid("its size is too large"));
        let (width, height) = (side(number(fields)?)?, side(number(fields)?)?);
        let last_pts = self.stream.as_ref().map_or(0, |stream| stream.last_pts);
        let video = VideoHeader { tag, width, height };
        self.stream = Some(Stream {
            video,
            time_base,
            time_base_id,
            msb_pts_shift,
            last_pts,
        });
        Ok(())
    }

    fn syncpoint(&mut self, fields: &mut &[u8]) -> io::Result<()> {
        let (Some(main), Some(stream)) = (&self.main, &mut self.stream) else {
            return Ok(());
        };
        let coded = number(fields)?;
        let bases = main.time_bases.len() as u64;
        if bases == 0 || coded % bases != stream.time_base_id {
            return Err(invalid("a syncpoint has the time base of no stream"));
        }
        stream.last_pts =
            i64::try_from(coded / bases).map_err(|_| invalid("a time is too large"))?;
        Ok(())
    }

    fn frame_header(&mut self, code: u8) -> io::Result<Unit> {
        let (Some(main), Some(stream)) = (&self.main, &mut self.stream) else {
            return Err(invalid("a frame comes before the headers"));
        };
        let input = &mut self.input;
        let code = main
            .codes
            .get(usize::from(code))
            .copied()
            .unwrap_or_default();
        let mut flags = code.flags;
        if flags & FLAG_INVALID != 0 {
            return Err(invalid("a frame has a forbidden code"));
        }
        if flags & FLAG_CODED != 0 {
            flags ^= number(input)?;
        }
        let id = if flags & FLAG_STREAM_ID != 0 {
            number(input)?
        } else {
            code.stream
        };
        if id != 0 {
            return Err(invalid("a frame belongs to no stream"));
        }
        let pts = if flags & FLAG_CODED_PTS != 0 {
            let coded =
                i64::try_from(number(input)?).map_err(|_| invalid("a time is too large"))?;
            stream.full_pts(coded)
        } else {
            stream.last_pts.checked_add(code.pts_delta)
        };
        let pts = pts.ok_or_else(|| invalid("a time is too large"))?;
        stream.last_pts = pts;
        let mut size = code.size_lsb;
        if flags & FLAG_SIZE_MSB != 0 {
            let msb = number(input)?.checked_mul(code.size_mul);
            size = msb
                .and_then(|msb| msb.checked_add(size))
                .ok_or_else(|| invalid("a size is too large"))?;
        }
        if flags & FLAG_MATCH_TIME != 0 {
            number(input)?;
        }
        let header = if flags & FLAG_HEADER_IDX != 0 {
            number(input)?
        } else {
            code.header
        };
        let reserved = if flags & FLAG_RESERVED != 0 {
            number(input)?
        } else {
            code.reserved
        };
        for _ in 0..reserved.min(LONGEST_HEADER) {
            number(input)?;
        }
        if flags & FLAG_CHECKSUM != 0 {
            skip(input, CHECKSUM_BYTES)?;
        }
        let prefix = match usize::try_from(header) {
            Ok(header) if size <= LONGEST_ELIDED => main.elided.get(header).cloned(),
            _ => None,
        };
        let prefix = prefix.unwrap_or_default();
        let length = size.saturating_sub(prefix.len() as u64);
        Ok(Unit {
            ticks: stream.whole_ticks(pts, self.ticks),
            is_key: flags & FLAG_KEY != 0,
            prefix,
            length,
        })
    }
}

impl Stream {
    /// A time from its lower bits, or in full with an offset (NUT specification, "coded_pts").
    fn full_pts(&self, coded: i64) -> Option<i64> {
        let range = 1_i64 << self.msb_pts_shift;
        if coded >= range {
            return coded.checked_sub(range);
        }
        let mask = range - 1;
        let delta = self.last_pts.checked_sub(mask / 2)?;
        Some((coded.wrapping_sub(delta) & mask).wrapping_add(delta))
    }

    fn whole_ticks(&self, pts: i64, ticks: (u64, u64)) -> Option<u64> {
        let (num, den) = self.time_base;
        let num = u128::from(num).checked_mul(u128::from(ticks.0))?;
        let scaled = u128::try_from(pts).ok()?.checked_mul(num)?;
        let den = u128::from(den).checked_mul(u128::from(ticks.1))?;
        (scaled.checked_rem(den)? == 0)
            .then(|| u64::try_from(scaled / den).ok())
            .flatten()
    }
}

fn main_header(fields: &mut &[u8]) -> io::Result<Main> {
    let version = number(fields)?;
    if version > 3 {
        let _minor = number(fields)?;
    }
    if number(fields)? != 1 {
        return Err(invalid("it has more streams than one"));
    }
    let _max_distance = number(fields)?;
    let mut time_bases = Vec::new();
    for _ in 0..number(fields)? {
        time_bases.push((number(fields)?, number(fields)?));
    }
    let codes = frame_codes(fields)?;
    let mut elided = vec![Vec::new()];
    for _ in 0..number(fields)? {
        elided.push(block(fields)?.to_vec());
    }
    Ok(Main {
        time_bases,
        codes,
        elided,
    })
}

/// The table of 256 frame codes, which is run-length coded (NUT specification, "main_header").
fn frame_codes(fields: &mut &[u8]) -> io::Result<Vec<FrameCode>> {
    const CODES: usize = 256;
    let invalid_code = FrameCode {
        flags: FLAG_INVALID,
        ..FrameCode::default()
    };
    let mut codes = Vec::with_capacity(CODES);
    let mut code = FrameCode {
        size_mul: 1,
        ..FrameCode::default()
    };
    while codes.len() < CODES {
        code.flags = number(fields)?;
        let given = number(fields)?;
        let mut field = |index: u64| {
            if given > index {
                number(fields).map(Some)
            } else {
                Ok(None)
            }
        };
        if let Some(pts) = field(0)? {
            code.pts_delta = signed(pts);
        }
        code.size_mul = field(1)?.unwrap_or(code.size_mul);
        code.stream = field(2)?.unwrap_or(code.stream);
        let size = field(3)?.unwrap_or(0);
        code.reserved = field(4)?.unwrap_or(0);
        let count = field(5)?.unwrap_or_else(|| code.size_mul.saturating_sub(size));
        let _match_time = field(6)?;
        code.header = field(7)?.unwrap_or(code.header);
        for index in 8..given {
            field(index)?;
        }
        if count == 0 {
            return Err(invalid("its frame codes do not end"));
        }
        let mut left = count;
        while left > 0 && codes.len() < CODES {
            // 'N' starts headers and is no frame code.
            if codes.len() == usize::from(b'N') {
                codes.push(invalid_code);
                continue;
            }
            codes.push(FrameCode {
                size_lsb: size.saturating_add(count - left),
                ..code
            });
            left -= 1;
        }
        if codes.len() == usize::from(b'N') {
            codes.push(invalid_code);
        }
    }
    Ok(codes)
}

fn invalid(what: &str) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, what)
}

fn byte(input: &mut impl Read) -> io::Result<u8> {
    let mut byte = [0];
    input.read_exact(&mut byte)?;
    Ok(byte[0])
}

/// A number in groups of 7 bits, the highest first.
fn number(input: &mut impl Read) -> io::Result<u64> {
    let mut value: u64 = 0;
    loop {
        let byte = byte(input)?;
        if value.leading_zeros() < 7 {
            return Err(invalid("a number is too large"));
        }
        value = value << 7 | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Ok(value);
        }
    }
}

/// A signed number from its unsigned form: 0, 1, −1, 2, −2 …
fn signed(value: u64) -> i64 {
    let half = i64::try_from(value / 2 + value % 2).unwrap_or(i64::MAX);
    if value % 2 == 1 { half } else { -half }
}

/// A length and as many bytes.
fn block<'a>(fields: &mut &'a [u8]) -> io::Result<&'a [u8]> {
    let length = usize::try_from(number(fields)?).map_err(|_| invalid("a field is too long"))?;
    let (block, rest) = fields
        .split_at_checked(length)
        .ok_or_else(|| invalid("a field is too long"))?;
    *fields = rest;
    Ok(block)
}

fn skip(input: &mut impl Read, count: u64) -> io::Result<()> {
    let skipped = io::copy(&mut input.take(count), &mut io::sink())?;
    if skipped == count {
        Ok(())
    } else {
        Err(ErrorKind::UnexpectedEof.into())
    }
}
