//! Values with the names of their components, made from Python's objects.

use std::sync::Arc;

use bytes::Bytes;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use reelscope_sdk::ComponentValue;

/// Names of kinds as the Python half has them, and how they are called where something else was given.
const KINDS: &[(&str, Kind, &str)] = &[
    ("bool", Kind::Bool, "True or False"),
    ("u32", Kind::U32, "a whole number from 0 to 4294967295"),
    ("i64", Kind::I64, "a whole number of 64 bits"),
    ("f32", Kind::F32, "a number"),
    ("f64", Kind::F64, "a number"),
    ("text", Kind::Text, "a str"),
    ("blob", Kind::Blob, "bytes"),
    ("bools", Kind::Bools, "a list of True or False"),
    ("i64s", Kind::I64s, "a list of whole numbers of 64 bits"),
    ("f64s", Kind::F64s, "a list of numbers"),
    ("texts", Kind::Texts, "a list of str"),
];

/// What a component's value is.
#[derive(Clone, Copy)]
enum Kind {
    Bool,
    U32,
    I64,
    F32,
    F64,
    Text,
    Blob,
    Bools,
    I64s,
    F64s,
    Texts,
}

/// A kind with its words.
struct Expected {
    kind: Kind,
    words: &'static str,
}

impl Expected {
    fn named(name: &str) -> PyResult<Self> {
        let known = KINDS.iter().find(|(known, ..)| *known == name);
        known
            .map(|&(_, kind, words)| Self { kind, words })
            .ok_or_else(|| PyValueError::new_err(format!("there is no kind {name}")))
    }

    /// The value of the component `name`.
    fn value(&self, name: &str, value: &Bound<'_, PyAny>) -> PyResult<ComponentValue> {
        self.extracted(value).map_err(|_| {
            let (given, words) = (value.get_type(), self.words);
            let given = given.name().map(|given| given.to_string());
            let given = given.unwrap_or_default();
            PyTypeError::new_err(format!("{name} has to be {words}, not {given}"))
        })
    }

    fn extracted(&self, value: &Bound<'_, PyAny>) -> PyResult<ComponentValue> {
        Ok(match self.kind {
            Kind::Bool => ComponentValue::Bool(value.extract()?),
            Kind::U32 => ComponentValue::U32(value.extract()?),
            Kind::I64 => ComponentValue::I64(value.extract()?),
            Kind::F32 => ComponentValue::F32(value.extract()?),
            Kind::F64 => ComponentValue::F64(value.extract()?),
            Kind::Text => ComponentValue::Text(value.extract::<String>()?.into()),
            Kind::Blob => ComponentValue::Blob(shared(value.extract()?)),
            Kind::Bools => ComponentValue::Bools(value.extract::<Vec<bool>>()?.into()),
            Kind::I64s => ComponentValue::I64s(value.extract::<Vec<i64>>()?.into()),
            Kind::F64s => ComponentValue::F64s(value.extract::<Vec<f64>>()?.into()),
            Kind::Texts => {
                let texts = value.extract::<Vec<String>>()?.into_iter();
                ComponentValue::Texts(texts.map(Arc::from).collect())
            }
        })
    }
}

/// The memory of a `bytes` object, kept for as long as it is needed; it never changes.
pub(crate) fn shared(bytes: PyBackedBytes) -> Bytes {
    Bytes::from_owner(bytes)
}

/// A value for a person who looks at it in an interpreter.
fn shown(value: &ComponentValue) -> String {
    match value {
        ComponentValue::Bool(value) => format!("{value}"),
        ComponentValue::U32(value) => format!("{value}"),
        ComponentValue::I64(value) => format!("{value}"),
        ComponentValue::F32(value) => format!("{value}"),
        ComponentValue::F64(value) => format!("{value}"),
        ComponentValue::Text(text) => format!("{text:?}"),
        ComponentValue::Blob(bytes) => format!("<{} bytes>", bytes.len()),
        ComponentValue::ImageFormat(format) => format!("<{} × {}>", format.width, format.height),
        ComponentValue::Bools(values) => format!("{values:?}"),
        ComponentValue::I64s(values) => format!("{values:?}"),
        ComponentValue::F64s(values) => format!("{values:?}"),
        ComponentValue::Texts(texts) => format!("{texts:?}"),
    }
}

/// One value with the name of its component.
#[pyclass(frozen, module = "reelscope._native")]
pub(crate) struct Component(reelscope_sdk::Component);

impl Component {
    /// Those of an archetype of the SDK.
    pub(crate) fn all_of(archetype: &impl reelscope_sdk::AsComponents) -> Vec<Self> {
        archetype.components().into_iter().map(Self).collect()
    }

    pub(crate) fn to_sdk(&self) -> reelscope_sdk::Component {
        self.0.clone()
    }
}

#[pymethods]
impl Component {
    #[new]
    fn new(name: &str, kind: &str, value: &Bound<'_, PyAny>) -> PyResult<Self> {
        let value = Expected::named(kind)?.value(name, value)?;
        Ok(Self(reelscope_sdk::Component::new(name, value)))
    }

    /// The name.
    #[getter]
    fn name(&self) -> &str {
        &self.0.name
    }

    fn __repr__(&self) -> String {
        format!("{}={}", self.0.name, shown(&self.0.value))
    }
}

/// The values of one component in many rows.
#[pyclass(frozen, module = "reelscope._native")]
pub(crate) struct ComponentColumn(reelscope_sdk::ComponentColumn);

impl ComponentColumn {
    pub(crate) fn to_sdk(&self) -> reelscope_sdk::ComponentColumn {
        self.0.clone()
    }
}

#[pymethods]
impl ComponentColumn {
    #[new]
    fn new(name: &str, kind: &str, values: &Bound<'_, PyAny>) -> PyResult<Self> {
        let expected = Expected::named(kind)?;
        let values = values
            .try_iter()?
            .map(|value| expected.value(name, &value?));
        let values: Vec<ComponentValue> = values.collect::<PyResult<_>>()?;
        Ok(Self(reelscope_sdk::ComponentColumn::new(name, values)))
    }

    /// The name.
    #[getter]
    fn name(&self) -> &str {
        &self.0.name
    }

    fn __len__(&self) -> usize {
        self.0.values.len()
    }

    fn __repr__(&self) -> String {
        format!("<{}: {} rows>", self.0.name, self.0.values.len())
    }
}
