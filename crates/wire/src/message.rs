//! What a logger says: a recording exists, or a chunk of it. The same from a connection and a file.

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use prost::Message as _;
use prost::encoding::{WireType, encode_key, encode_varint};

use crate::chunk::Chunk;
use crate::parts::Parts;
use crate::{RowId, StoreId, StoreInfo, StoreKind, WireError, payload, proto, rpc};

/// One message of a logger or a recording file.
#[derive(Clone, Debug)]
pub enum LogMessage {
    /// A recording exists. Comes any number of times, and may come late or never.
    Store(StoreInfo),
    /// Rows of one entity of a recording.
    Chunk(StoreId, Chunk),
    /// Something about how panels are arranged: nothing to keep.
    Blueprint,
}

/// The number of Arrow IPC among encodings.
const ARROW_IPC: i32 = 1;

/// How many recordings one connection or file may name before the oldest names are forgotten.
const MAX_APPLICATIONS: usize = 4096;

/// Understands the messages of one connection or file, which may refer to those before.
#[derive(Debug)]
pub(crate) struct MessageDecoder {
    /// The longest payload that is taken, in bytes once it is decompressed.
    largest: u64,
    /// Recording id to application id: up to version 0.24 chunks only have the first.
    applications: HashMap<(StoreKind, Arc<str>), Arc<str>>,
}

impl Default for MessageDecoder {
    fn default() -> Self {
        Self::new(payload::MAX_PAYLOAD)
    }
}

impl MessageDecoder {
    /// Takes payloads of up to `largest` bytes.
    pub(crate) fn new(largest: u64) -> Self {
        Self {
            largest,
            applications: HashMap::new(),
        }
    }

    /// What a message says that was received.
    pub(crate) fn content(&mut self, content: proto::Content) -> Result<LogMessage, WireError> {
        match content {
            proto::Content::SetStoreInfo(message) => self.store(&message),
            proto::Content::Arrow(message) => self.chunk(message),
            proto::Content::BlueprintActivation(_) => Ok(LogMessage::Blueprint),
        }
    }

    /// The same, and the chunk as it was received, if that is what was received.
    pub(crate) fn content_and_packed(
        &mut self,
        content: proto::Content,
    ) -> Result<(LogMessage, Option<PackedChunk>), WireError> {
        let received = match &content {
            // The payload is shared, not copied.
            proto::Content::Arrow(message) => Some(message.clone()),
            _ => None,
        };
        let message = self.content(content)?;
        let packed = match (&message, received) {
            (LogMessage::Chunk(id, chunk), Some(received)) => {
                Some(PackedChunk::received(id, chunk, received))
            }
            _ => None,
        };
        Ok((message, packed))
    }

    fn store(&mut self, message: &proto::SetStoreInfo) -> Result<LogMessage, WireError> {
        let info = message.info.as_ref().and_then(StoreInfo::from_proto);
        let info = info.ok_or(WireError::NoStore)?;
        if !info.id.application_id.is_empty() {
            if self.applications.len() >= MAX_APPLICATIONS {
                self.applications.clear();
            }
            let key = (info.id.kind, info.id.recording_id.clone());
            self.applications
                .insert(key, info.id.application_id.clone());
        }
        Ok(match info.id.kind {
            StoreKind::Recording => LogMessage::Store(info),
            StoreKind::Blueprint | StoreKind::Other => LogMessage::Blueprint,
        })
    }

    fn chunk(&mut self, message: proto::ArrowMessage) -> Result<LogMessage, WireError> {
        let id = message.store_id.as_ref().ok_or(WireError::NoStore)?;
        let id = self.complete(StoreId::from_proto(id));
        if id.kind != StoreKind::Recording {
            return Ok(LogMessage::Blueprint);
        }
        if message.encoding != ARROW_IPC {
            return Err(WireError::UnknownEncoding {
                encoding: message.encoding,
            });
        }
        let ipc = payload::unpack(
            message.compression,
            message.uncompressed_size,
            message.payload,
            self.largest,
        )?;
        Ok(LogMessage::Chunk(id, Chunk::from_ipc(ipc)?))
    }

    /// The id with the application that an earlier message named.
    pub(crate) fn complete(&self, mut id: StoreId) -> StoreId {
        if id.application_id.is_empty()
            && let Some(known) = self.applications.get(&(id.kind, id.recording_id.clone()))
        {
            id.application_id = known.clone();
        }
        id
    }
}

/// Runs `decode` so that a mistake in it costs one message and not the thread.
pub(crate) fn caught<T>(decode: impl FnOnce() -> Result<T, WireError>) -> Result<T, WireError> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(decode))
        .unwrap_or(Err(WireError::Panicked))
}

/// A chunk as it is put on the wire or into a file: encoded and, as a rule, compressed.
#[derive(Clone, Debug)]
pub struct PackedChunk {
    /// All but the payload.
    fields: proto::ArrowMessage,
    payload: Parts,
}

impl PackedChunk {
    /// Encodes and compresses a chunk.
    ///
    /// # Errors
    /// [`WireError::Arrow`] if its columns are not of one length.
    pub fn new(id: &StoreId, chunk: &Chunk) -> Result<Self, WireError> {
        let ipc = chunk.parts()?;
        let uncompressed_size = ipc.len() as u64;
        let chunk_id = RowId::from_bytes(chunk.id);
        let (compression, payload) = payload::pack(ipc);
        let fields = proto::ArrowMessage {
            store_id: Some(id.to_proto()),
            compression,
            uncompressed_size,
            encoding: ARROW_IPC,
            payload: Bytes::new(),
            chunk_id: Some(proto::Tuid {
                time_ns: chunk_id.time_ns,
                counter: chunk_id.counter,
            }),
            is_static: Some(chunk.is_static()),
        };
        Ok(Self { fields, payload })
    }

    /// The same rows in another recording.
    #[must_use]
    pub fn within(&self, id: &StoreId) -> Self {
        let mut packed = self.clone();
        packed.fields.store_id = Some(id.to_proto());
        packed
    }

    /// Whether its values hold at all times.
    pub fn is_static(&self) -> bool {
        self.fields.is_static.unwrap_or(false)
    }

    /// Bytes that it takes on the wire, without what is around every message.
    pub fn size(&self) -> usize {
        self.payload.len()
    }

    /// Bytes of the chunk when it is not compressed.
    pub(crate) fn uncompressed_size(&self) -> u64 {
        self.fields.uncompressed_size
    }

    /// As a message of the protocol, with the payload behind the other fields.
    pub(crate) fn encode(&self) -> Parts {
        let mut fields = self.fields.encode_to_vec();
        encode_key(PAYLOAD, WireType::LengthDelimited, &mut fields);
        encode_varint(self.payload.len() as u64, &mut fields);
        self.payload.behind(fields)
    }

    /// A chunk as it was received, with what older loggers leave out.
    fn received(id: &StoreId, chunk: &Chunk, mut message: proto::ArrowMessage) -> Self {
        let chunk_id = RowId::from_bytes(chunk.id);
        Self {
            payload: std::mem::take(&mut message.payload).into(),
            fields: proto::ArrowMessage {
                store_id: Some(id.to_proto()),
                uncompressed_size: chunk.byte_size as u64,
                chunk_id: Some(proto::Tuid {
                    time_ns: chunk_id.time_ns,
                    counter: chunk_id.counter,
                }),
                is_static: Some(chunk.is_static()),
                ..message
            },
        }
    }
}

/// The message that announces a recording.
pub(crate) fn set_store_info(info: &StoreInfo) -> proto::SetStoreInfo {
    let row_id = RowId::new();
    proto::SetStoreInfo {
        row_id: Some(proto::Tuid {
            time_ns: row_id.time_ns,
            counter: row_id.counter,
        }),
        info: Some(info.to_proto()),
    }
}

/// The number of the field with a chunk's payload in [`proto::ArrowMessage`].
const PAYLOAD: u32 = 5;
/// The number of the field with a chunk in [`proto::LogMessage`].
const ARROW: u32 = 2;
/// The number of the only field of [`proto::WriteMessagesRequest`].
const LOG_MESSAGE: u32 = 1;

/// A message as it is sent, with gRPC's prefix.
///
/// # Errors
/// See [`PackedChunk::new`]. [`WireError::EmptyMessage`] for what is not sent, and
/// [`WireError::TooLarge`].
pub(crate) fn encode(message: &LogMessage) -> Result<Parts, WireError> {
    match message {
        LogMessage::Store(info) => {
            let request = proto::WriteMessagesRequest {
                log_message: Some(proto::LogMessage {
                    content: Some(proto::Content::SetStoreInfo(set_store_info(info))),
                }),
            };
            let body = Parts::from(Bytes::from(request.encode_to_vec()));
            Ok(body.behind(prefix(body.len())?))
        }
        LogMessage::Chunk(id, chunk) => encode_packed(&PackedChunk::new(id, chunk)?),
        LogMessage::Blueprint => Err(WireError::EmptyMessage),
    }
}

/// A chunk as it is sent, with gRPC's prefix.
///
/// # Errors
/// [`WireError::TooLarge`].
pub(crate) fn encode_packed(chunk: &PackedChunk) -> Result<Parts, WireError> {
    let message = chunk.encode();
    let head = |field: u32, length: usize| {
        let mut head = Vec::new();
        encode_key(field, WireType::LengthDelimited, &mut head);
        encode_varint(length as u64, &mut head);
        head
    };
    let inner = head(ARROW, message.len());
    let outer = head(LOG_MESSAGE, inner.len() + message.len());
    let length = outer.len() + inner.len() + message.len();
    Ok(message.behind([prefix(length)?, outer, inner].concat()))
}

/// What stands before a message of this length.
fn prefix(length: usize) -> Result<Vec<u8>, WireError> {
    let prefix = rpc::prefix(length).ok_or(WireError::TooLarge {
        size: length as u64,
        limit: u64::from(u32::MAX),
    })?;
    Ok(prefix.to_vec())
}
