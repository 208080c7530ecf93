//! Puts bit strings together by hand, for tests.

/// A growing string of bits.
#[derive(Clone, Debug, Default)]
pub(crate) struct BitWriter(Vec<bool>);

impl BitWriter {
    /// A string that begins with these whole bytes.
    pub(crate) fn starting_with(bytes: &[u8]) -> Self {
        bytes
            .iter()
            .fold(Self::default(), |bits, byte| bits.u(8, u64::from(*byte)))
    }

    /// `u(count)`.
    pub(crate) fn u(mut self, count: u32, value: u64) -> Self {
        self.0
            .extend((0..count).rev().map(|bit| value >> bit & 1 == 1));
        self
    }

    /// `ue(v)`.
    pub(crate) fn ue(self, value: u64) -> Self {
        let bits = 64 - (value + 1).leading_zeros();
        self.u(bits - 1, 0).u(bits, value + 1)
    }

    /// `se(v)`.
    pub(crate) fn se(self, value: i64) -> Self {
        self.ue(if value > 0 { 2 * value - 1 } else { -2 * value } as u64)
    }

    /// Many `ue(v)`.
    pub(crate) fn ues(self, values: &[u64]) -> Self {
        values.iter().fold(self, |bits, value| bits.ue(*value))
    }

    /// The bytes, the last one filled up with zeros.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let byte = |bits: &[bool]| {
            (0..8).fold(0, |byte, n| {
                byte << 1 | u8::from(bits.get(n) == Some(&true))
            })
        };
        self.0.chunks(8).map(byte).collect()
    }

    /// The bytes of a NAL unit: a stop bit, and emulation prevention.
    pub(crate) fn nal(self) -> Vec<u8> {
        let mut nal = Vec::new();
        for byte in self.u(1, 1).bytes() {
            if byte <= 3 && nal.ends_with(&[0, 0]) {
                nal.push(3);
            }
            nal.push(byte);
        }
        nal
    }
}
