//! What can be wrong with a message, a recording or a connection, in words for a person.

use std::net::SocketAddr;

use arrow_schema::ArrowError;

/// Why something could not be received, read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WireError {
    /// Another program listens there already.
    #[error(
        "port {} is taken by another program; choose another port, or close that program",
        addr.port()
    )]
    PortTaken {
        /// Where it was to listen.
        addr: SocketAddr,
    },
    /// The system does not let us listen there.
    #[error("cannot listen on {addr}: {source}")]
    Listen {
        /// Where it was to listen.
        addr: SocketAddr,
        /// The system's reason.
        source: std::io::Error,
    },
    /// The system gave no thread.
    #[error("cannot start a thread for the network: {source}")]
    Thread {
        /// The system's reason.
        source: std::io::Error,
    },
    /// A file or socket could not be read or written.
    #[error("reading or writing failed: {source}")]
    Io {
        /// The system's reason.
        #[from]
        source: std::io::Error,
    },
    /// The file does not start as recordings do.
    #[error("this is not a recording: it does not start with RRF2")]
    NotARecording,
    /// The file was written by a version before 0.23.
    #[error(
        "this recording was written by version {version} of the SDK, and files from before 0.23 \
         cannot be read; open and save it with a newer version of the tool that wrote it"
    )]
    OlderRecording {
        /// Version, or the name of the container if that alone is known.
        version: String,
    },
    /// No message can start here.
    #[error("the recording is damaged at byte {offset}: no message has the kind {kind}")]
    UnknownKind {
        /// Where the message starts in the file.
        offset: u64,
        /// What stands where its kind should.
        kind: u64,
    },
    /// Where messages should be there is nothing.
    #[error(
        "there are {bytes} zero bytes at byte {offset} of the recording: it was not written to its end"
    )]
    Zeros {
        /// Where they start in the file.
        offset: u64,
        /// How many there are.
        bytes: u64,
    },
    /// The manifest or an offset into the recording is wrong.
    #[error("there is no chunk of {size} bytes at byte {offset} of the recording")]
    NoChunkAt {
        /// Where it should start.
        offset: u64,
        /// How long it should be.
        size: u64,
    },
    /// The message is not what the protocol says.
    #[error("a message could not be read: {source}")]
    Protobuf {
        /// The first thing that is wrong.
        #[from]
        source: prost::DecodeError,
    },
    /// The message has no content that is known here.
    #[error("a message has no content that this version knows")]
    EmptyMessage,
    /// The message does not say which recording it is for.
    #[error("a message does not say which recording it belongs to")]
    NoStore,
    /// The content is compressed in a way that is not known here.
    #[error("a message is compressed by method {compression}, which is not known")]
    UnknownCompression {
        /// Its number in the message.
        compression: i32,
    },
    /// The content is encoded in a way that is not known here.
    #[error("a message is encoded by method {encoding}, which is not known")]
    UnknownEncoding {
        /// Its number in the message.
        encoding: i32,
    },
    /// The message is larger than is allowed.
    #[error("a message of {size} bytes is larger than the limit of {limit} bytes")]
    TooLarge {
        /// What it says its size is.
        size: u64,
        /// What is allowed.
        limit: u64,
    },
    /// The message lies about its size.
    #[error(
        "a message says that its {compressed} bytes are {size} when decompressed: they are not"
    )]
    ImplausibleSize {
        /// What it says.
        size: u64,
        /// How long it is.
        compressed: u64,
    },
    /// The compressed bytes are damaged.
    #[error("a message could not be decompressed: {source}")]
    Decompress {
        /// What is wrong with them.
        source: lz4_flex::block::DecompressError,
    },
    /// The chunk's table is damaged, or could not be made.
    #[error("a chunk's table is wrong: {source}")]
    Arrow {
        /// What is wrong with it.
        #[from]
        source: ArrowError,
    },
    /// A chunk has exactly one table.
    #[error("a chunk has {batches} tables in place of one")]
    Batches {
        /// How many were found.
        batches: usize,
    },
    /// The chunk is from a version before 0.24.
    #[error("a chunk does not say which entity it belongs to (is it from an SDK before 0.24?)")]
    NoEntity,
    /// The chunk does not name its rows.
    #[error("a chunk has no row ids")]
    NoRowIds,
    /// A column has a type that its kind cannot have.
    #[error("the column {column} of a chunk has the type {data_type}")]
    ColumnType {
        /// The column's name.
        column: String,
        /// Its Arrow type.
        data_type: String,
    },
    /// The columns of a chunk have as many rows as the chunk.
    #[error("the column {column} has {rows} rows, its chunk {expected}")]
    ColumnLength {
        /// The column's name.
        column: String,
        /// How many it has.
        rows: usize,
        /// How many it should have.
        expected: usize,
    },
    /// Reading the message failed in a way that nobody thought of.
    #[error("a message could not be read (an internal error; please report it)")]
    Panicked,
    /// The server cannot be reached, or went away.
    #[error("the connection to {addr} failed: {source}")]
    Connection {
        /// The server.
        addr: String,
        /// What the transport says.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The server answered, but not as it should.
    #[error("the server answered with status {status}")]
    Status {
        /// The number of a gRPC status, or of an HTTP one.
        status: u32,
    },
    /// It took longer than was allowed.
    #[error("the server did not take everything within {seconds} s; {bytes} bytes are left")]
    Timeout {
        /// How long it was waited for.
        seconds: u64,
        /// What was not sent.
        bytes: usize,
    },
    /// The client was closed before.
    #[error("the connection was closed")]
    Closed,
}
