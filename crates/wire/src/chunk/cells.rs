//! The first value of a row, as the type that the reader expects. Another type gives `None`: what was
//! logged under a known name need not be what that name promises.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, StructArray};
use arrow_buffer::Buffer;
use bytes::Bytes;

use super::Column;

/// How the bytes of a raw picture are to be read. The numbers are the protocol's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct ImageFormat {
    /// Pixels in a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// The layout, if it is one that has a name of its own (NV12, Bayer, …).
    pub pixel_format: Option<u8>,
    /// Which values a pixel has, if it has no `pixel_format`.
    pub color_model: Option<u8>,
    /// The type of each value, if it has no `pixel_format`.
    pub channel_datatype: Option<u8>,
}

impl Column {
    /// The bytes of a row's blob. They are not copied: they keep the chunk's memory alive.
    pub fn blob(&self, row: usize) -> Option<Bytes> {
        let first = self.first(row)?;
        let values = self.array().values();
        if values.is_null(first) {
            return None;
        }
        let (bytes, start, end) = if let Some(lists) = values.as_list_opt::<i32>() {
            let (start, end) = pair(lists.value_offsets(), first)?;
            let bytes = lists.values().as_primitive_opt::<UInt8Type>()?;
            (bytes.values().inner(), start, end)
        } else if let Some(blobs) = values.as_binary_opt::<i32>() {
            let (start, end) = pair(blobs.value_offsets(), first)?;
            (blobs.values(), start, end)
        } else if let Some(blobs) = values.as_binary_opt::<i64>() {
            let (start, end) = pair(blobs.value_offsets(), first)?;
            (blobs.values(), start, end)
        } else {
            let lists = values.as_list_opt::<i64>()?;
            let (start, end) = pair(lists.value_offsets(), first)?;
            let bytes = lists.values().as_primitive_opt::<UInt8Type>()?;
            (bytes.values().inner(), start, end)
        };
        slice(bytes, start, end)
    }

    /// A row's u8.
    pub fn u8(&self, row: usize) -> Option<u8> {
        self.primitive::<UInt8Type>(row)
    }

    /// A row's u32.
    pub fn u32(&self, row: usize) -> Option<u32> {
        self.primitive::<UInt32Type>(row)
    }

    /// A row's u64.
    pub fn u64(&self, row: usize) -> Option<u64> {
        self.primitive::<UInt64Type>(row)
    }

    /// A row's i64.
    pub fn i64(&self, row: usize) -> Option<i64> {
        self.primitive::<Int64Type>(row)
    }

    /// A row's integer, whatever its size and sign; `None` if it is larger than an i64.
    pub fn integer(&self, row: usize) -> Option<i64> {
        let signed = self
            .i64(row)
            .or_else(|| self.primitive::<Int32Type>(row).map(i64::from))
            .or_else(|| self.primitive::<Int16Type>(row).map(i64::from))
            .or_else(|| self.primitive::<Int8Type>(row).map(i64::from));
        signed
            .or_else(|| i64::try_from(self.u64(row)?).ok())
            .or_else(|| self.u32(row).map(i64::from))
            .or_else(|| self.primitive::<UInt16Type>(row).map(i64::from))
            .or_else(|| self.u8(row).map(i64::from))
    }

    /// True if a row has a value, and the value is null.
    pub fn is_null_value(&self, row: usize) -> bool {
        let first = self.first(row);
        first.is_some_and(|first| self.array().values().is_null(first))
    }

    /// A row's f32.
    pub fn f32(&self, row: usize) -> Option<f32> {
        self.primitive::<Float32Type>(row)
    }

    /// A row's f64.
    pub fn f64(&self, row: usize) -> Option<f64> {
        self.primitive::<Float64Type>(row)
    }

    /// A row's bool.
    pub fn bool(&self, row: usize) -> Option<bool> {
        let first = self.first(row)?;
        let values = self.array().values().as_boolean_opt()?;
        values.is_valid(first).then(|| values.value(first))
    }

    /// A row's text.
    pub fn text(&self, row: usize) -> Option<&str> {
        let first = self.first(row)?;
        let values = self.array().values();
        if values.is_null(first) {
            None
        } else if let Some(texts) = values.as_string_opt::<i32>() {
            Some(texts.value(first))
        } else {
            Some(values.as_string_opt::<i64>()?.value(first))
        }
    }

    /// A row's picture format.
    pub fn image_format(&self, row: usize) -> Option<ImageFormat> {
        let first = self.first(row)?;
        let values = self.array().values().as_struct_opt()?;
        if values.is_null(first) {
            return None;
        }
        Some(ImageFormat {
            width: field::<UInt32Type>(values, "width", first)?,
            height: field::<UInt32Type>(values, "height", first)?,
            pixel_format: field::<UInt8Type>(values, "pixel_format", first),
            color_model: field::<UInt8Type>(values, "color_model", first),
            channel_datatype: field::<UInt8Type>(values, "channel_datatype", first),
        })
    }

    fn primitive<T: ArrowPrimitiveType>(&self, row: usize) -> Option<T::Native> {
        let first = self.first(row)?;
        let values = self.array().values().as_primitive_opt::<T>()?;
        values.is_valid(first).then(|| values.value(first))
    }
}

/// One field of one struct.
fn field<T: ArrowPrimitiveType>(structs: &StructArray, name: &str, at: usize) -> Option<T::Native> {
    let values = structs.column_by_name(name)?.as_primitive_opt::<T>()?;
    values.is_valid(at).then(|| values.value(at))
}

/// Start and end of the value at `at`.
fn pair<O: TryInto<usize> + Copy>(offsets: &[O], at: usize) -> Option<(usize, usize)> {
    let start = (*offsets.get(at)?).try_into().ok()?;
    let end = (*offsets.get(at + 1)?).try_into().ok()?;
    Some((start, end))
}

/// A part of an array's memory, shared with it.
fn slice(bytes: &Buffer, start: usize, end: usize) -> Option<Bytes> {
    (start <= end && end <= bytes.len())
        .then(|| Bytes::from_owner(bytes.slice_with_length(start, end - start)))
}
