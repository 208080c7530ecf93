//! PES packets (ITU-T H.222.0 §2.4.3.6): their headers taken off, with the times in them.

/// The longest header: nine bytes and a length of eight bits.
const LONGEST_HEADER: usize = 9 + 255;

/// The times of a PES packet, in ticks of 90 kHz modulo 2³³.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct PesTimes {
    pub(super) pts: Option<i64>,
    pub(super) dts: Option<i64>,
}

/// Takes PES headers off the payloads of one stream's packets.
pub(super) enum PesHeaders {
    /// Nothing is given out before a PES packet starts.
    Waiting,
    /// A header has begun and goes on in the next packet.
    Header(Vec<u8>),
    /// Inside a PES packet's payload.
    Inside,
}

impl PesHeaders {
    /// What is left of a payload, and the times of the PES packet that starts with it.
    pub(super) fn strip<'p>(
        &mut self,
        payload: &'p [u8],
        starts_unit: bool,
    ) -> (&'p [u8], Option<PesTimes>) {
        if starts_unit {
            *self = Self::Header(Vec::new());
        }
        let begun = match self {
            Self::Waiting => return (&[], None),
            Self::Inside => return (payload, None),
            Self::Header(begun) => begun,
        };
        let before = begun.len();
        begun.extend(
            payload
                .iter()
                .take(LONGEST_HEADER - before.min(LONGEST_HEADER)),
        );
        match header(begun) {
            Parsed::Unfinished => (&[], None),
            Parsed::NotOne => {
                *self = Self::Waiting;
                (&[], None)
            }
            Parsed::Whole(len, times) => {
                *self = Self::Inside;
                (
                    payload
                        .get(len.saturating_sub(before)..)
                        .unwrap_or_default(),
                    Some(times),
                )
            }
        }
    }
}

enum Parsed {
    Unfinished,
    NotOne,
    Whole(usize, PesTimes),
}

fn header(bytes: &[u8]) -> Parsed {
    let prefix = bytes.get(..bytes.len().min(3)).unwrap_or_default();
    if !b"\0\0\x01".starts_with(prefix) {
        return Parsed::NotOne;
    }
    let [_, _, _, _stream_id, _, _, marker, flags, len, fields @ ..] = bytes else {
        return Parsed::Unfinished;
    };
    if marker >> 6 != 2 {
        return Parsed::NotOne;
    }
    let len = usize::from(*len);
    let Some(fields) = fields.get(..len) else {
        return Parsed::Unfinished;
    };
    let pts = if flags & 0x80 != 0 {
        fields.get(..5).and_then(time)
    } else {
        None
    };
    let dts = if flags & 0xC0 == 0xC0 {
        fields.get(5..10).and_then(time)
    } else {
        None
    };
    Parsed::Whole(
        9 + len,
        PesTimes {
            pts,
            dts: dts.or(pts),
        },
    )
}

/// 33 bits in five bytes, with marker bits between.
fn time(bytes: &[u8]) -> Option<i64> {
    let [a, b, c, d, e] = *bytes.first_chunk::<5>()?;
    let high = i64::from(a >> 1 & 7);
    let middle = i64::from(u16::from_be_bytes([b, c]) >> 1);
    let low = i64::from(u16::from_be_bytes([d, e]) >> 1);
    Some(high << 30 | middle << 15 | low)
}

/// Puts times that wrapped around behind those before. As FFmpeg does, what is more than a minute
/// before the first time of the stream counts as wrapped.
#[derive(Default)]
pub(super) struct Unwrap {
    reference: Option<i64>,
}

impl Unwrap {
    const MINUTE: i64 = 60 * 90_000;

    pub(super) fn apply(&mut self, time: i64) -> i64 {
        let reference = *self.reference.get_or_insert(time - Self::MINUTE);
        if time < reference {
            time + (1 << 33)
        } else {
            time
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// pts 0x1_2345_6789 and dts 0 with the markers of §2.4.3.7.
    const HEADER: [u8; 19] = [
        0, 0, 1, 0xE0, 0, 0, 0x80, 0xC0, 10, //
        0x39, 0x8D, 0x15, 0xCF, 0x13, 0x11, 0, 1, 0, 1,
    ];

    #[test]
    fn times_are_read_and_the_header_is_taken_off() {
        let mut headers = PesHeaders::Waiting;
        let payload = [&HEADER[..], &[7, 8]].concat();
        let times = PesTimes {
            pts: Some(0x1_2345_6789),
            dts: Some(0),
        };
        assert_eq!(headers.strip(&payload, true), (&[7, 8][..], Some(times)));
        assert_eq!(headers.strip(&[9], false), (&[9][..], None));
    }

    #[test]
    fn a_header_may_go_on_in_the_next_packet() {
        for cut in 0..HEADER.len() {
            let mut headers = PesHeaders::Waiting;
            assert_eq!(headers.strip(&HEADER[..cut], true), (&[][..], None));
            let rest = [&HEADER[cut..], &[7]].concat();
            let (inside, times) = headers.strip(&rest, false);
            assert_eq!(
                (inside, times.unwrap().dts),
                (&[7][..], Some(0)),
                "cut at {cut}"
            );
        }
    }

    #[test]
    fn what_is_no_pes_packet_is_passed_over() {
        let mut headers = PesHeaders::Waiting;
        assert_eq!(headers.strip(&[1, 2, 3], false), (&[][..], None));
        assert_eq!(headers.strip(&[1, 2, 3], true), (&[][..], None));
        assert_eq!(headers.strip(&[1, 2, 3], false), (&[][..], None));
    }

    #[test]
    fn times_go_on_behind_the_wrap() {
        let mut unwrap = Unwrap::default();
        let late = (1 << 33) - 90_000;
        assert_eq!(unwrap.apply(late), late);
        assert_eq!(unwrap.apply(10), (1 << 33) + 10);
        assert_eq!(unwrap.apply(late - 90_000), late - 90_000);
    }
}
