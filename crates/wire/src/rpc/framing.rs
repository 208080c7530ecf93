//! gRPC's framing of messages in a stream of bytes: a flag for compression, a big-endian length, the
//! message ("gRPC over HTTP2", Length-Prefixed-Message).

use std::collections::VecDeque;

use bytes::{Buf, Bytes, BytesMut};

use crate::{WireError, payload};

/// Length of what stands before each message.
pub(super) const PREFIX: usize = 5;

/// What a message may have around its payload.
const AROUND: u64 = 1 << 20;

/// What stands before a message.
pub(crate) fn prefix(length: usize) -> Option<[u8; PREFIX]> {
    let [a, b, c, d] = u32::try_from(length).ok()?.to_be_bytes();
    Some([0, a, b, c, d])
}

/// A message in the pieces in which it arrived.
#[derive(Debug, Default)]
pub(super) struct Pieces {
    pieces: VecDeque<Bytes>,
    length: usize,
}

impl Pieces {
    fn push(&mut self, piece: Bytes) {
        self.length += piece.len();
        if !piece.is_empty() {
            self.pieces.push_back(piece);
        }
    }

    /// To be read, with memory in which parts of it are put together.
    pub(super) fn joined(self, memory: &mut BytesMut) -> Joined<'_> {
        Joined {
            message: self,
            memory,
        }
    }
}

/// A message that is read. Parts that it arrived in several pieces are put together in memory that is
/// used again once nobody has the part any more: for large messages fresh memory would cost as much
/// as copying.
pub(super) struct Joined<'a> {
    message: Pieces,
    memory: &'a mut BytesMut,
}

impl Buf for Joined<'_> {
    fn remaining(&self) -> usize {
        self.message.length
    }

    fn chunk(&self) -> &[u8] {
        self.message.pieces.front().map_or(&[], |piece| piece)
    }

    fn advance(&mut self, mut count: usize) {
        let message = &mut self.message;
        assert!(count <= message.length, "advanced beyond the end");
        message.length -= count;
        while let Some(front) = message.pieces.front_mut() {
            if count < front.len() {
                front.advance(count);
                return;
            }
            count -= front.len();
            message.pieces.pop_front();
        }
    }

    /// Shares the memory if the bytes are in one piece; else copies them together, once.
    fn copy_to_bytes(&mut self, count: usize) -> Bytes {
        let message = &mut self.message;
        assert!(count <= message.length, "copied beyond the end");
        if let Some(front) = message.pieces.front_mut()
            && front.len() > count
        {
            message.length -= count;
            return front.split_to(count);
        }
        self.memory.reserve(count);
        let mut left = count;
        while left > 0 {
            let piece = self.message.pieces.front().map_or(&[][..], |piece| piece);
            let taken = piece.len().min(left);
            self.memory
                .extend_from_slice(piece.get(..taken).unwrap_or_default());
            self.advance(taken);
            left -= taken;
        }
        self.memory.split().freeze()
    }
}

/// Puts messages together from what arrives.
#[derive(Debug)]
pub(super) struct Assembler {
    /// The longest message that is taken.
    largest: u64,
    prefix: [u8; PREFIX],
    /// How much of the prefix is there.
    prefix_length: usize,
    /// How much of the message is not there yet.
    left: usize,
    /// Why this message is thrown away.
    refused: Option<WireError>,
    message: Pieces,
}

impl Assembler {
    /// Takes messages with payloads of up to `largest` bytes.
    pub(super) fn new(largest: u64) -> Self {
        Self {
            largest: largest.min(payload::MAX_PAYLOAD).saturating_add(AROUND),
            prefix: [0; PREFIX],
            prefix_length: 0,
            left: 0,
            refused: None,
            message: Pieces::default(),
        }
    }

    /// Takes what arrived. `take` gets each message that is whole with it, or why it is not kept: the
    /// stream goes on behind it.
    pub(super) fn push(
        &mut self,
        mut bytes: Bytes,
        mut take: impl FnMut(Result<Pieces, WireError>, usize),
    ) {
        loop {
            if self.prefix_length < PREFIX {
                let missing = self
                    .prefix
                    .get_mut(self.prefix_length..)
                    .unwrap_or_default();
                let taken = missing.len().min(bytes.len());
                let (missing, _) = missing.split_at_mut(taken);
                bytes.copy_to_slice(missing);
                self.prefix_length += taken;
                if self.prefix_length < PREFIX {
                    return;
                }
                self.start();
            }
            let piece = bytes.split_to(self.left.min(bytes.len()));
            self.left -= piece.len();
            if self.refused.is_none() {
                self.message.push(piece);
            }
            if self.left > 0 {
                return;
            }
            self.prefix_length = 0;
            let length = self.length();
            let message = std::mem::take(&mut self.message);
            take(self.refused.take().map_or(Ok(message), Err), length);
        }
    }

    /// Whether a message has begun that is not whole.
    pub(super) fn is_inside(&self) -> bool {
        self.prefix_length > 0
    }

    /// Bytes of a message that is not whole, which are kept.
    pub(super) fn held(&self) -> usize {
        self.message.length
    }

    fn length(&self) -> usize {
        let [_, a, b, c, d] = self.prefix;
        u32::from_be_bytes([a, b, c, d]) as usize
    }

    fn start(&mut self) {
        self.left = self.length();
        let size = self.left as u64;
        let [compressed, ..] = self.prefix;
        if compressed != 0 {
            let compression = i32::from(compressed);
            self.refused = Some(WireError::UnknownCompression { compression });
        } else if size > self.largest {
            let limit = self.largest;
            self.refused = Some(WireError::TooLarge { size, limit });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All messages of a stream that arrives in pieces of `size` bytes.
    fn assembled(stream: &[u8], size: usize) -> Vec<Result<Bytes, WireError>> {
        let mut assembler = Assembler::new(u64::MAX);
        let mut messages = Vec::new();
        for piece in stream.chunks(size) {
            assembler.push(Bytes::copy_from_slice(piece), |message, _| {
                let mut memory = BytesMut::new();
                messages.push(message.map(|pieces| {
                    let mut message = pieces.joined(&mut memory);
                    message.copy_to_bytes(message.remaining())
                }));
            });
        }
        assert!(!assembler.is_inside());
        messages
    }

    #[test]
    fn messages_come_out_whole_however_they_were_cut() {
        let stream = b"\0\0\0\0\x05first\0\0\0\0\0\0\0\0\0\x06second";
        for size in 1..=stream.len() {
            let messages = assembled(stream, size).into_iter().map(Result::unwrap);
            assert!(messages.eq([&b"first"[..], b"", b"second"]));
        }
    }

    #[test]
    fn a_compressed_message_is_refused_and_the_next_one_read() {
        let stream = b"\x01\0\0\0\x05first\0\0\0\0\x06second";
        for size in 1..=stream.len() {
            let messages = assembled(stream, size);
            assert!(messages[0].is_err());
            assert_eq!(messages[1].as_deref().unwrap(), b"second");
        }
    }
}
