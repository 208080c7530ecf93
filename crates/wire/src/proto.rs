//! The protocol's messages as they are on the wire (protobuf, proto3), field for field. Nothing here
//! is checked; unknown fields are skipped.

use bytes::Bytes;

#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct WriteMessagesRequest {
    #[prost(message, optional, tag = "1")]
    pub(crate) log_message: Option<LogMessage>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct LogMessage {
    #[prost(oneof = "Content", tags = "1, 2, 3")]
    pub(crate) content: Option<Content>,
}

#[derive(Clone, PartialEq, prost::Oneof)]
pub(crate) enum Content {
    #[prost(message, tag = "1")]
    SetStoreInfo(SetStoreInfo),
    #[prost(message, tag = "2")]
    Arrow(ArrowMessage),
    #[prost(message, tag = "3")]
    BlueprintActivation(BlueprintActivation),
}

#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct SetStoreInfo {
    #[prost(message, optional, tag = "1")]
    pub(crate) row_id: Option<Tuid>,
    #[prost(message, optional, tag = "2")]
    pub(crate) info: Option<StoreInfo>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct StoreInfo {
    /// Only up to version 0.24; later it is in `store_id`.
    #[prost(message, optional, tag = "1")]
    pub(crate) application_id: Option<ApplicationId>,
    #[prost(message, optional, tag = "2")]
    pub(crate) store_id: Option<StoreId>,
    #[prost(message, optional, tag = "5")]
    pub(crate) source: Option<StoreSource>,
    #[prost(message, optional, tag = "6")]
    pub(crate) version: Option<StoreVersion>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct StoreId {
    #[prost(int32, tag = "1")]
    pub(crate) kind: i32,
    #[prost(string, tag = "2")]
    pub(crate) recording_id: String,
    #[prost(message, optional, tag = "3")]
    pub(crate) application_id: Option<ApplicationId>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct ApplicationId {
    #[prost(string, tag = "1")]
    pub(crate) id: String,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct StoreSource {
    #[prost(int32, tag = "1")]
    pub(crate) kind: i32,
    #[prost(message, optional, tag = "2")]
    pub(crate) extra: Option<SourceExtra>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct SourceExtra {
    #[prost(bytes = "bytes", tag = "1")]
    pub(crate) payload: Bytes,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct PythonVersion {
    #[prost(int32, tag = "1")]
    pub(crate) major: i32,
    #[prost(int32, tag = "2")]
    pub(crate) minor: i32,
    #[prost(int32, tag = "3")]
    pub(crate) patch: i32,
    #[prost(string, tag = "4")]
    pub(crate) suffix: String,
}

#[derive(Clone, Copy, PartialEq, prost::Message)]
pub(crate) struct StoreVersion {
    /// Major, minor, patch, pre-release: one byte each, little-endian.
    #[prost(int32, tag = "1")]
    pub(crate) bits: i32,
}

#[derive(Clone, Copy, PartialEq, prost::Message)]
pub(crate) struct Tuid {
    #[prost(fixed64, tag = "1")]
    pub(crate) time_ns: u64,
    #[prost(fixed64, tag = "2")]
    pub(crate) counter: u64,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct ArrowMessage {
    #[prost(message, optional, tag = "1")]
    pub(crate) store_id: Option<StoreId>,
    #[prost(int32, tag = "2")]
    pub(crate) compression: i32,
    #[prost(uint64, tag = "3")]
    pub(crate) uncompressed_size: u64,
    #[prost(int32, tag = "4")]
    pub(crate) encoding: i32,
    #[prost(bytes = "bytes", tag = "5")]
    pub(crate) payload: Bytes,
    #[prost(message, optional, tag = "6")]
    pub(crate) chunk_id: Option<Tuid>,
    #[prost(bool, optional, tag = "7")]
    pub(crate) is_static: Option<bool>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct BlueprintActivation {
    #[prost(message, optional, tag = "1")]
    pub(crate) blueprint_id: Option<StoreId>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct Footer {
    #[prost(message, repeated, tag = "1")]
    pub(crate) manifests: Vec<Manifest>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct Manifest {
    #[prost(message, optional, tag = "1")]
    pub(crate) store_id: Option<StoreId>,
    #[prost(message, optional, tag = "2")]
    pub(crate) schema: Option<Schema>,
    #[prost(bytes = "bytes", tag = "3")]
    pub(crate) schema_sha256: Bytes,
    #[prost(message, optional, tag = "4")]
    pub(crate) table: Option<Table>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct Schema {
    #[prost(bytes = "bytes", tag = "1")]
    pub(crate) ipc: Bytes,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct Table {
    #[prost(int32, tag = "1")]
    pub(crate) encoding: i32,
    #[prost(bytes = "bytes", tag = "2")]
    pub(crate) payload: Bytes,
    #[prost(int32, tag = "3")]
    pub(crate) compression: i32,
    #[prost(uint64, tag = "4")]
    pub(crate) uncompressed_size: u64,
}
