//! Boxes (ISO/IEC 14496-12 §4.2) inside memory, and the fields inside boxes. Every length is held
//! against the bytes that are there; nothing here knows what a box means.

use std::io::Cursor;

use re_mp4::ReadBox;

/// Length of a box header with a 32-bit size.
pub(super) const HEADER_LEN: usize = 8;

/// The four-character code of a box.
pub(super) type Kind = [u8; 4];

/// A box of which all bytes that exist are in memory.
#[derive(Clone, Copy)]
pub(super) struct BoxBytes<'a> {
    /// Its type.
    pub(super) kind: Kind,
    /// What follows the header.
    pub(super) payload: &'a [u8],
    /// The payload with the [`HEADER_LEN`] bytes before it.
    framed: &'a [u8],
}

impl<'a> BoxBytes<'a> {
    /// A box whose bytes were cut out of a file: `framed` is its payload with the 8 bytes before.
    pub(super) fn new(kind: Kind, framed: &'a [u8]) -> Self {
        Self {
            kind,
            payload: framed.get(HEADER_LEN..).unwrap_or_default(),
            framed,
        }
    }

    /// Reads a box of fixed fields with re_mp4, `None` if it does not like it.
    ///
    /// Only for types whose reader neither allocates by a count field nor walks children: those
    /// trust sizes that re_mp4 has not checked. re_mp4 wants the reader behind an 8-byte header.
    pub(super) fn fields<T>(&self) -> Option<T>
    where
        T: for<'r> ReadBox<&'r mut Cursor<&'a [u8]>>,
    {
        let mut cursor = Cursor::new(self.framed);
        cursor.set_position(HEADER_LEN as u64);
        T::read_box(&mut cursor, self.framed.len() as u64).ok()
    }

    /// The boxes inside.
    pub(super) fn children(&self) -> Boxes<'a> {
        boxes(self.payload)
    }

    /// The first box of a type inside.
    pub(super) fn child(&self, kind: &Kind) -> Option<BoxBytes<'a>> {
        self.children().find(|child| child.kind == *kind)
    }

    /// The box at the end of a path of types.
    pub(super) fn descend(&self, path: &[&Kind]) -> Option<BoxBytes<'a>> {
        path.iter()
            .try_fold(*self, |parent, kind| parent.child(kind))
    }

    /// The payload behind the version and flags of a full box, and those two.
    pub(super) fn full(&self) -> Option<(u8, u32, Fields<'a>)> {
        let mut fields = Fields(self.payload);
        let word = fields.u32()?;
        Some(((word >> 24) as u8, word & 0x00FF_FFFF, fields))
    }
}

/// The boxes that follow one another in `bytes`. A last one that claims more than there is gets
/// what there is; one that is smaller than its header ends the walk.
pub(super) fn boxes(bytes: &[u8]) -> Boxes<'_> {
    Boxes { bytes }
}

/// See [`boxes`].
pub(super) struct Boxes<'a> {
    bytes: &'a [u8],
}

impl<'a> Iterator for Boxes<'a> {
    type Item = BoxBytes<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        let header = Header::parse(self.bytes)?;
        let len = header.len.map_or(self.bytes.len(), |len| {
            usize::try_from(len)
                .unwrap_or(usize::MAX)
                .min(self.bytes.len())
        });
        let framed = self.bytes.get(header.header_len - HEADER_LEN..len)?;
        self.bytes = self.bytes.get(len..).unwrap_or_default();
        Some(BoxBytes::new(header.kind, framed))
    }
}

/// The header of a box.
pub(super) struct Header {
    pub(super) kind: Kind,
    /// 8, or 16 with a 64-bit size.
    pub(super) header_len: usize,
    /// Length with the header; `None` for "to the end of what contains it".
    pub(super) len: Option<u64>,
}

impl Header {
    /// The header at the start of `bytes` (16 are enough), `None` if there is none or if the box
    /// claims to be smaller than it.
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let mut fields = Fields(bytes);
        let size = fields.u32()?;
        let kind = fields.kind()?;
        let (header_len, len) = match size {
            0 => (HEADER_LEN, None),
            1 => (2 * HEADER_LEN, Some(fields.u64()?)),
            _ => (HEADER_LEN, Some(u64::from(size))),
        };
        if len.is_some_and(|len| len < header_len as u64) {
            return None;
        }
        Some(Self {
            kind,
            header_len,
            len,
        })
    }
}

/// Big-endian fields in a row, `None` at the end of the bytes.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a>(pub(super) &'a [u8]);

impl<'a> Fields<'a> {
    pub(super) fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    pub(super) fn kind(&mut self) -> Option<Kind> {
        self.array()
    }

    pub(super) fn u8(&mut self) -> Option<u8> {
        self.array().map(|[byte]| byte)
    }

    pub(super) fn u16(&mut self) -> Option<u16> {
        self.array().map(u16::from_be_bytes)
    }

    pub(super) fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_be_bytes)
    }

    pub(super) fn i32(&mut self) -> Option<i32> {
        self.array().map(i32::from_be_bytes)
    }

    pub(super) fn u64(&mut self) -> Option<u64> {
        self.array().map(u64::from_be_bytes)
    }

    pub(super) fn i64(&mut self) -> Option<i64> {
        self.array().map(i64::from_be_bytes)
    }
}

/// The entries of a table box: a count, then that many rows of `N` 32-bit fields. The table ends
/// where the bytes do, whatever the count says.
#[derive(Clone, Copy, Default)]
pub(super) struct Table<'a, const N: usize> {
    rows: &'a [u8],
}

impl<'a, const N: usize> Table<'a, N> {
    /// The table of a full box that holds nothing else.
    pub(super) fn of(table: BoxBytes<'a>) -> Self {
        let parse = || {
            let (_, _, mut fields) = table.full()?;
            let count = fields.u32()?;
            Some(Self::rows(fields, count))
        };
        parse().unwrap_or_default()
    }

    /// `count` rows from here on.
    pub(super) fn rows(fields: Fields<'a>, count: u32) -> Self {
        let fit = fields.0.len() / (4 * N);
        let count = usize::try_from(count).unwrap_or(usize::MAX).min(fit);
        Self {
            rows: fields.0.get(..count * 4 * N).unwrap_or_default(),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.rows.len() / (4 * N)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    pub(super) fn get(&self, row: usize) -> Option<[u32; N]> {
        let start = row.checked_mul(4 * N)?;
        let mut fields = Fields(self.rows.get(start..)?);
        let mut values = [0; N];
        for value in &mut values {
            *value = fields.u32()?;
        }
        Some(values)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = [u32; N]> + use<'a, N> {
        let table = *self;
        (0..table.len()).filter_map(move |row| table.get(row))
    }
}
