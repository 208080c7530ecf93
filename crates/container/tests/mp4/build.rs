//! Makes small ISO media files box by box. The samples hold no pictures: only the boxes matter.

/// A box with a 32-bit size.
pub(crate) fn boxed(kind: &[u8; 4], payload: &[u8]) -> Vec<u8> {
    let size = u32::try_from(payload.len() + 8).unwrap();
    [&size.to_be_bytes()[..], kind, payload].concat()
}

/// A box with a 64-bit size.
pub(crate) fn boxed_wide(kind: &[u8; 4], payload: &[u8]) -> Vec<u8> {
    let size = payload.len() as u64 + 16;
    [&1_u32.to_be_bytes()[..], kind, &size.to_be_bytes(), payload].concat()
}

/// A box with version and flags.
pub(crate) fn full(kind: &[u8; 4], version: u8, flags: u32, payload: &[u8]) -> Vec<u8> {
    let word = u32::from(version) << 24 | flags;
    boxed(kind, &[&word.to_be_bytes(), payload].concat())
}

/// 32-bit fields; negative ones as two's complement.
pub(crate) fn words(values: &[i64]) -> Vec<u8> {
    values
        .iter()
        .flat_map(|value| (*value as u32).to_be_bytes())
        .collect()
}

/// A table box: a count and rows.
pub(crate) fn table<const N: usize>(kind: &[u8; 4], version: u8, rows: &[[i64; N]]) -> Vec<u8> {
    let payload = [words(&[rows.len() as i64]), words(rows.as_flattened())].concat();
    full(kind, version, 0, &payload)
}

/// The matrix that changes nothing.
pub(crate) const UPRIGHT: [i64; 9] = [0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x4000_0000];

/// A file with one video track. All times are in ticks of 1000 per second unless told otherwise.
#[derive(Clone)]
pub(crate) struct Plain {
    pub(crate) handler: &'static [u8; 4],
    /// `stts`: `[count, step]`.
    pub(crate) steps: Vec<[i64; 2]>,
    /// `ctts`: `[count, offset]`; none if empty.
    pub(crate) offsets: Vec<[i64; 2]>,
    /// `stss`; none if `None`.
    pub(crate) sync: Option<Vec<[i64; 1]>>,
    /// `elst`: `[duration, media time, rate]`; none if empty.
    pub(crate) edits: Vec<[i64; 3]>,
    pub(crate) sizes: Vec<i64>,
    /// Instead of `stsz` with `sizes`.
    pub(crate) size_box: Option<Vec<u8>>,
    /// `stsd` entries.
    pub(crate) entries: Vec<Vec<u8>>,
    /// `stsc`: `[first chunk, count, description]`; one chunk with all samples if empty.
    pub(crate) chunks: Vec<[i64; 3]>,
    pub(crate) matrix: [i64; 9],
    /// More boxes at the end of `moov`.
    pub(crate) more: Vec<u8>,
    pub(crate) wide: bool,
}

impl Default for Plain {
    /// Ten VP9 samples of 4 bytes, 100 ticks apart.
    fn default() -> Self {
        Self {
            handler: b"vide",
            steps: vec![[10, 100]],
            offsets: Vec::new(),
            sync: None,
            edits: Vec::new(),
            sizes: vec![4; 10],
            size_box: None,
            entries: vec![entry(b"vp09", &[])],
            chunks: Vec::new(),
            matrix: UPRIGHT,
            more: Vec::new(),
            wide: false,
        }
    }
}

/// A visual sample entry of 64 × 48 pixels with these boxes inside.
pub(crate) fn entry(kind: &[u8; 4], inside: &[u8]) -> Vec<u8> {
    let mut fields = vec![0, 0, 0, 0, 0, 0, 0, 1];
    fields.extend([0; 16]);
    fields.extend([0, 64, 0, 48]);
    fields.resize(78, 0);
    boxed(kind, &[&fields, inside].concat())
}

impl Plain {
    /// `ftyp`, `moov`, `mdat`.
    pub(crate) fn file(&self) -> Vec<u8> {
        let ftyp = boxed(b"ftyp", b"isom\0\0\0\0isom");
        let len: i64 = self.sizes.iter().sum();
        let media = vec![0xFF; usize::try_from(len).unwrap().min(1 << 20)];
        let mdat = if self.wide {
            boxed_wide(b"mdat", &media)
        } else {
            boxed(b"mdat", &media)
        };
        // The offset of the data follows from the length of what comes before.
        let before = ftyp.len() + self.moov(0).len() + mdat.len() - media.len();
        [ftyp, self.moov(before as i64), mdat].concat()
    }

    pub(crate) fn moov(&self, data: i64) -> Vec<u8> {
        let mvhd = [
            &words(&[0, 0, 1000, 1000, 0x10000, 0x100_0000, 0, 0]),
            &words(&UPRIGHT)[..],
        ];
        let mvhd = full(
            b"mvhd",
            0,
            0,
            &[&mvhd.concat()[..], &words(&[0; 6]), &words(&[2])].concat(),
        );
        let payload = [mvhd, self.trak(data), self.more.clone()].concat();
        if self.wide {
            boxed_wide(b"moov", &payload)
        } else {
            boxed(b"moov", &payload)
        }
    }

    fn trak(&self, data: i64) -> Vec<u8> {
        let tkhd = [words(&[0, 0, 1, 0, 1000, 0, 0, 0, 0]), words(&self.matrix)].concat();
        let tkhd = full(
            b"tkhd",
            0,
            3,
            &[tkhd, words(&[64 << 16, 48 << 16])].concat(),
        );
        let edts = match self.edits.is_empty() {
            true => Vec::new(),
            false => boxed(b"edts", &table(b"elst", 0, &self.edits)),
        };
        let mdhd = full(b"mdhd", 0, 0, &words(&[0, 0, 1000, 1000, 0x55C4_0000]));
        let hdlr = [&words(&[0])[..], self.handler, &[0; 13]].concat();
        let hdlr = full(b"hdlr", 0, 0, &hdlr);
        let minf = boxed(b"minf", &self.stbl(data));
        let mdia = boxed(b"mdia", &[mdhd, hdlr, minf].concat());
        boxed(b"trak", &[tkhd, edts, mdia].concat())
    }

    fn stbl(&self, data: i64) -> Vec<u8> {
        let count = words(&[self.entries.len() as i64]);
        let stsd = full(b"stsd", 0, 0, &[count, self.entries.concat()].concat());
        let mut boxes = vec![stsd, table(b"stts", 0, &self.steps)];
        if !self.offsets.is_empty() {
            boxes.push(table(b"ctts", 0, &self.offsets));
        }
        if let Some(sync) = &self.sync {
            boxes.push(table(b"stss", 0, sync));
        }
        let sizes = [words(&[0, self.sizes.len() as i64]), words(&self.sizes)].concat();
        boxes.push(
            self.size_box
                .clone()
                .unwrap_or_else(|| full(b"stsz", 0, 0, &sizes)),
        );
        let all = vec![[1, self.sizes.len() as i64, 1]];
        let chunks = if self.chunks.is_empty() {
            &all
        } else {
            &self.chunks
        };
        boxes.push(table(b"stsc", 0, chunks));
        let chunk_count = if self.sizes.is_empty() {
            0
        } else {
            chunks.len()
        };
        let mut number = 0;
        let mut at = data;
        let offsets = chunks.iter().take(chunk_count).map(|[_, count, _]| {
            let offset = at;
            let len = self
                .sizes
                .iter()
                .skip(number)
                .take(*count as usize)
                .sum::<i64>();
            number += *count as usize;
            at += len;
            [0, offset]
        });
        let offsets: Vec<[i64; 2]> = offsets.collect();
        boxes.push(if self.wide {
            table(b"co64", 0, &offsets)
        } else {
            table(
                b"stco",
                0,
                &offsets.iter().map(|[_, low]| [*low]).collect::<Vec<_>>(),
            )
        });
        boxed(b"stbl", &boxes.concat())
    }
}

/// A fragment of track 1.
#[derive(Clone)]
pub(crate) struct Fragment {
    /// `tfdt`, if any.
    pub(crate) time: Option<i64>,
    /// `trun` rows: `[duration, size, flags, composition offset]`.
    pub(crate) rows: Vec<[i64; 4]>,
}

/// Flags of a sample that is no sync sample, and of one that is.
pub(crate) const DELTA: i64 = 0x0101_0000;
pub(crate) const SYNC: i64 = 0x0200_0000;

impl Fragment {
    /// `moof` and `mdat`. Data offsets count from the `moof` box.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let len: i64 = self.rows.iter().map(|row| row[1]).sum();
        let before = self.moof(0).len() + 8;
        let mdat = boxed(b"mdat", &vec![0xFF; usize::try_from(len).unwrap()]);
        [self.moof(before as i64), mdat].concat()
    }

    fn moof(&self, data: i64) -> Vec<u8> {
        const BASE_IS_MOOF: u32 = 0x2_0000;
        let mfhd = full(b"mfhd", 0, 0, &words(&[1]));
        let tfhd = full(b"tfhd", 0, BASE_IS_MOOF, &words(&[1]));
        let tfdt = self
            .time
            .map_or(Vec::new(), |time| full(b"tfdt", 0, 0, &words(&[time])));
        let rows = [
            words(&[self.rows.len() as i64, data]),
            words(self.rows.as_flattened()),
        ];
        let trun = full(b"trun", 1, 0xF01, &rows.concat());
        let traf = boxed(b"traf", &[tfhd, tfdt, trun].concat());
        boxed(b"moof", &[mfhd, traf].concat())
    }
}

/// A movie without samples of its own, and the `mvex` box that says that fragments follow.
pub(crate) fn fragmented(edits: Vec<[i64; 3]>) -> Plain {
    Plain {
        steps: Vec::new(),
        sizes: Vec::new(),
        edits,
        more: boxed(b"mvex", &full(b"trex", 0, 0, &words(&[1, 1, 0, 0, 0]))),
        ..Plain::default()
    }
}

/// The movie without media data, then these fragments.
pub(crate) fn with_fragments(movie: &Plain, fragments: &[Fragment]) -> Vec<u8> {
    let mut file = movie.file();
    for fragment in fragments {
        file.extend(fragment.bytes());
    }
    file
}
