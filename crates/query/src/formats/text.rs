//! Cells as text. Blobs are Base64 (RFC 4648), times are whole numbers of nanoseconds, and what has no
//! better text is written as Arrow displays it.

use std::io::{BufWriter, Write};

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, DurationNanosecondType, Float32Type, Float64Type, Int8Type, Int16Type,
    Int32Type, Int64Type, TimestampNanosecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef};
use arrow_schema::{DataType, TimeUnit};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Number, Value};

use crate::{QueryError, Table};

/// Writes a table as CSV. Lists and structures are JSON in their cell; nothing is an empty cell.
pub(super) fn csv(table: Table, target: impl Write) -> Result<(), QueryError> {
    let mut target = BufWriter::new(target);
    let schema = table.schema();
    let names = schema.fields().iter().map(|field| quoted(field.name()));
    line(&mut target, names)?;
    for batch in table {
        let batch = batch?;
        for row in 0..batch.num_rows() {
            let cells = batch.columns().iter().map(|column| cell(column, row));
            line(&mut target, cells)?;
        }
    }
    Ok(target.flush()?)
}

fn line(target: &mut impl Write, cells: impl Iterator<Item = String>) -> std::io::Result<()> {
    for (number, cell) in cells.enumerate() {
        let comma = if number == 0 { "" } else { "," };
        write!(target, "{comma}{cell}")?;
    }
    // RFC 4180 wants both.
    target.write_all(b"\r\n")
}

fn cell(column: &ArrayRef, row: usize) -> String {
    match value(column, row) {
        Value::Null => String::new(),
        Value::String(text) => quoted(&text),
        other => quoted(&other.to_string()),
    }
}

fn quoted(text: &str) -> String {
    if text.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

/// Writes a table as JSON objects, one per line. What is nothing is left out.
pub(super) fn json(table: Table, target: impl Write) -> Result<(), QueryError> {
    let mut target = BufWriter::new(target);
    let schema = table.schema();
    for batch in table {
        let batch = batch?;
        for row in 0..batch.num_rows() {
            let columns = schema.fields().iter().zip(batch.columns());
            let cells = columns.map(|(field, column)| (field.name().clone(), value(column, row)));
            let object: Map<String, Value> = cells.filter(|(_, cell)| !cell.is_null()).collect();
            writeln!(target, "{}", Value::Object(object))?;
        }
    }
    Ok(target.flush()?)
}

/// A cell as JSON.
fn value(array: &ArrayRef, row: usize) -> Value {
    if array.is_null(row) {
        return Value::Null;
    }
    match array.data_type() {
        DataType::Boolean => Value::Bool(array.as_boolean().value(row)),
        DataType::Int8 => integer::<Int8Type>(array, row),
        DataType::Int16 => integer::<Int16Type>(array, row),
        DataType::Int32 => integer::<Int32Type>(array, row),
        DataType::Int64 => integer::<Int64Type>(array, row),
        DataType::UInt8 => integer::<UInt8Type>(array, row),
        DataType::UInt16 => integer::<UInt16Type>(array, row),
        DataType::UInt32 => integer::<UInt32Type>(array, row),
        DataType::UInt64 => integer::<UInt64Type>(array, row),
        DataType::Duration(TimeUnit::Nanosecond) => integer::<DurationNanosecondType>(array, row),
        DataType::Timestamp(TimeUnit::Nanosecond, _) => {
            integer::<TimestampNanosecondType>(array, row)
        }
        DataType::Float32 => {
            // Through text, so that 0.1 stays 0.1.
            let value = array.as_primitive::<Float32Type>().value(row);
            float(value.to_string().parse().unwrap_or(f64::from(value)))
        }
        DataType::Float64 => float(array.as_primitive::<Float64Type>().value(row)),
        DataType::Utf8 => Value::String(array.as_string::<i32>().value(row).to_owned()),
        DataType::LargeUtf8 => Value::String(array.as_string::<i64>().value(row).to_owned()),
        DataType::Binary => blob(array.as_binary::<i32>().value(row)),
        DataType::LargeBinary => blob(array.as_binary::<i64>().value(row)),
        DataType::List(item) => {
            let values = array.as_list::<i32>().value(row);
            match item.data_type() {
                DataType::UInt8 => blob(values.as_primitive::<UInt8Type>().values()),
                _ => list(&values),
            }
        }
        DataType::FixedSizeList(..) => list(&array.as_fixed_size_list().value(row)),
        DataType::Struct(fields) => {
            let columns = fields.iter().zip(array.as_struct().columns());
            let cells = columns.map(|(field, column)| (field.name().clone(), value(column, row)));
            Value::Object(cells.collect())
        }
        other => Value::String(format!("({other})")),
    }
}

fn list(values: &ArrayRef) -> Value {
    Value::Array((0..values.len()).map(|at| value(values, at)).collect())
}

fn blob(bytes: &[u8]) -> Value {
    Value::String(STANDARD.encode(bytes))
}

fn integer<T: ArrowPrimitiveType>(array: &ArrayRef, row: usize) -> Value
where
    T::Native: Into<Number>,
{
    Value::Number(array.as_primitive::<T>().value(row).into())
}

/// JSON has no infinities and nothing that is no number: those are text.
fn float(value: f64) -> Value {
    Number::from_f64(value).map_or_else(|| Value::String(value.to_string()), Value::Number)
}
